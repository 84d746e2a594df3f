"""``unshielded params``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from unshielded.cli.options import SetOption
from unshielded.cli.output import Format, FormatOption, show, table, write_json
from unshielded.cli.params_in_preparation import show_in_preparation


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
    from unshielded.api.experiments import loaded
    from unshielded.api.params import rows, told_in
    from unshielded.api.params_in_preparation import in_preparation
    from unshielded.preparations import PREPARATIONS

    if config is None and overrides:
        raise typer.BadParameter("--set needs a CONFIG to change")
    if config is not None and preparation is not None:
        raise typer.BadParameter(
            "a CONFIG has a preparation of its own; change it with --set preparation=NAME",
            param_hint="--preparation",
        )
    if preparation is not None and preparation not in PREPARATIONS:
        raise typer.BadParameter(
            f"there is no preparation {preparation!r}; expected one of {', '.join(PREPARATIONS)}",
            param_hint="--preparation",
        )
    experiment = None if config is None else loaded(config, overrides or ())
    where = told_in(preparation, experiment)
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
