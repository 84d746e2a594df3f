"""A culture: isolated cells in place of the circuit, resolved into populations without synapses.

A culture, like the scale of the circuit, is a choice of other defaults. What a config says against
it is reported where it says so; what it says in agreement (a complete dump does) is accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from unshielded.config.findings import Finding, wrong
from unshielded.config.sections.circuit import Circuit
from unshielded.config.sections.drive import Drive

#: Parameters that are zero in a culture: nobody is there to release anything.
UNDRIVEN: Final = ("background_rate", "command_rate")


def settled(circuit: Circuit, culture: Mapping[str, int] | None) -> Circuit:
    """Return the circuit with the defaults that its scale, or the culture, makes."""

    def population(name: str) -> dict[str, object]:
        if culture is not None:
            return {"size": culture.get(name, 0), "carries_calcium": name in culture}
        return {"size": round(circuit.populations[name].size * circuit.scale)}

    def pathway() -> dict[str, object]:
        return {} if culture is None else {"in_degree": 0}

    populations = {
        name: chosen.model_copy(update=_not_given(population(name), chosen.model_fields_set))
        for name, chosen in circuit.populations.items()
    }
    pathways = {
        name: chosen.model_copy(update=_not_given(pathway(), chosen.model_fields_set))
        for name, chosen in circuit.pathways.items()
    }
    return circuit.model_copy(update={"populations": populations, "pathways": pathways})


def _not_given(defaults: dict[str, object], given: set[str]) -> dict[str, object]:
    return {name: value for name, value in defaults.items() if name not in given}


def check(
    culture: Mapping[str, int],
    circuit: Circuit,
    drive: Drive,
    parameters: Mapping[str, float],
    *,
    pulses: bool,
) -> Iterator[Finding]:
    """Yield every setting that contradicts the culture."""
    if not any(culture.values()):
        yield wrong("culture", "there is no cell in the culture", "a number above 0")
    for name, chosen in circuit.populations.items():
        here, size = f"circuit.populations.{name}", culture.get(name, 0)
        if chosen.size != size:
            what = f"{chosen.size} neurons contradict the culture of {size}"
            hint = f"remove it and give the number as 'culture.{name}'"
            yield wrong(f"{here}.size", what, str(size), hint, ("culture",))
        if chosen.carries_calcium != (name in culture):
            wanted = "true" if name in culture else "false"
            found = str(chosen.carries_calcium).lower()
            yield _against(f"{here}.carries_calcium", f"{found} contradicts", wanted)
        yield from _driven(f"{here}.parameters", chosen.parameters)
    yield from _driven("parameters", parameters)
    for name, pathway in circuit.pathways.items():
        if pathway.in_degree:
            where = f"circuit.pathways.{name}.in_degree"
            yield _against(
                where, f"{pathway.in_degree} synapses contradict", "0", ", which has none"
            )
    losses = {f"circuit.loss.{name}.loss": (name, loss) for name, loss in circuit.loss.items()}
    losses["circuit.interneuron_loss.loss"] = ("interneurons", circuit.interneuron_loss)
    for where, (name, loss) in losses.items():
        if loss.loss:
            yield _against(where, f"a loss of {name} contradicts", "0", ", which loses none")
    if pulses:
        yield _against(
            "stimulation", "magnetic pulses contradict", "[]", ", which has no afferents"
        )
    if drive.command != "rest":
        found, why = f"'{drive.command}' contradicts", ", which has no motor command"
        yield _against("drive.command", found, "rest", why)


def _driven(where: str, parameters: Mapping[str, float]) -> Iterator[Finding]:
    for name in UNDRIVEN:
        if parameters.get(name):
            yield _against(f"{where}.{name}", f"{name} contradicts", "0 Hz")


def _against(where: str, found: str, expected: str, why: str = "") -> Finding:
    """Return what contradicts the culture; `found` ends with the verb."""
    hint = "remove it, or remove 'culture' to simulate the circuit"
    return wrong(where, f"{found} the culture{why}", expected, hint, ("culture",))
