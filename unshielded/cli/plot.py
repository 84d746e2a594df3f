"""``unshielded plot``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unshielded.cli.output import write

#: How deep in a folder runs are looked for: RUNS/<name>/<id>/results.h5.
_PLACES = ("{}", "*/{}", "*/*/{}")


def plot(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="A results.h5, a run's folder, or one holding runs."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="A .png, .svg or .pdf; else run.png beside the result."
        ),
    ] = None,
) -> None:
    """Draw runs: activity, calcium, energy, survivors; membrane potentials where recorded."""
    from unshielded.plot import plot_membrane, plot_run
    from unshielded.store.read import open_run

    results = [result for place in runs for result in find(place)]
    if out is not None and len(results) > 1:
        raise typer.BadParameter(f"--out names one file, but there are {len(results)} runs")
    for result in results:
        figure = out or result.with_name("run.png")
        with open_run(result) as run:
            plot_run(run, figure)
            write(str(figure))
            if run.has("membrane"):
                beside = figure.with_name(f"{figure.stem}_membrane{figure.suffix}")
                traces = beside if out else result.with_name("membrane.png")
                plot_membrane(run, traces)
                write(str(traces))


def find(place: Path) -> list[Path]:
    """Return the results at a place: the file itself, or those in a folder."""
    from unshielded.store.files import StoreError
    from unshielded.store.read import RESULT

    if not place.is_dir():
        return [place]
    for pattern in _PLACES:
        if found := sorted(place.glob(pattern.format(RESULT))):
            return found
    raise StoreError(f"{place}: there is no {RESULT} in this folder, nor in those inside it")
