"""What is written of a whole sweep: its table, the same as HDF5, its fits and its figure."""

from __future__ import annotations

import json
from pathlib import Path

from unshielded.plot.sweep import plot_sweep
from unshielded.plot.time_to_death import TIME_TO_DEATH, plot_time_to_death
from unshielded.results.dose_response import fits
from unshielded.results.summary import write_csv
from unshielded.store.format.files import write_atomically
from unshielded.store.tables.sweep_table import SWEEP_HDF5, write_sweep_table
from unshielded.sweeps.carry import PointResult
from unshielded.sweeps.plan import SweepPlan

SWEEP_CSV, FITS_JSON = "sweep.csv", "fits.json"


def write_tables(plan: SweepPlan, points: list[PointResult]) -> list[Path]:
    """Write ``sweep.csv`` and ``sweep.h5``; ``fits.json`` and figures if there are any.

    Returns
    -------
    list of Path
        Where they are.

    Raises
    ------
    StoreError
        If a file cannot be written; an older one is then as it was.
    """
    done = [point.as_json() for point in points if point.outcome is not None]
    made = [plan.folder / SWEEP_CSV]
    write_csv(done, made[0])
    if done:
        made.append(plan.folder / SWEEP_HDF5)
        write_sweep_table(done, made[1])
        if fitted := fits(done):
            made.append(plan.folder / FITS_JSON)
            with write_atomically(made[-1]) as partial:
                partial.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
        figure = plot_sweep(done, plan.folder)
        times = plot_time_to_death(done, plan.folder / TIME_TO_DEATH)
        made += [drawn for drawn in (figure, times) if drawn]
    return made
