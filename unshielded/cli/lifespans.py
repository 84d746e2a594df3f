"""``unshielded lifespans``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.arrays import AnyArray
    from unshielded.results import Cohort, Life


def lifespans(
    places: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT…", help="Results of lifespan simulations, or folders of them."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Figure to write (.png, .svg or .pdf)."),
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Compare lifespans: the first margin to fall, the first cells to die, onset and course.

    Lifespans that differ only in the seed are summarised in a second table.
    """
    from unshielded.cli.plot import find
    from unshielded.results import cohorts, life

    found = [life(path) for place in places for path in find(place)]
    groups = cohorts(found)
    if out is not None:
        from unshielded.plot import plot_cohorts

        plot_cohorts(groups, out)
    if style is Format.JSON:
        write_json(
            {
                "lifespans": [one.as_json() for one in found],
                "groups": [group.as_json() for group in groups],
            }
        )
        return
    drawn = ["", str(out)] if out is not None else []
    show(_single(found, groups), "", _HOW, "", _together(groups), "", _HOW_TOGETHER, *drawn)


_HOW = "ages in years; a margin has fallen where it is half of what it was, in any motor pool"
_HOW_TOGETHER = (
    "lifespans that differ only in the seed: median (lowest–highest); '>' is later than the "
    "end of a lifespan. Dead motor\nneurons and use of ATP: mean (lowest–highest). Use of ATP: per living cell "
    "of the circuit, relative to the start"
)


def _single(found: Sequence[Life], groups: Sequence[Cohort]) -> Table:
    from unshielded.fates import FATES

    made = table(
        "life", "seed", "first margin to fall", "soma's", "axon end's", "first death", "onset",
        "severe", "order of pools", *FATES,
        numbers=(1, 3, 4, 6, 7, *range(9, 9 + len(FATES))),
    )  # fmt: skip
    for group in groups:
        for one in sorted(filter(group.holds, found), key=lambda life: life.seed or 0):
            made.add_row(*_row(one, group.label))
    return made


def _row(one: Life, label: str) -> tuple[str, ...]:
    out = one.outcome
    first = _age(out.get("age_at_first_death_years"))
    if out.get("first_to_die"):
        first += f" ({out['first_to_die']})"
    return (
        label,
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


def _together(groups: Sequence[Cohort]) -> Table:
    from unshielded.fates import FATES

    made = table(
        "group", "seeds", "first margin\nto fall", "onset", "severe", "years from\nonset to severe",
        "limb motor\nneurons dead, %", "use of ATP\nat onset", "order of pools", *FATES,
        numbers=(1, *range(9, 9 + len(FATES))),
    )  # fmt: skip
    for group in groups:
        made.add_row(*_group(group))
    return made


def _group(group: Cohort) -> tuple[str, ...]:
    from unshielded.fates import FATES

    of = len(group.lifespans)
    margin, margins = group.first_margin()
    order, orders = group.order_of_pools()
    onset = group.reached("onset")
    use = _mean(group.atp_use(), 1.0, 2)
    if use != "–" and onset.happened < of:
        without = of - onset.happened
        use += " at the end" if without == of else f", {without} at the end"
    return (
        group.label,
        str(of),
        _counted(margin, margins, of),
        onset.text(),
        group.reached("severe_weakness").text(),
        group.course().text(),
        _mean(group.limb_dead(), 100.0, 0),
        use,
        _counted(order, orders, of),
        *(f"{100.0 * group.dead(mode):.0f} %" for mode in FATES),
    )


def _counted(what: str, number: int, of: int) -> str:
    if not what and number == of:
        return "–"
    return f"{what or 'none'} ({number} of {of})" if of > 1 else what


def _mean(values: AnyArray, scale: float, digits: int) -> str:
    if not len(values):
        return "–"
    mean, *ends = (f"{scale * v:.{digits}f}" for v in (values.mean(), values.min(), values.max()))
    return mean if ends[0] == ends[1] else f"{mean} ({'–'.join(ends)})"
