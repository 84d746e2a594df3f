"""``unshielded params``."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import typer

from unshielded.cli.options import SetOption
from unshielded.cli.output import Format, FormatOption, show, write_json
from unshielded.cli.params_in_preparation import show_in_preparation

#: Columns of a narrow terminal.
_WIDTH = 100


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
    population: Annotated[
        str | None,
        typer.Option(
            "--class", metavar="NAME", help="Only numbers that this population has of its own."
        ),
    ] = None,
    kind: Annotated[
        Literal["measured", "fitted", "assumed"] | None,
        typer.Option("--kind", help="Only numbers with this kind of evidence."),
    ] = None,
    mechanism: Annotated[
        str | None,
        typer.Option("--mechanism", metavar="NAME", help="Only numbers of this mechanism."),
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="WORD",
            help="Only numbers with this word in name, meaning, evidence or reason.",
        ),
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Print every number of the model: value, what is not known of it, evidence, meaning and source.

    Options narrow the list down; the last line counts what was printed. What is not known is one standard deviation: a
    factor on the number ("×/÷ 2"), on its odds, or an amount. With --preparation slice_21C: value, temperature
    and Q10 of each number, and what it becomes.
    """
    from unshielded.api.experiments import loaded
    from unshielded.api.params import chosen, rows, told_in
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
    everything = list(rows(experiment))
    try:
        found = list(
            chosen(everything, population=population, kind=kind, mechanism=mechanism, search=search)
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if where is not None:
        found = list(in_preparation(found, where))
    if style is Format.JSON:
        write_json(found)
        return
    if where is not None:
        show_in_preparation(found, where)
    else:
        show(*_lines(found))
    show(*textwrap.wrap(_summary(found, len(everything)), _WIDTH))


def _lines(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield two lines or more for each number, no wider than a narrow terminal."""
    mechanism = None
    for row in found:
        if row["mechanism"] != mechanism:
            mechanism = row["mechanism"]
            yield f"{mechanism}"
        unit = row["unit"]
        yield _line(f"  {row['name']}", row["value"], unit, row["uncertainty"]["words"], row)
        yield from _note(f"{row['meaning']}. {_because(row)}", 4)
        for population, own in row["populations"].items():
            yield _line(f"    {population}", own["value"], unit, "", own)
            yield from _note(_because(own), 6)


def _line(name: str, value: float, unit: str, unknown: str, row: dict[str, Any]) -> str:
    evidence = f"{row['kind']}, {row['source']}" if row["source"] else row["kind"]
    return f"{name:<38}{f'{value:g} {unit}'.strip():>16}  {unknown:<14}{evidence}".rstrip()


def _note(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,  # paths stay whole, and can be copied
        break_on_hyphens=False,
    )


def _because(row: dict[str, Any]) -> str:
    """Say what stands behind a value."""
    return str(row["origin"] if row["kind"] == "given" else row["preparation"] or row["rationale"])


def _summary(found: Sequence[dict[str, Any]], of: int) -> str:
    """Count numbers by kind, populations' own included, and those without a source."""
    every = [one for row in found for one in (row, *row["populations"].values())]
    kinds = Counter(one["kind"] for one in every)
    counted = ", ".join(
        f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda k: -k[1])
    )
    bare = sum(not one["source"] for one in every if one["kind"] != "given")
    hand = sum(row["uncertainty"]["by_hand"] for row in found)
    return (
        f"{len(found)} of {of} parameters, {len(every)} values with those of populations: {counted or 'none'}; "
        f"{bare} without a source. What is not known was judged one by one for {hand}, and follows from the kind "
        "of evidence for the others."
    )
