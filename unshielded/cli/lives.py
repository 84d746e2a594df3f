"""``unshielded lives``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

if TYPE_CHECKING:
    from unshielded.lives import Life


def lives(
    places: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT…", help="Results of lifespans, or folders with some."),
    ],
    style: FormatOption = Format.TEXT,
) -> None:
    """Put lives side by side: which margin falls first, who dies first, of what; onset and course."""
    from unshielded.cli.plot import find
    from unshielded.lives import life

    found = [life(path) for place in places for path in find(place)]
    if style is Format.JSON:
        write_json([one.as_json() for one in found])
        return
    made = table(
        "life", "seed", "first margin to fall", "soma's", "axon end's", "first death", "onset",
        "severe", "order of pools", "necrosis", "apoptosis",
        numbers=(1, 3, 4, 6, 7, 9, 10),
    )  # fmt: skip
    for one in found:
        made.add_row(*_row(one))
    show(
        made,
        "",
        "ages in years; a margin has fallen where it is half of what it was, in any motor pool",
    )


def _row(one: Life) -> tuple[str, ...]:
    out = one.outcome
    first = _age(out.get("age_at_first_death_years"))
    if out.get("first_to_die"):
        first += f" ({out['first_to_die']})"
    return (
        one.name,
        str(one.seed),
        one.first_margin or "–",
        *(_age(age) for age in one.margins.values()),
        first,
        _age(out.get("age_at_onset_years")),
        _age(out.get("age_at_severe_weakness_years")),
        str(out.get("order_of_pools") or "–"),
        *(f"{100.0 * n / one.cells:.0f} %" for n in one.dead.values()),
    )


def _age(value: Any) -> str:
    return "–" if value is None or value != value else f"{value:.1f}"
