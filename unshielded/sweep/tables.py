"""What is written of a whole sweep: its table, the same as HDF5, and its figure."""

from __future__ import annotations

from pathlib import Path

from unshielded.analyse import write_csv
from unshielded.plot.sweep import plot_sweep
from unshielded.store.sweep_table import SWEEP, write_sweep_table
from unshielded.sweep.carry import Point
from unshielded.sweep.plan import Plan

TABLE = "sweep.csv"


def write_tables(plan: Plan, points: list[Point]) -> list[Path]:
    """Write ``sweep.csv``, ``sweep.h5`` and the figure of a sweep over numbers; return where.

    Raises
    ------
    StoreError
        If a file cannot be written; an older one is then as it was.
    """
    done = [point.as_json() for point in points if point.outcome is not None]
    made = [plan.folder / TABLE]
    write_csv(done, made[0])
    if done:
        made.append(plan.folder / SWEEP)
        write_sweep_table(done, made[1])
        figure = plot_sweep(done, plan.folder)
        made += [figure] if figure else []
    return made
