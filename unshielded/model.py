"""What the model is: its mechanisms, its numbers, its preparations, and a digest of all of it.

The one place that lists them; everything else asks here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path

from unshielded import calcium, circuit, degeneration
from unshielded.circuit.pathways import PATHWAYS, Pathway
from unshielded.circuit.populations import POPULATIONS, Population
from unshielded.circuit.surroundings.doses import DOSES
from unshielded.mechanism import Q10, Mechanism, MechanismError, Parameter, Recorded
from unshielded.mechanism.model import Model, add_up, join
from unshielded.preparations import DEFAULT, PREPARATIONS, Preparation

#: On the clocks of the engine, outside the cell and inside it.
OUTSIDE: tuple[Mechanism, ...] = (*circuit.NEURON, *circuit.SURROUNDINGS, *circuit.BATH)
INSIDE: tuple[Mechanism, ...] = (*calcium.CELL, *calcium.BATH)

#: Over days to decades, of cells and of the tissue.
SLOW: tuple[Mechanism, ...] = (*degeneration.CELL, *degeneration.TISSUE)

MECHANISMS: tuple[Mechanism, ...] = (*OUTSIDE, *INSIDE, *SLOW)

PARAMETERS: dict[str, Parameter] = {p.name: p for m in MECHANISMS for p in m.parameters} | DOSES

#: Names that parameters had in earlier versions → their names now.
FORMER_NAMES: dict[str, str] = {
    "body_share": "body_fraction",
    "chaperone_price": "chaperone_atp_cost",
    "ciclosporin_gain": "cyclosporin_gain",
    "ciclosporin_inhibition": "cyclosporin_inhibition",
    "ciclosporin_per_dose": "cyclosporin_per_dose",
    "clean_up": "protein_clearance",
    "clean_up_ageing_time": "protein_clearance_ageing_time",
    "clean_up_choking": "protein_clearance_choking",
    "clean_up_constant": "protein_clearance_constant",
    "clean_up_price": "protein_clearance_atp_cost",
    "distal_release_share": "distal_release_fraction",
    "granule_price": "granule_atp_cost",
    "mitochondrial_price": "mitochondrial_atp_cost",
    "pmca_share": "pmca_fraction",
    "ros_potential_share": "ros_potential_fraction",
    "sprout_price": "sprout_atp_cost",
    "synaptic_sodium_share": "synaptic_sodium_fraction",
    "tdp43_clean_up_loss": "tdp43_protein_clearance_loss",
    "terminal_share": "terminal_fraction",
}

#: Parameters of earlier versions that are gone → what does their work now, in other units.
REMOVED_NAMES: dict[str, str] = {
    "ketone_half_effect": "hydroxybutyrate_constant",
    "ketone_maximum_fraction": "fuel_half_saturation",
    "ketone_maximum_share": "fuel_half_saturation",
    "necrosis_atp": "necrosis_gradient_loss",
}

#: What parts of the model say about themselves, which decides no result.
_SAID: dict[type, frozenset[str]] = {
    Parameter: frozenset({"meaning", "kind", "source", "preparation", "rationale", "low", "high"}),
    Q10: frozenset({"kind", "source", "rationale"}),
    Recorded: frozenset({"meaning"}),
    Pathway: frozenset({"kind", "reference", "rationale"}),
    Population: frozenset({"description"}),
    Preparation: frozenset({"description", "compartment", "age"}),
}

#: Sources whose text decides what program is made of the mechanisms.
PROGRAM_CODE = ("engine/*.h", "engine/*.py", "mechanism/**/*.py", "model.py")

#: Sources whose text decides a result, besides mechanisms, numbers and wiring.
RESULT_CODE = (
    *PROGRAM_CODE,
    "assemble/*.py",
    "circuit/stimulation.py",
    "multiscale/*.py",
    "numerics/*.py",
)


def default(name: str, preparation: str, population: str | None = None) -> Parameter:
    """Return the number that a parameter has in a preparation if a config does not give one.

    The preparation's own number comes before the population's, and this before the mechanism's. Told at the
    preparation's temperature, in SI, it is ``default(…).at(PREPARATIONS[preparation].temperature)``.
    """
    of_all = PARAMETERS[name]
    own = PREPARATIONS[preparation].numbers.get(name)
    if own is None and population is not None:
        own = POPULATIONS[population].parameters.get(name)
    return of_all if own is None else own.like(of_all)


def without_q10(mechanisms: Iterable[Mechanism], celsius: float) -> dict[str, list[str]]:
    """Return mechanisms that cannot be told at a temperature in °C → their numbers without a Q10."""
    missing = {m.name: [p.name for p in m.parameters if p.needs_q10(celsius)] for m in mechanisms}
    return {name: numbers for name, numbers in missing.items() if numbers}


@dataclass(frozen=True)
class EngineModels:
    """The joined mechanisms of the engine: one model for each group and clock.

    Attributes
    ----------
    neuron
        Membrane and synapses, on the fast clock.
    surroundings, bath
        What is around each neuron, and around all of them, on the slow clock.
    cell, drugs
        What is inside each neuron, and one for all of them, on the slow clock.
    """

    neuron: Model
    surroundings: Model
    bath: Model
    cell: Model
    drugs: Model

    def __iter__(self) -> Iterator[Model]:
        """Iterate over the models."""
        yield from (self.neuron, self.surroundings, self.bath, self.cell, self.drugs)


@cache
def engine_models() -> EngineModels:
    """Return the models of the engine, names and dimensions checked.

    Raises
    ------
    MechanismError
        If mechanisms do not fit together, or an agent has no concentration that can be set.
    """
    models = EngineModels(
        neuron=join(circuit.NEURON, circuit.BALANCES, circuit.NEURON_GIVEN),
        surroundings=join(circuit.SURROUNDINGS, {}, circuit.SURROUNDINGS_GIVEN),
        bath=join(circuit.BATH, {}),
        cell=join(
            calcium.CELL, calcium.BALANCES, {**calcium.GIVEN, **calcium.BATH_GIVEN}, gate="alive"
        ),
        drugs=join(calcium.BATH, {}),
    )
    kept = frozenset[str]().union(*(model.variables for model in models))
    for name in (*circuit.RECORDED, *calcium.RECORDED):
        if name not in kept | set(calcium.GIVEN):
            raise MechanismError(
                f"{name!r} is recorded, but is a named line; the engine keeps states and variables "
                "that statements set: set one in after_step"
            )
    for model, agents in ((models.bath, circuit.AGENTS), (models.drugs, calcium.AGENTS)):
        for name, stem in agents.items():
            missing = {f"{stem}_applied", f"{stem}_bath"} - set(model.dimensions)
            if missing:
                raise MechanismError(f"the agent {name!r} has no variable {sorted(missing)[0]!r}")
    return models


@cache
def slow_models() -> tuple[Model, Model]:
    """Return the slow models of a cell and of the tissue, names and dimensions checked.

    Raises
    ------
    MechanismError
        If mechanisms do not fit together.
    """
    given = {**degeneration.LOADS, **degeneration.POOL}
    return (
        join(degeneration.CELL, degeneration.BALANCES, given),
        join(degeneration.TISSUE, {}, degeneration.TISSUE_LOADS),
    )


@cache
def cell_models() -> tuple[Model, Model]:
    """Return the models of one neuron, outside and inside the cell, whatever their clocks."""
    return add_up(OUTSIDE, circuit.BALANCES), add_up(INSIDE, calcium.BALANCES)


@cache
def digest() -> str:
    """Sixteen hexadecimal digits of all that decides a result but the config: the model's version.

    Equations, numbers and wiring; and the text of the code that draws from them, makes pulses of
    intensities, and steps. Evidence, meanings and the limits of configs decide no result.
    """
    parts = (MECHANISMS, POPULATIONS, PATHWAYS, DOSES, PREPARATIONS)
    model = [*map(_decides, parts), texts(RESULT_CODE)]
    return hashlib.sha256(json.dumps(model).encode()).hexdigest()[:16]


def _decides(value: object) -> object:
    """Return what of a part of the model decides results, as JSON takes it."""
    if is_dataclass(value) and not isinstance(value, type):
        said = _SAID.get(type(value), frozenset[str]())
        own = (f.name for f in fields(value) if f.name not in said)
        return {name: _decides(getattr(value, name)) for name in own}
    if isinstance(value, Mapping):
        return {str(name): _decides(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_decides(each) for each in value]
    return repr(value)


def texts(patterns: Iterable[str], package: Path = Path(__file__).parent) -> dict[str, str]:
    """Return the sources of a package that match some patterns: path in the package → text."""
    paths = sorted({path for pattern in patterns for path in package.glob(pattern)})
    return {str(path.relative_to(package)): path.read_text(encoding="utf-8") for path in paths}


def sources(
    populations: set[str], *, slow: bool, doses: bool, preparation: str = DEFAULT
) -> list[str]:
    """Return the bib keys behind the numbers of some populations in a preparation, sorted.

    Parameters
    ----------
    populations
        Names; those that the model does not know add nothing.
    slow, doses
        Whether the slow mechanisms, and the doses of therapies, are used.
    """
    mechanisms = MECHANISMS if slow else (*OUTSIDE, *INSIDE)
    celsius, own = PREPARATIONS[preparation].temperature, PREPARATIONS[preparation].numbers
    used = [p for m in mechanisms for p in m.parameters]
    used += own.values()
    used += DOSES.values() if doses else ()
    for name in populations & set(POPULATIONS):
        used += POPULATIONS[name].parameters.values()
    keys = {p.source for p in used} | {p.reference for p in PATHWAYS.values()}
    keys |= {p.q10.source for p in used if p.q10 is not None and p.temperature != celsius}
    return sorted(keys - {""})
