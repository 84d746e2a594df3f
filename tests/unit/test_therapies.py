"""Therapies: what a config may say of them, and what they do at a time, against closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.physics.engine import tiny
from unshielded import bibliography, circuit
from unshielded.assemble import Event, assemble
from unshielded.assemble.lesion import NEVER, restored_from, silenced_from
from unshielded.assemble.therapies import PLACES, Effects, effects, knockdown
from unshielded.circuit.populations import INTERNEURONS
from unshielded.circuit.surroundings.doses import DOSES, PER_DOSE
from unshielded.config import ConfigError, Experiment, dump, load
from unshielded.config.sections.therapies import Aso, Therapy

HEAD = "name: a\nduration: 10 s\ntherapies:\n"
LIFE = "name: a\nduration: 60 years\nsolver: {kind: multiscale, start_age: 20 years}\ntherapies:\n"
DAY, YEAR = 86400.0, 365.25 * 86400.0

Read = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def call(*entries: str, head: str = HEAD, overrides: tuple[str, ...] = ()) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(head + "".join(f"  - {e}\n" for e in entries), encoding="utf-8")
        return load(path, overrides)

    return call


def si(name: str) -> float:
    return circuit.PARAMETERS[name].si


# --- the section


def test_an_entry_is_one_therapy_with_its_settings(read: Read) -> None:
    (therapy,) = read("cyclosporin A: {concentration: 1 uM, from: 2 s}").config.therapies
    assert therapy.name == "cyclosporin A"
    assert therapy.course.from_ == 2.0
    assert therapy.course.concentration == pytest.approx(1e-3)  # type: ignore[attr-defined]


def test_every_drug_has_a_proportionality_and_an_agent_or_a_course() -> None:
    drugs = {
        field.alias or name
        for name, field in Therapy.model_fields.items()
        if "Drug" in str(field.annotation)
    }
    assert drugs == set(PER_DOSE)
    assert drugs <= set(PLACES)
    assert all(parameter.source in {"", *bibliography.known()} for parameter in DOSES.values())


def test_what_is_dumped_is_the_same_experiment(read: Read, tmp_path: Path) -> None:
    experiment = read(
        "riluzole: {dose: 100 mg/day, from: 1 s, until: 5 s}",
        "interneuron transplantation: {fraction: 0.5, maturation: 1 s}",
        "aso: {target: mcu_maximum_rate, knockdown: 0.6, pretreatment: 1 year}",
    )
    again = tmp_path / "again.yaml"
    again.write_text(dump(experiment))
    assert load(again).identity == experiment.identity
    less = read("riluzole: {dose: 50 mg/day, from: 1 s, until: 5 s}")
    assert less.identity != experiment.identity


def test_an_override_and_a_sweep_vary_an_entry(read: Read) -> None:
    one = "riluzole: {dose: 100 mg/day}"
    assert read(one, overrides=("therapies.0.riluzole.dose=0 mg/day",)).config.therapies[0]
    head = "name: a\nduration: 10 s\nsweep: {grid: {therapies.0.riluzole.dose: [0 mg/day, 1 g/day]}}\ntherapies:\n"
    doses = [e.config.therapies[0].riluzole for _, _, e in read(one, head=head).points()]
    assert [d.dose for d in doses if d] == pytest.approx([0.0, 1e-3 / DAY])


@pytest.mark.parametrize(
    ("entries", "place", "what"),
    [
        (("rilusole: {dose: 1 mg/day}",), ":4:5:", "did you mean 'riluzole'"),
        (("riluzole: {}",), ":4:15:", "neither a dose nor a concentration"),
        (("riluzole: {dose: 1 mg/day, concentration: 1 uM}",), ":4:15:", "both a dose"),
        (("riluzole: {dose: 1 mg}",), ":4:22:", "a unit like 'mg/day'"),
        (("riluzole: {dose: 1 mg/day, from: 10 s}",), ":4:38:", "not before the end of the run"),
        (("riluzole: {dose: 1 mg/day, from: 2 s, until: 1 s}",), ":4:50:", "not after 'from', 2 s"),
        (("riluzole: {dose: 1 mg/day, after: {lost: 0.1}}",), ":4:39:", "in a lifespan only"),
        (("aso: {target: toxic_gain, knockdown: 0.5}",), ":4:19:", "which only a solver has"),
        (("aso: {target: threshold_at_rest, knockdown: 0.5}",), ":4:19:", "toxic_gain"),
        (
            ("hypercaloric nutrition: {factor: 1.2, from: 1 s}",),
            ":4:49:",
            "set once in a full spiking simulation",
        ),
        (("olesoxime: {concentration: 1 uM}",) * 2, ":5:16:", "as by therapies.0"),
        (
            ("ceftriaxone: {dose: 4 g/day, from: 1 s, pretreatment: 9 days}",),
            ":4:59:",
            "no meaning",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    entries: tuple[str, ...], place: str, what: str, read: Read
) -> None:
    with pytest.raises(ConfigError) as found:
        read(*entries)
    assert place in str(found.value)
    assert what in str(found.value)


def test_a_drug_is_not_in_the_bath_as_well(read: Read) -> None:
    head = "name: a\nduration: 10 s\nbath: [{agent: riluzole, concentration: 1 uM}]\ntherapies:\n"
    with pytest.raises(ConfigError, match=r"a.yaml:5:15: .* in the bath, too: bath.0"):
        read("riluzole: {dose: 1 mg/day}", head=head)


# --- effects


def test_a_dose_is_a_concentration_and_acts_while_it_is_given(read: Read) -> None:
    config = read("riluzole: {dose: 100 mg/day, from: 1 s, until: 5 s}").config
    expected = 100 * PER_DOSE["riluzole"].value * 1e-3  # µM per mg a day → mM
    assert effects(config, 0.5) == Effects()
    assert effects(config, 5.0) == Effects()
    applied = effects(config, 1.0).applied
    assert applied == {("neurons", "riluzole"): pytest.approx(expected, rel=1e-12)}
    assert effects(config, 4.9).applied == applied


def test_a_proportionality_is_a_parameter_of_the_config(read: Read) -> None:
    one = "riluzole: {dose: 100 mg/day}"
    half = read(one, overrides=("parameters.riluzole_per_dose=0.007 uM*day/mg",)).config
    (level,) = effects(half, 0.0).applied.values()
    assert level == pytest.approx(0.7e-3)


def test_what_waits_begins_when_it_has_come(read: Read) -> None:
    config = read("riluzole: {concentration: 1 uM, after: {lost: 0.1}}", head=LIFE).config
    assert effects(config, 50 * YEAR) == Effects()
    assert effects(config, 50 * YEAR, {0: 51 * YEAR}) == Effects()
    assert effects(config, 51 * YEAR, {0: 51 * YEAR}).applied


def test_ceftriaxone_induces_over_days_up_to_a_maximum_and_declines(read: Read) -> None:
    tau, most = si("eaat2_induction_time"), si("eaat2_expression_maximum")
    half = circuit.PARAMETERS["ceftriaxone_half_effect"].value
    start, stop = 50 * YEAR, 51 * YEAR
    text = "ceftriaxone: {{concentration: {} uM, from: 50 years, until: 51 years}}"
    config = read(text.format(half), head=LIFE).config

    def factor(time: float) -> float:
        return effects(config, time).factors["eaat2"]

    assert "eaat2" not in effects(config, start - 1).factors
    assert factor(start) == 1.0
    for days in (1.0, 3.0, 9.0):
        expected = 1 + (most - 1) / 2 * (1 - math.exp(-days * DAY / tau))
        assert factor(start + days * DAY) == pytest.approx(expected, rel=1e-12)
    steady = 1 + (most - 1) / 2
    assert factor(stop) == pytest.approx(steady, rel=1e-12)
    assert factor(stop + tau) == pytest.approx(1 + (steady - 1) / math.e, rel=1e-12)
    much = read(text.format(1e5), head=LIFE).config
    assert effects(much, 50.9 * YEAR).factors["eaat2"] < most


def test_nutrition_acts_on_the_body_with_a_solver_and_on_the_cell_without(read: Read) -> None:
    one = "hypercaloric nutrition: {factor: 1.3}"
    assert effects(read(one).config, 0.0).factors == {"substrate_supply": 1.3}
    assert effects(read(one, head=LIFE).config, 30 * YEAR).factors == {"energy_intake": 1.3}


def test_a_graft_matures(read: Read) -> None:
    text = "interneuron transplantation: {fraction: 0.4, from: 50 years, maturation: 30 days}"
    config = read(text, head=LIFE).config
    for days, share in ((0.0, 0.0), (15.0, 0.2), (30.0, 0.4), (300.0, 0.4)):
        restored = effects(config, 50 * YEAR + days * DAY).restored
        assert restored == pytest.approx(dict.fromkeys(INTERNEURONS, share))


def aso(**changes: float) -> Aso:
    settings = {"knockdown": 0.6, "interval": 28 * DAY, "half_life": 90 * DAY, **changes}
    return Aso.model_construct(target="toxic_gain", pretreatment=0.0, **settings)


def amount(drug: Aso, given: float, since: float = 0.0) -> float:
    """The drug in the tissue over its steady mean, out of the knock-down."""
    taken = knockdown(drug, given, since)
    return taken / (1 - taken) * (1 - drug.knockdown) / drug.knockdown


@pytest.mark.parametrize("days", [0.0, 10.0, 28.0, 100.0, 2000.0])
def test_an_oligonucleotide_is_the_sum_of_its_doses(days: float) -> None:
    drug, rate = aso(), math.log(2) / 90
    doses = np.arange(0, days + 1e-9, 28.0)
    expected = rate * 28.0 * np.exp(-rate * (days - doses)).sum()
    assert amount(drug, days * DAY) == pytest.approx(expected, rel=1e-9)
    if days not in (0.0, 28.0):
        later = amount(drug, days * DAY, 45 * DAY)
        assert later == pytest.approx(expected / math.sqrt(2), rel=1e-9)


def test_in_the_steady_state_the_mean_knocks_down_as_much_as_said() -> None:
    drug = aso()
    times = (200 + (np.arange(4000) + 0.5) / 4000) * drug.interval  # the midpoints of one interval
    # The midpoint rule on a smooth interval: 1/(24·4000²) of its bend.
    assert np.mean([amount(drug, t) for t in times]) == pytest.approx(1.0, rel=1e-8)
    often = aso(interval=0.01 * DAY)
    assert knockdown(often, 2000 * DAY) == pytest.approx(0.6, rel=1e-4)  # hardly falls in between


def test_a_dose_at_the_end_is_none() -> None:
    drug = aso()
    assert knockdown(drug, 28 * DAY, 1.0) < knockdown(drug, 28 * DAY)
    assert knockdown(drug, 28 * DAY, 1.0) == pytest.approx(knockdown(drug, 28 * DAY - 1), rel=1e-5)


# --- in a full spiking simulation


def test_drugs_are_scheduled_and_what_holds_all_along_is_a_parameter(read: Read) -> None:
    config = read(
        "riluzole: {concentration: 2 uM, from: 1 s, until: 5 s}",
        "edaravone: {concentration: 1 uM}",
        "aso: {target: pore_opening_rate, knockdown: 0.6, pretreatment: 20 years}",
        "hypercaloric nutrition: {factor: 1.2}",
        "ceftriaxone: {concentration: 3.5 uM, pretreatment: 1 year}",
    ).config
    plain = read(head="name: a\nduration: 10 s\n").config
    treated, healthy = assemble(config, 1), assemble(plain, 1)
    assert treated.schedule == (
        Event(0, "cells", "edaravone_applied", 1e-3),
        Event(0, "neurons", "ceftriaxone_applied", 3.5e-3),
        Event(8192, "neurons", "riluzole_applied", 2e-3),
        Event(5 * 8192, "neurons", "riluzole_applied", 0.0),
    )
    ratio = {n: np.asarray(treated.cells[n]) / np.asarray(healthy.cells[n])
             for n in ("pore_opening_rate", "substrate_supply")}  # fmt: skip
    np.testing.assert_allclose(ratio["substrate_supply"], 1.2)
    np.testing.assert_allclose(ratio["pore_opening_rate"], 0.4, atol=0.05)  # between two doses
    most = si("eaat2_expression_maximum") - 1
    assert treated.neurons["eaat2_induction"] == pytest.approx(most / 2)
    assert healthy.neurons["eaat2_induction"] == 0.0


def test_with_a_solver_a_plain_schedule_has_no_therapies(read: Read) -> None:
    entries = ("riluzole: {concentration: 2 uM}", "hypercaloric nutrition: {factor: 1.2}",
               "interneuron transplantation: {fraction: 1}")  # fmt: skip
    assembly = assemble(read(*entries, head=LIFE).config, 1)
    assert assembly.schedule == ()
    assert np.asarray(assembly.cells["substrate_supply"]).max() == 1.0
    assert np.asarray(assembly.neurons["restored_from"]).min() == NEVER


def test_the_first_to_go_are_the_first_to_be_replaced() -> None:
    gone = silenced_from(40, 0.5, 0.0, 10.0, 1, "pv")
    half = restored_from(gone, 0.5, 20.0, 5.0, 1, "pv")
    most = restored_from(gone, 0.8, 20.0, 5.0, 1, "pv")
    assert (half < NEVER).sum() == 10
    assert set(np.flatnonzero(half < NEVER)) < set(np.flatnonzero(most < NEVER))
    assert (gone[half < NEVER] < NEVER).all()
    assert gone[half < NEVER].max() < gone[(gone < NEVER) & (half == NEVER)].min()
    np.testing.assert_allclose(np.sort(half)[:10], 20 + 0.5 * np.arange(1, 11))


def test_a_graft_replaces_interneurons_alone() -> None:
    graft = "therapies=[{interneuron transplantation: {fraction: 1, maturation: 0 s, from: 1 s}}]"
    assembly = tiny(("circuit.interneuron_loss=1", "circuit.loss.motor_fr=0.5", graft))
    restored = np.asarray(assembly.neurons["restored_from"])
    for part in assembly.layout.slices:
        expected = 1.0 if part.name in INTERNEURONS else NEVER
        assert (restored[part.start : part.stop] == expected).all(), part.name
