"""The outcome of a sweep, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unshielded.cli.output import number, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from unshielded.config import Experiment
    from unshielded.sweep import PointResult


def label(values: dict[str, Any], seed: int) -> str:
    """Name a point.

    Examples
    --------
    >>> label({"circuit.interneuron_loss": 0.5}, 1)
    'interneuron_loss=0.5 seed=1'
    """
    return " ".join([*(f"{short(p)}={v}" for p, v in values.items()), f"seed={seed}"])


def short(path: str) -> str:
    """Return the last name of a path."""
    return path.rpartition(".")[2]


def outcomes(experiment: Experiment, points: Sequence[PointResult]) -> Table:
    """Show rates, burn-out and median time of death at each level; mean ± sd over seeds."""
    from unshielded.circuit.populations import PERISOMATIC, TYPICAL, UPPER, named
    from unshielded.results.summary import dose_response
    from unshielded.store.tables.levels import leading

    populations = experiment.config.circuit.populations
    present = [name for name, p in populations.items() if p.size]
    shown = (*UPPER, *PERISOMATIC, *named(unit_type="S"))  # the others are in sweep.csv
    rates = [name for name in shown if name in present] or present
    dying = [name for name in present if populations[name].carries_calcium]
    axes = leading([point.values for point in points])
    several = len({point.seed for point in points}) > 1
    levels: dict[str, dict[str, dict[str, Any]]] = {}
    for row in dose_response([point.as_json() for point in points]):
        key = repr([row[axis] for axis in axes])
        levels.setdefault(key, {})[row["population"]] = row
    heads = [
        *(short(axis).replace("_", "\n") for axis in axes),
        *(["runs"] if several else []),
        *(f"{name}\nHz" for name in rates),
        *(f"{name}\nburned\nout, %" for name in dying),
        *(f"{name}\ndies at\ns" for name in dying if name == TYPICAL),
    ]
    made = table(*heads, numbers=range(len(heads)))
    made.padding = (0, 1, 0, 0)  # fits 80 columns
    for row in levels.values():
        some = next(iter(row.values()))
        made.add_row(
            *(str(some[axis]) for axis in axes),
            *([str(some["runs"])] if several else []),
            *(_mean(row[name], "mean_rate_hz") for name in rates),
            *(_mean(row[name], "burned_out_percent") for name in dying),
            *(_mean(row[name], "median_time_of_death_s") for name in dying if name == TYPICAL),
        )
    return made


def _mean(row: dict[str, Any], name: str) -> str:
    mean, deviation = row[f"{name}_mean"], row[f"{name}_sd"]
    return number(mean) + (f"±{deviation:.1f}" if deviation is not None else "")
