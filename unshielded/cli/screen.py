"""``unshielded screen``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

#: Rows that are printed; JSON has all.
_SHOWN = 60


def screen(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROBLEM]",
            help="YAML file of facts, as for calibrate.",
            show_default="the lone cell's own",
        ),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Cell class: its facts are run.",
            show_default="motor neurons of fast, fatigue-resistant units",
        ),
    ] = None,
    trajectories: Annotated[
        int,
        typer.Option(
            "--trajectories",
            metavar="N",
            min=2,
            help="Starting points; each costs one course for every number and fact.",
        ),
    ] = 4,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Seed of the starting points.")
    ] = 1,
    style: FormatOption = Format.TEXT,
) -> None:
    """Rank the numbers of a lone cell by what their uncertainty does to it.

    Every number is moved within what is not known of it (see params), one at a time, from several starting points.
    An effect is the mean change over the middle 90 % of the number, in standard deviations of the outcome.
    """
    from unshielded.calibration import load_problem
    from unshielded.calibration.screening import screen as run
    from unshielded.circuit.populations import TYPICAL
    from unshielded.cli.counting import counting
    from unshielded.interrupt import interruptible
    from unshielded.model import PARAMETERS
    from unshielded.uncertainty import uncertainty

    if find_spec("SALib") is None:
        raise typer.BadParameter(
            "it needs SALib, which is not installed: pip install 'unshielded[analysis]'"
        )
    asked = load_problem(problem)
    population = population or TYPICAL
    facts = {name: fact for name, fact in asked.facts.items() if fact.population == population}
    if not facts:
        others = ", ".join(sorted({fact.population for fact in asked.facts.values()}))
        raise typer.BadParameter(
            f"the problem has no fact of {population!r}; it has some of {others}",
            param_hint="'--class'",
        )
    with interruptible(), counting("facts", len(facts)) as done:
        found = run(facts, trajectories, seed, told=lambda _: done())
    rows = [
        {
            "name": name,
            "effect": effect,
            "outcome": outcome,
            "uncertainty": uncertainty(name).words(PARAMETERS[name].unit),
            "kind": PARAMETERS[name].kind,
            "source": PARAMETERS[name].source,
        }
        for name, effect, outcome in found.ranked()
    ]
    counts = {"cells": found.cells, "without_rest": found.without_rest}
    if style is Format.JSON:
        write_json({**counts, "parameters": rows, "effects": found.effects})
        return
    shown = table("", "parameter", "effect", "on", "not known", "evidence", numbers=(0, 2))
    for place, row in enumerate(rows[:_SHOWN], 1):
        evidence = f"{row['kind']}, {row['source']}" if row["source"] else str(row["kind"])
        cells = (str(row["name"]), f"{row['effect']:.2f}", str(row["outcome"]))
        shown.add_row(str(place), *cells, str(row["uncertainty"]), evidence)
    rest = (
        f"; {found.without_rest} have no state of rest, and count with the mean"
        if found.without_rest
        else ""
    )
    show(shown, "", f"{len(rows)} numbers, {found.cells} cells{rest}")
