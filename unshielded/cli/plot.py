"""``unshielded plot``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.output import log, number, show, table, write

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.statistics.survival import Difference, Lifetimes

#: How deep in a folder runs are looked for: RUNS/<name>/<id>/results.h5.
_PLACES = ("{}", "*/{}", "*/*/{}")

#: The table that a sweep leaves beside its runs.
_SWEEP = "sweep.csv"
_TABLE = "sweep.h5"


def plot(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN...",
            help="A results.h5, a run's folder, a folder of runs, or a sweep.csv.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Figure to write (.png, .svg or .pdf). Default: beside the results.",
        ),
    ] = None,
    survival: Annotated[
        bool,
        typer.Option(
            "--survival",
            help="Draw survival curves of all cell classes instead, pooling all runs.",
        ),
    ] = False,
) -> None:
    """Draw runs: activity, calcium, energy, survival; membrane potentials if recorded.

    For a sweep.csv: draw the dose-response curve, or a map over two settings.
    """
    sweeps = [place for place in runs if place.name == _SWEEP]
    if survival:
        if sweeps:
            raise typer.BadParameter(f"--survival takes runs, but {sweeps[0]} is a sweep")
        _draw_survival(runs, out)
        return
    others = [place for place in runs if place not in sweeps]
    results = _results(others) if others else []
    if out is not None and len(results) + len(sweeps) > 1:
        what = f"{len(results)} runs" if len(results) > 1 else "several things to draw"
        raise typer.BadParameter(f"--out names one file, but there are {what}")
    for place in sweeps:
        _draw_sweep(place, out)
    for result in results:
        _draw_run(result, out)


def _draw_run(result: Path, out: Path | None) -> None:
    from unshielded.plot import plot_lifespan, plot_membrane, plot_run
    from unshielded.store.reading.read import open_run

    figure = out or result.with_name("run.png")
    with open_run(result) as run:
        if run.has("lifespan"):
            figure = out or result.with_name("lifespan.png")
            plot_lifespan(run, figure)
            write(str(figure))
            return
        plot_run(run, figure)
        write(str(figure))
        if run.has("membrane"):
            beside = figure.with_name(f"{figure.stem}_membrane{figure.suffix}")
            traces = beside if out else result.with_name("membrane.png")
            plot_membrane(run, traces)
            write(str(traces))


def _draw_sweep(place: Path, out: Path | None) -> None:
    from unshielded.plot.sweep import plot_sweep
    from unshielded.plot.time_to_death import TIME_TO_DEATH, plot_time_to_death
    from unshielded.results.summary import read_csv
    from unshielded.store.format.files import NoSuchEntry

    rows = read_csv(place)
    figure = plot_sweep(rows, place.parent, out)
    if figure is None:
        raise NoSuchEntry(
            f"{place}: this sweep has no figure; expected one over one setting, or over settings whose "
            "values are numbers"
        )
    write(str(figure))
    if out is None and (times := plot_time_to_death(rows, place.with_name(TIME_TO_DEATH))):
        write(str(times))


def _draw_survival(runs: list[Path], out: Path | None) -> None:
    from unshielded.plot.survival import plot_survival, start_age
    from unshielded.results.survival import check_alike, lifetimes, mortal
    from unshielded.statistics.survival import differences
    from unshielded.store.reading.read import open_run

    results = _results(runs)
    check_alike(results)
    found = {name: lifetimes(results, name) for name in mortal(results)}
    beside = runs[0] if runs[0].is_dir() else runs[0].parent
    figure = out or beside / "survival.png"
    with open_run(results[0]) as run:
        name = run.name or ""
    age = start_age(results[0])
    plot_survival(found, figure, name, len(results), age)
    caution = "The cells of one network are not independent, so these p are too small."
    show(_classes(found, age), "", _pairs(differences(found)), caution, "", str(figure))


def _classes(found: dict[str, Lifetimes], start_age: float | None = None) -> Table:
    """Show how many cells of each class died, and how long they lived; of lifetimes until what age."""
    from unshielded.plot.survival import span
    from unshielded.statistics.survival import kaplan_meier

    of_life = start_age is not None
    axis = span(0.0, start_age)  # else seconds, as they are
    unit = "age, years" if of_life else "s"
    digits = 1 if of_life else 0
    made = table("class", "cells", "died", f"median\n{unit}", f"95 %\n{unit}",
                 f"mean up to\nthe end, {unit}", numbers=range(1, 6))  # fmt: skip

    def told(time: float | None) -> str:
        return number(None if time is None else axis.of(time), digits)

    for name, each in found.items():
        curve = kaplan_meier(each.died, each.censored)
        middle, low, high = curve.median()
        interval = "–" if low is None else f"{told(low)} to {told(high)}"
        made.add_row(
            name, str(each.n), str(len(each.died)), told(middle), interval, told(curve.mean())
        )
    return made


def _pairs(found: list[Difference]) -> Table:
    """Show which classes differ."""
    made = table("class", "class", "p (log-rank, Holm)", numbers=[2])
    for each in found:
        p = "nobody died" if each.p is None else "< 0.001" if each.p < 0.001 else f"{each.p:.3f}"
        made.add_row(each.first, each.second, p)
    return made


def _results(places: list[Path]) -> list[Path]:
    """Return the results at all places; of several, those that have none are skipped, and named.

    A pattern of the shell, ``runs/x/*``, takes what a sweep keeps beside its runs too.
    """
    from unshielded.store.format.files import StoreError
    from unshielded.store.format.layout import RESULTS_FILE

    found: list[Path] = []
    skipped: list[str] = []
    for place in places:
        if place.is_file() and (place.name == _TABLE or place.suffix != Path(RESULTS_FILE).suffix):
            skipped.append(f"{place}: is not a {RESULTS_FILE}")
            continue
        try:
            found += find(place)
        except StoreError as error:
            skipped.append(str(error))
    if skipped and not found:
        raise StoreError(skipped[0])
    for what in skipped:
        log(f"skipped: {what}")
    return found


def find(place: Path) -> list[Path]:
    """Return the results at a place: the file itself, or those in a folder."""
    from unshielded.store.format.files import StoreError
    from unshielded.store.format.layout import RESULTS_FILE

    if not place.is_dir():
        return [place]
    for pattern in _PLACES:
        if found := sorted(place.glob(pattern.format(RESULTS_FILE))):
            return found
    raise StoreError(f"{place}: there is no {RESULTS_FILE} in this folder, nor in those inside it")
