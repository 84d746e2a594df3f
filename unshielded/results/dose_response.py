"""The doses of a sweep at which half of the cells of a population die."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from unshielded.results.summary import Row, at_risk
from unshielded.statistics.logistic import DoseResponse, fit, no_fit
from unshielded.store.tables.levels import is_log, key, quantities, zero_is_a_control


def fits(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Fit every population of a sweep over every setting that has numbers.

    Of a grid over several settings each one is fitted at every combination of the others,
    where it has three levels or more.

    Returns
    -------
    list of dict
        ``setting``, ``unit`` (as the first level was written), ``at`` (the other settings that
        vary), ``population``, ``scale`` (``linear`` or ``log``), ``levels``, ``runs``, ``seeds``,
        ``ed50``, ``low``, ``high`` (95 %), ``slope``, ``dispersion``, and ``reason``: why there is
        no ED50, or None.
    """
    done = [row for row in rows if row.get("populations")]
    paths = dict.fromkeys(path for row in done for path in row["point"])
    varied = [p for p in paths if len({key(row["point"].get(p)) for row in done}) > 1]
    table = []
    for path in varied:
        if quantities([row["point"].get(path) for row in done]) is None:
            continue
        groups: dict[str, list[Row]] = {}
        for row in done:
            others = {p: row["point"].get(p) for p in varied if p != path}
            groups.setdefault(key(others), []).append(row)
        for others_text, members in groups.items():
            levels = {key(row["point"].get(path)) for row in members}
            if len(varied) == 1 or len(levels) > 2:
                at = json.loads(others_text)
                table += _entries(path, at, members)
    return table


def fit_rows(rows: Sequence[Row], path: str, population: str) -> tuple[DoseResponse, str]:
    """Fit one population over one setting; return that, and the unit of the dose."""
    of_it = [
        row
        for row in rows
        if (found := (row.get("populations") or {}).get(population)) and at_risk(found)
    ]
    if not of_it:
        return no_fit("there are no cells"), ""
    doses = quantities([row["point"].get(path) for row in of_it])
    if doses is None:
        return no_fit("the levels are not numbers"), ""
    of_them = [row["populations"][population] for row in of_it]
    died, n = [each["burned_out"] for each in of_them], [at_risk(each) for each in of_them]
    seeds = [row["seed"] for row in of_it]
    log = is_log(doses.values) and (all(doses.values) or zero_is_a_control(path))
    return fit(doses.values, died, n, seeds, log=log), doses.unit


def _entries(path: str, at: Mapping[str, Any], rows: Sequence[Row]) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for row in rows for name in row["populations"])
    entries = []
    for name in names:
        found, unit = fit_rows(rows, path, name)
        entries.append(
            {
                "setting": path,
                "unit": unit,
                "at": dict(at),
                "population": name,
                "scale": "log" if found.log else "linear",
                "levels": len({key(row["point"].get(path)) for row in rows}),
                "runs": len(rows),
                "seeds": found.seeds,
                "ed50": found.ed50,
                "low": found.low,
                "high": found.high,
                "slope": found.slope,
                "dispersion": found.dispersion,
                "reason": found.reason or None,
            }
        )
    return entries
