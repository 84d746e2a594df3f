"""The numbers of the model told in a preparation: what each becomes, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unshielded.mechanism import Parameter
    from unshielded.preparations import Preparation


def in_preparation(
    rows: Iterable[dict[str, Any]], preparation: Preparation
) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``params``, each with what its number becomes in a preparation.

    What a config gives is taken as it is, at the temperature of the preparation.

    Returns
    -------
    iterator of dict
        As it was, with ``told``: the number that it starts from with its temperature, how it scales,
        the Q10, the factor, the value in the preparation (None if it is not known) and the reason.
        Populations with a number of their own have one too.
    """
    from unshielded.model import PARAMETERS, default

    for row in rows:
        name = row["name"]
        populations = {
            population: {
                **own,
                "told": _given(own)
                if own["kind"] == "given"
                else _told(default(name, preparation.name, population), row["unit"], preparation),
            }
            for population, own in row["populations"].items()
        }
        told = (
            _given(row)
            if row["kind"] == "given"
            else _told(default(name, preparation.name), PARAMETERS[name].unit, preparation)
        )
        yield {**row, "populations": populations, "told": told}


def _given(own: dict[str, Any]) -> dict[str, Any]:
    """What a config gives."""
    return {
        "from": own["value"],
        "temperature": None,
        "scaling": "fixed",
        "q10": None,
        "factor": 1.0,
        "value": own["value"],
        "because": f"given: {own['origin']}",
    }


def _told(number: Parameter, unit: str, preparation: Preparation) -> dict[str, Any]:
    """What the model has."""
    from unshielded.mechanism.units import factor

    celsius = preparation.temperature
    known = not number.needs_q10(celsius)
    q10 = number.q10

    def shown(si: float) -> float:
        return float(f"{si / factor(unit):.12g}")

    return {
        "from": shown(number.si),
        "temperature": number.temperature if number.scaling != "fixed" else None,
        "scaling": number.scaling,
        "q10": None
        if q10 is None
        else {
            "value": q10.value,
            "kind": q10.kind,
            "source": q10.source,
            "rationale": q10.rationale,
        },
        "factor": number.factor(celsius) if known else None,
        "value": shown(number.at(celsius)) if known else None,
        "because": _reason(number, preparation),
    }


def _reason(number: Parameter, preparation: Preparation) -> str:
    if number.name in preparation.numbers:
        source = f", {number.source}" if number.source else ""
        note = number.preparation or number.rationale
        return f"number of {preparation.name}, {number.kind}{source}: {note}"
    if number.scaling == "fixed":
        return "does not scale with temperature"
    if number.scaling == "absolute":
        return "proportional to the absolute temperature"
    if number.q10 is None:
        return "its mechanism has no Q10"
    q10 = number.q10
    source = f", {q10.source}" if q10.source else ""
    way = "rate" if number.scaling == "rate" else "time"
    return f"{way}, Q10 {q10.value:g} ({q10.kind}{source}): {q10.rationale}"
