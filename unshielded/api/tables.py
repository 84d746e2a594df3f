"""Rows of results as pandas tables with units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unshielded.results.survival import lifetimes
from unshielded.statistics.survival import kaplan_meier
from unshielded.store.format.files import NoSuchEntry

if TYPE_CHECKING:
    import pandas as pd

#: End of a column's name → its unit.
_UNITS = {"_hz": "Hz", "_s": "s", "_percent": "%", "_ms": "ms", "_mV": "mV", "_years": "years"}
_STATISTICS = ("_mean", "_sd", "_low", "_high")


def frame(
    rows: Sequence[Mapping[str, Any]], units: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return rows as a table; what its columns are measured in is in ``attrs["units"]``.

    Examples
    --------
    >>> frame([{"population": "pv", "mean_rate_hz": 9.5}]).attrs
    {'units': {'mean_rate_hz': 'Hz'}}
    """
    import pandas as pd

    made = pd.DataFrame(list(rows))
    for name in made.columns:  # what is missing in a column of numbers is not a number
        if made[name].dtype == object and made[name].map(_number_or_none).all():
            made[name] = made[name].astype(float)
    found = {str(name): unit for name in made.columns if (unit := _unit(str(name)))}
    made.attrs["units"] = {**found, **(units or {})}
    return made


def _number_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _unit(column: str) -> str:
    for end in _STATISTICS:
        column = column.removesuffix(end)
    return next((unit for end, unit in _UNITS.items() if column.endswith(end)), "")


def survival(results: Sequence[Path], population: str) -> list[dict[str, float]]:
    """Estimate the fraction of the cells of some runs that live, after each time (s).

    Raises
    ------
    NoSuchEntry
        If the population has no cells that can die.
    """
    cells = lifetimes(results, population)
    if not cells.n:
        raise NoSuchEntry(
            f"{results[0]}: {population} has no cells that could die; choose a population with "
            f"calcium, or set circuit.populations.{population}.carries_calcium: true and run again"
        )
    curve = kaplan_meier(cells.died, cells.censored)
    return [
        {"time": time, "fraction": fraction, "low": low, "high": high, "at_risk": at_risk}
        for time, fraction, low, high, at_risk in zip(
            curve.time.tolist(),
            curve.fraction.tolist(),
            curve.low.tolist(),
            curve.high.tolist(),
            cells.at_risk(curve.time).tolist(),
            strict=True,
        )
    ]
