"""Every number of the model, as a config has it, and in a preparation."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from unshielded import calcium, circuit, degeneration
from unshielded.api.experiments import Loadable, load
from unshielded.api.params_in_preparation import in_preparation
from unshielded.assemble.assembly import conditions
from unshielded.circuit.populations import POPULATIONS
from unshielded.circuit.surroundings.doses import DOSES
from unshielded.mechanism.units import factor
from unshielded.preparations import DEFAULT, PREPARATIONS, Preparation
from unshielded.uncertainty import uncertainty

if TYPE_CHECKING:
    import pandas as pd

    from unshielded.config import Experiment
    from unshielded.mechanism import Parameter

#: What is said of a value.
_NOTES = ("kind", "source", "preparation", "rationale")
#: Standard deviations on both sides that hold 90 %.
_Z90 = 1.645


def params(experiment: Loadable | None = None, preparation: str | None = None) -> pd.DataFrame:
    """Return every number of the model: value, unit, meaning, evidence and source.

    Parameters
    ----------
    experiment
        Whose values; the model's own if not given.
    preparation
        Tell what each number becomes in this preparation (columns ``told_…``). An experiment has one
        of its own.

    Returns
    -------
    pandas.DataFrame
        A row per number, by name; where populations differ, a row for each of them below.

    Raises
    ------
    ConfigError
        If the config is wrong.
    ValueError
        If there is no such preparation, or both an experiment and a preparation are given.
    """
    from unshielded.api.tables import frame

    if experiment is not None and preparation is not None:
        raise ValueError(
            f"preparation={preparation!r} goes with no experiment: that has one of its own; set "
            "'preparation' in it"
        )
    if preparation is not None and preparation not in PREPARATIONS:
        raise ValueError(
            f"there is no preparation {preparation!r}; expected one of {', '.join(PREPARATIONS)}"
        )
    loaded = None if experiment is None else load(experiment)
    where = told_in(preparation, loaded)
    found = rows(loaded) if where is None else in_preparation(rows(loaded), where)
    table: list[dict[str, Any]] = []
    for row in found:
        whole = {k: v for k, v in row.items() if k != "populations"}
        whole |= {f"uncertainty_{k}": v for k, v in whole.pop("uncertainty").items()}
        for name, own in ({"": {}} | row["populations"]).items():
            line = {"name": row["name"], "population": name, **whole, **own}
            told = line.pop("told", {})
            table.append(line | {f"told_{k}": v for k, v in told.items()})
    return frame(table).set_index(["name", "population"])


def told_in(name: str | None, experiment: Experiment | None) -> Preparation | None:
    """Return the preparation to tell numbers in; None where they are as the model has them."""
    if experiment is not None:
        name = None if experiment.config.preparation == DEFAULT else experiment.config.preparation
    return None if name is None else PREPARATIONS[name]


def rows(experiment: Experiment | None) -> Iterator[dict[str, Any]]:
    """Yield every parameter of the model as plain data, with a config's changes applied."""
    for mechanism in (
        *circuit.NEURON,
        *circuit.SURROUNDINGS,
        *circuit.BATH,
        *calcium.CELL,
        *calcium.BATH,
        *degeneration.CELL,
        *degeneration.TISSUE,
    ):
        for parameter in mechanism.parameters:
            yield _row(parameter, mechanism.name, experiment)
    for parameter in DOSES.values():
        yield _row(parameter, "therapies", experiment)


def chosen(
    found: Iterable[dict[str, Any]],
    *,
    population: str | None = None,
    kind: str | None = None,
    mechanism: str | None = None,
    search: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows that meet all conditions; nothing asked, nothing left out.

    Parameters
    ----------
    population
        Only numbers that it has of its own; other populations are left out of these rows.
    kind
        ``measured``, ``fitted`` or ``assumed``, of the value itself or of a population's.
    mechanism
        As rows name it.
    search
        A word in name, meaning, source, preparation, reason or what is not known, whatever its case.

    Raises
    ------
    ValueError
        If there is no such population or mechanism.
    """
    every = list(found)
    _known("population", population, POPULATIONS)
    _known("mechanism", mechanism, dict.fromkeys(row["mechanism"] for row in every))
    for row in every:
        mine = row["populations"]
        if population is not None:
            mine = {name: own for name, own in mine.items() if name == population}
        values = list(mine.values()) if population is not None else [row, *mine.values()]
        words = [row["name"], row["meaning"], row["uncertainty"]["why"]]
        words += [str(one[key]) for one in values for key in _NOTES]
        if (
            values
            and (mechanism is None or row["mechanism"] == mechanism)
            and (kind is None or any(one["kind"] == kind for one in values))
            and (search is None or search.casefold() in "\n".join(words).casefold())
        ):
            yield {**row, "populations": mine}


def _known(what: str, name: str | None, names: Collection[str]) -> None:
    if name is not None and name not in names:
        near = get_close_matches(name, names, 1)
        meant = f"; did you mean {near[0]!r}?" if near else f"; expected one of {', '.join(names)}"
        raise ValueError(f"there is no {what} {name!r}{meant}")


def _row(parameter: Parameter, mechanism: str, experiment: Experiment | None) -> dict[str, Any]:
    given = None if experiment is None else _given(parameter, experiment)
    return {
        "name": parameter.name,
        "value": parameter.value,
        "unit": parameter.unit,
        "meaning": parameter.meaning,
        **_evidence(parameter),
        "mechanism": mechanism,
        "per_cell": parameter.per_cell,
        "spread": parameter.spread,
        "uncertainty": _unknown(parameter),
        "low": parameter.low if math.isfinite(parameter.low) else None,
        "high": parameter.high if math.isfinite(parameter.high) else None,
        "origin": "model",
        **(given or {}),
        "populations": dict(_populations(parameter, experiment, given is not None)),
    }


def _unknown(parameter: Parameter) -> dict[str, Any]:
    """What is not known of a number, with the interval that holds 90 % of what it may be."""
    what = uncertainty(parameter.name)
    low, high = (
        what.moved(parameter.value, z, parameter.low, parameter.high) for z in (-_Z90, _Z90)
    )
    return {
        "shape": what.shape,
        "width": what.width,
        "words": what.words(parameter.unit),
        "low_5": low,
        "high_95": high,
        "by_hand": what.by_hand,
        "why": what.why,
    }


def _evidence(parameter: Parameter) -> dict[str, Any]:
    return {name: getattr(parameter, name) for name in _NOTES}


def _given(parameter: Parameter, experiment: Experiment) -> dict[str, Any] | None:
    """The value that a config gives everywhere, or None."""
    config, name = experiment.config, parameter.name
    if name in circuit.CONDITIONS:
        return _set(parameter, conditions(config)[name], experiment, circuit.CONDITIONS[name])
    if name in config.parameters:
        return _set(parameter, config.parameters[name], experiment, f"parameters.{name}")
    return None


def _set(parameter: Parameter, si: float, experiment: Experiment, path: str) -> dict[str, Any]:
    origin = experiment.origin.get(path, "default")
    return {
        "value": _in_unit(si, parameter.unit),
        "kind": "given",
        "source": "",
        "preparation": "",
        "rationale": f"{path} of the config",
        "origin": origin if origin != "default" else f"default of {path}",
    }


def _populations(
    parameter: Parameter, experiment: Experiment | None, everywhere: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the populations whose value differs, with that value."""
    name = parameter.name
    for population, description in POPULATIONS.items():
        own = description.parameters.get(name)
        if experiment is not None:
            given = experiment.config.circuit.populations[population].parameters.get(name)
            if given is not None:
                path = f"circuit.populations.{population}.parameters.{name}"
                yield population, _set(parameter, given, experiment, path)
                continue
        if own is not None and not everywhere:
            value = _in_unit(own.si, parameter.unit)
            yield population, {"value": value, **_evidence(own), "origin": "model"}


def _in_unit(si: float, unit: str) -> float:

    return float(f"{si / factor(unit):.12g}")
