"""The numbers of the model: sourced, unique, within range, and of the dimension they replace."""

from __future__ import annotations

from collections import Counter

import pytest

from unshielded import bibliography, calcium, circuit
from unshielded.assemble.wiring import RECEPTORS
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import POPULATIONS
from unshielded.mechanism import Parameter, dimensionality
from unshielded.mechanism.dimension import dimension_of_unit
from unshielded.mechanism.units import si_exponents
from unshielded.model import engine_models, sources

MECHANISMS = (*circuit.NEURON, *circuit.SURROUNDINGS, *circuit.BATH, *calcium.CELL, *calcium.BATH)
PARAMETERS = {**circuit.PARAMETERS, **calcium.PARAMETERS}
OVERRIDES = [(p.name, q) for p in POPULATIONS.values() for q in p.parameters.values()]
EVERY = [*PARAMETERS.values(), *(q for _, q in OVERRIDES)]

overrides = pytest.mark.parametrize(
    ("population", "override"), OVERRIDES, ids=[f"{p}-{q.name}" for p, q in OVERRIDES]
)


def test_names_are_unique_over_circuit_and_calcium() -> None:
    names = Counter(p.name for m in MECHANISMS for p in m.parameters)
    assert [n for n, times in names.items() if times > 1] == []
    assert len(PARAMETERS) == len(names)
    assert Counter(m.name for m in MECHANISMS).most_common(1)[0][1] == 1


@pytest.mark.parametrize("parameter", EVERY, ids=lambda p: p.name)
def test_the_evidence_is_complete(parameter: Parameter) -> None:
    if parameter.source:
        assert parameter.source in bibliography.known()
    if parameter.kind == "measured":
        assert parameter.source
        assert len(parameter.preparation) > 5
    else:
        assert len(parameter.rationale) > 5
    assert dimensionality(parameter.unit)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=lambda p: p.name)
def test_a_default_has_a_meaning_and_a_range(parameter: Parameter) -> None:
    assert len(parameter.meaning) > 3
    assert parameter.low <= parameter.value <= parameter.high
    assert 0 <= parameter.spread <= 1
    if not parameter.name.startswith("command_"):  # times have no natural bounds
        assert parameter.low > float("-inf")
        assert parameter.high < float("inf")


def test_the_mechanisms_cite_only_what_resolves() -> None:
    cited = {key for m in MECHANISMS for key in m.citations} | set(
        sources(set(POPULATIONS), slow=True, doses=True)
    )
    assert cited <= bibliography.known()


@overrides
def test_an_override_replaces_a_number_of_single_cells(
    population: str, override: Parameter
) -> None:
    replaced = PARAMETERS[override.name]
    assert replaced.per_cell, f"{override.name} has one value for the whole model"
    assert si_exponents(override.unit) == si_exponents(replaced.unit)
    si = override.si / Parameter("x", 1.0, replaced.unit, "", "assumed", rationale="-").si
    assert replaced.low <= si <= replaced.high


def ends(population: str) -> tuple[dict[str, float], dict[str, float]]:
    """The numbers of the first and of the last neuron of a population."""
    this = POPULATIONS[population]
    first, last = (
        {n: p.si * this.gradients.get(n, (1.0, 1.0))[end] for n, p in this.parameters.items()}
        for end in (0, 1)
    )
    return first, last


def test_the_control_pool_differs_from_limb_motor_neurons_in_its_calcium_buffer_alone() -> None:
    smallest, largest = ends("motor_buffered")
    for theirs, control in ((ends("motor_s")[0], smallest), (ends("motor_ff")[1], largest)):
        different = {n for n in control if control[n] != pytest.approx(theirs[n], rel=1e-9)}
        assert different == {"buffer_capacity"}
        assert control["buffer_capacity"] > theirs["buffer_capacity"]


def test_the_oculomotor_pool_differs_in_what_was_found_to_differ() -> None:
    # Input and discharge, no plateaus, calcium of a spike, receptors, buffers, length of the axon, size of the units; each has a source or a
    # reason. Membrane and thresholds are those of the limb's pools.
    found = {
        *("background_rate", "command_rate", "afferent_weight"),
        *("calcium_channel_half_activation", "dendritic_depolarisation"),
        *("ahp_increment", "ahp_time_constant", "spike_inactivation"),
        "permeable_ampa_fraction",
        *("buffer_capacity", "calbindin_sites", "mitochondrial_fraction", "calcium_per_spike"),
        *("axonal_spike_charge", "vesicles_per_spike"),
    }
    smallest, largest = ends("oculomotor")
    for mine, theirs in ((ends("motor_s")[0], smallest), (ends("motor_ff")[1], largest)):
        mine, theirs = (
            {n: numbers.get(n, PARAMETERS[n].si) for n in mine.keys() | theirs.keys()}
            for numbers in (mine, theirs)
        )
        assert {n for n in mine if mine[n] != pytest.approx(theirs[n], rel=1e-9)} == found


@pytest.mark.parametrize(("smaller", "larger"), [("motor_s", "motor_fr"), ("motor_fr", "motor_ff")])
def test_the_motor_pools_are_ranges_of_one_continuum(smaller: str, larger: str) -> None:
    one, other = ends(smaller)[1], ends(larger)[0]
    assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("population", POPULATIONS)
def test_a_gradient_is_of_numbers_of_single_cells_and_stays_within_range(population: str) -> None:
    this = POPULATIONS[population]
    assert set(this.gradients) <= set(this.parameters)
    for values in ends(population):
        for name in this.gradients:
            assert PARAMETERS[name].per_cell
            inside = Parameter("x", 1.0, PARAMETERS[name].unit, "", "assumed", rationale="-").si
            assert PARAMETERS[name].low <= values[name] / inside <= PARAMETERS[name].high, name


def test_pathways_join_populations_that_exist() -> None:
    for name, pathway in PATHWAYS.items():
        assert name == pathway.name == f"{pathway.source}_to_{pathway.target}"
        assert {pathway.source, pathway.target} <= set(POPULATIONS)
        assert pathway.receptor in RECEPTORS
        assert 0 < pathway.in_degree <= POPULATIONS[pathway.source].size
        assert pathway.weight > 0
        assert 0 <= pathway.delay_spread <= pathway.delay
        assert pathway.rationale
        assert pathway.reference == "" or pathway.reference in bibliography.known()


def test_inhibition_comes_from_interneurons_alone() -> None:
    # Motor axon collaterals excite.
    glutamatergic = {"pyramidal", "v2a", "motor_s", "motor_fr", "motor_ff"}
    for pathway in PATHWAYS.values():
        assert pathway.receptor.startswith("glutamate") == (pathway.source in glutamatergic)


def test_what_is_recorded_exists() -> None:
    models = engine_models()
    assert not set(calcium.RECORDED) & set(circuit.RECORDED)
    defined = {k: v for model in models for k, v in model.dimensions.items()}
    for name, (unit, meaning) in {**calcium.RECORDED, **circuit.RECORDED}.items():
        assert defined[name] == dimension_of_unit(unit), name
        assert meaning


def test_the_ledger_names_every_source_and_use() -> None:
    ledger = {n for n in calcium.RECORDED if n.startswith(("atp_produced_", "atp_used_"))}
    items = [
        "resting",
        "action_potentials",
        "postsynaptic",
        "calcium",
        "release",
        "recycling",
        "housekeeping",
        "maintenance",
    ]
    assert {n for n in ledger if "_used_" in n} == {f"atp_used_{item}" for item in items}
    assert {n for n in ledger if "_produced_" in n} == {
        "atp_produced_oxidative",
        "atp_produced_glycolytic",
    }
