"""The figure of a sweep: over one number a dose-response, over two a map, over more their scatter.

Over one setting of any other kind, such as agents or truth values, bars.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from unshielded.plot.axis import numeric, varied
from unshielded.plot.dose import draw_dose_response
from unshielded.plot.heat_map import draw_map
from unshielded.plot.samples import draw_samples
from unshielded.plot.style import check_format, save, style
from unshielded.results.summary import Row
from unshielded.results.survival import mortal
from unshielded.store.format.files import StoreError
from unshielded.store.format.layout import RESULTS_FILE
from unshielded.store.reading.read import open_run


def plot_sweep(rows: Sequence[Row], folder: Path, out: Path | None = None) -> Path | None:
    """Draw a sweep over settings whose values are numbers, or quantities; or over one of any kind.

    Parameters
    ----------
    rows
        The sweep: ``[{"point": {path: value}, "seed": int, "id": str, "populations": {…}}, …]``;
        failed runs, without populations, are left out.
    folder
        Holds the runs: ``<folder>/<id>/results.h5``. Survival curves are drawn of those found.
    out
        Where to save it: ``.png``, ``.svg`` or ``.pdf``; ``dose_response.png``, ``bars.png``,
        ``map.png`` or ``samples.png`` in the folder if left out.

    Returns
    -------
    Path or None
        Where it is; None if there is no such figure of this sweep.
    """
    with style():
        drawn = draw_sweep(rows, folder)
        if drawn is None:
            return None
        name, figure = drawn
        out = out or folder / f"{name}.png"
        save(figure, check_format(out))
    return out


@style()
def draw_sweep(rows: Sequence[Row], folder: Path) -> tuple[str, Figure] | None:
    """Return the figure that `plot_sweep` saves, and the name of its kind; None if there is none."""
    done = [row for row in rows if row.get("populations")]
    paths = varied(done) or list(dict.fromkeys(p for row in done for p in row["point"]))[:1]
    numbers = all(numeric(done, path) for path in paths)
    if not paths or not (numbers or len(paths) == 1):
        return None
    results = {str(row.get("id")): folder / str(row.get("id")) / RESULTS_FILE for row in done}
    found = {id_: result for id_, result in results.items() if result.is_file()}
    dying = _mortal(list(found.values()))
    agents = _agents(list(found.values()))
    if len(paths) > 2:
        return "samples", draw_samples(done, paths, dying or None, agents)
    if len(paths) == 2:
        return "map", draw_map(done, (paths[0], paths[1]), dying or None, agents)
    runs: dict[Any, list[Path | str]] = {}
    for row in done:
        if str(row.get("id")) in found:
            runs.setdefault(row["point"][paths[0]], []).append(found[str(row.get("id"))])
    kind = "dose_response" if numbers else "bars"
    return kind, draw_dose_response(done, paths[0], runs, mortal=dying or None, agents=agents)


def _mortal(results: list[Path]) -> list[str]:
    """Name the populations that can die; every run of a sweep has the same ones, or nearly so."""
    for result in results:
        try:
            return mortal([result])
        except StoreError:  # the table stands without this run
            continue
    return []


def _agents(results: list[Path]) -> dict[str, str]:
    """Name the agent of each entry of the bath, as the config of the first run that can be read has them."""
    for result in results:
        try:
            with open_run(result) as run:
                bath = json.loads(run.text("resolved_json")).get("bath", [])
        except (StoreError, ValueError):  # the axis says as much as it can without
            continue
        return {f"bath.{place}": str(entry["agent"]) for place, entry in enumerate(bath)}
    return {}
