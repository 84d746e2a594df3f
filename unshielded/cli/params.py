"""``unshielded params``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.options import SetOption
from unshielded.cli.output import Format, FormatOption, show, table, write_json
from unshielded.cli.params_in_preparation import in_preparation, show_in_preparation

if TYPE_CHECKING:
    from unshielded.config import Experiment
    from unshielded.mechanism import Parameter
    from unshielded.preparations import Preparation


def params(
    config: Annotated[
        str | None,
        typer.Argument(metavar="[CONFIG]", help="Print the values used by this config."),
    ] = None,
    overrides: SetOption = None,
    preparation: Annotated[
        str | None,
        typer.Option(
            "--preparation",
            metavar="NAME",
            help="Print what each number becomes in this preparation, and why.",
        ),
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Print every number of the model: value, unit, meaning, evidence and source.

    With --preparation slice_21C: value, temperature and Q10 of each number, and what it becomes.
    """
    from unshielded.config import load

    if config is None and overrides:
        raise typer.BadParameter("--set needs a CONFIG to change")
    if config is not None and preparation is not None:
        raise typer.BadParameter(
            "a CONFIG has a preparation of its own; change it with --set preparation=NAME",
            param_hint="--preparation",
        )
    experiment = None if config is None else load(config, overrides or ())
    where = _chosen(preparation, experiment)
    found = list(rows(experiment) if where is None else in_preparation(rows(experiment), where))
    if style is Format.JSON:
        write_json(found)
        return
    if where is not None:
        show_in_preparation(found, where)
        return
    for mechanism in dict.fromkeys(row["mechanism"] for row in found):
        shown = table("parameter", "value", "meaning", "evidence", "because", title=f"{mechanism}")
        for row in found:
            if row["mechanism"] == mechanism:
                _add(shown, row)
        show(shown, "")


def _chosen(name: str | None, experiment: Experiment | None) -> Preparation | None:
    """The preparation to tell numbers in; None where they are as the model has them."""
    from unshielded.preparations import DEFAULT, PREPARATIONS

    if experiment is not None:
        of_config = experiment.config.preparation
        return None if of_config == DEFAULT else PREPARATIONS[of_config]
    if name is not None and name not in PREPARATIONS:
        raise typer.BadParameter(
            f"there is no preparation {name!r}; expected one of {', '.join(PREPARATIONS)}",
            param_hint="--preparation",
        )
    return None if name is None else PREPARATIONS[name]


def rows(experiment: Experiment | None) -> Iterator[dict[str, Any]]:
    """Yield every parameter of the model as plain data, with a config's changes applied."""
    from unshielded import calcium, circuit, degeneration
    from unshielded.circuit.surroundings.doses import DOSES

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
        "low": parameter.low if math.isfinite(parameter.low) else None,
        "high": parameter.high if math.isfinite(parameter.high) else None,
        "origin": "model",
        **(given or {}),
        "populations": dict(_populations(parameter, experiment, given is not None)),
    }


def _evidence(parameter: Parameter) -> dict[str, Any]:
    names = ("kind", "source", "preparation", "rationale")
    return {name: getattr(parameter, name) for name in names}


def _given(parameter: Parameter, experiment: Experiment) -> dict[str, Any] | None:
    """The value that a config gives everywhere, or None."""
    from unshielded import circuit
    from unshielded.assemble.assembly import conditions

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
    from unshielded.circuit.populations import POPULATIONS

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
    from unshielded.mechanism.units import factor

    return float(f"{si / factor(unit):.12g}")


def _add(shown: Any, row: dict[str, Any]) -> None:
    unit = row["unit"]
    shown.add_row(row["name"], f"{row['value']:g} {unit}".strip(), row["meaning"], *_because(row))
    for population, own in row["populations"].items():
        shown.add_row(f"  {population}", f"{own['value']:g} {unit}".strip(), "", *_because(own))


def _because(row: dict[str, Any]) -> tuple[str, str]:
    """Say what stands behind a value."""
    note = row["preparation"] or row["rationale"]
    if row["kind"] == "given":
        return row["kind"], row["origin"]
    return f"{row['kind']}, {row['source']}" if row["source"] else row["kind"], note
