"""``unshielded activity``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.output import Format, FormatOption, number, show, table, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.results.spike_trains import Activity

FromOption = Annotated[
    float, typer.Option("--from", min=0.0, metavar="SECONDS", help="Start of the analysed window.")
]
UntilOption = Annotated[
    float | None,
    typer.Option(
        "--until",
        min=0.0,
        metavar="SECONDS",
        help="End of the analysed window.",
        show_default="end of the run",
    ),
]
FigureOption = Annotated[
    Path | None,
    typer.Option(
        "--figure", metavar="FILE", help="Figure of the spikes to write (.png, .svg or .pdf)."
    ),
]


def activity(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A results.h5 or a run's folder.")],
    start: FromOption = 0.0,
    until: UntilOption = None,
    figure: FigureOption = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Describe the spikes of a run: rates, irregularity, correlation, rhythm, bursts."""
    from unshielded.results.spike_trains import activity as describe
    from unshielded.store.reading.read import open_run

    with open_run(run) as opened:
        found = describe(opened, start, until)
        if figure is not None:
            from unshielded.plot.activity import plot_activity

            plot_activity(opened, figure, start, until)
    if style is Format.JSON:
        write_json([each.as_json() for each in found])
    else:
        show(rows(found), *([] if figure is None else ["", str(figure)]))


def rows(found: Sequence[Activity]) -> Table:
    """Show one line per population."""
    heads = (
        "population",
        "neurons",
        "rate\nHz",
        "silent\n%",
        "CV",
        "CV2",
        "LvR",
        "correlation",
        "Fano\n4 ms",
        "rhythm\nHz",
        "times\nPoisson",
        "bursts\nHz",
    )
    made = table(*heads, numbers=range(1, len(heads)))
    for each in found:
        spread = "" if each.sd_rate_hz is None else f" ± {each.sd_rate_hz:.1f}"
        made.add_row(
            each.population,
            str(each.n),
            number(each.mean_rate_hz) + spread,
            number(each.silent_percent, 0),
            number(each.cv, 2),
            number(each.cv2, 2),
            number(each.lvr, 2),
            number(each.correlation, 4),
            number(each.fano_factor, 2),
            number(each.peak_frequency_hz, 0),
            number(each.peak_power, 1),
            number(each.burst_rate_hz, 0),
        )
    return made
