r"""The outcome of a lifespan: onset, course, order of deaths, and what preceded it.

*Strength* is the force that the living units of a muscle could still make with the fibres that they hold,
over that of the young muscle; it is what is tested when a patient pulls as hard as he can, and has no
chance in it. The *force* of the windows follows the motor command of the config besides.

- Onset: strength of the limb first below 90 % of its start for a year or more (or to the end). When a unit of a
  few dies, strength dips until others have taken over its fibres, within months: that is not an onset.
- Acceleration: the slope of :math:`\ln` strength over the two years after onset, over that of the
  two years before it (less than two where the run is shorter). Above 1 the disease gathers speed.
- Excitability before symptoms: the mean rate of pyramidal cells, and the ratio of `pv` to pyramidal rates,
  over the last year before onset, over those of the first windows. Below 1 is a loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from unshielded.arrays import Array
from unshielded.durations import YEAR

ONSET, SEVERE = 0.9, 0.2
#: Years for which weakness must last.
_LASTS = 1.0
#: Years on either side of onset over which slopes are taken, and before it over which rates are.
_SLOPE, _BEFORE = 2.0, 1.0
#: A change of the slope or of a rate that is nothing: rounding of an integrator.
_STILL = 1e-9


def outcome(
    start_age: float,
    times: Array,
    strength: Mapping[str, Array],
    rates: Mapping[str, Array],
    deaths: Mapping[str, Array],
) -> dict[str, float | str]:
    """Return the outcome by name; NaN and empty for what did not happen. Ages in years.

    Parameters
    ----------
    start_age
        In s.
    times
        Ends of the windows, in s from the start.
    strength
        Muscle → its strength over that at the start, at these times.
    rates
        Population → its mean rate in these windows, Hz.
    deaths
        Population → times of death of its cells that were not lost, in s, NaN for those that live.
    """
    found: dict[str, float | str] = {}
    ages = (start_age + times) / YEAR
    limb = strength.get("limb", np.ones(len(times)))
    onset, severe = (crossing(times, limb, level, _LASTS * YEAR) for level in (ONSET, SEVERE))
    found["age_at_onset_years"] = (start_age + onset) / YEAR
    found["age_at_severe_weakness_years"] = (start_age + severe) / YEAR
    found["onset_to_severe_weakness_years"] = (severe - onset) / YEAR
    first = {p: float(np.nanmin(t)) for p, t in deaths.items() if np.isfinite(t).any()}
    order = sorted(first, key=lambda name: first[name])
    found["age_at_first_death_years"] = (
        (start_age + first[order[0]]) / YEAR if order else float("nan")
    )
    found["first_to_die"] = order[0] if order else ""
    median = {p: middle(t) for p, t in deaths.items()}
    fallen = sorted((p for p in median if np.isfinite(median[p])), key=lambda name: median[name])
    found["order_of_pools"] = ", ".join(fallen)
    for population, time in median.items():
        found[f"median_age_at_death_years_{population}"] = (start_age + time) / YEAR
    found["strength_at_end"] = float(limb[-1]) if len(limb) else float("nan")
    found |= excitability(times, rates, onset)
    found["acceleration_after_onset"] = acceleration(times, limb, onset)
    found["age_at_end_years"] = float(ages[-1]) if len(ages) else float("nan")
    return found


def crossing(times: Array, values: Array, level: float, lasts: float) -> float:
    """Return when `values` first fall below a level for a time `lasts`, or to the end; or NaN.

    Examples
    --------
    >>> t, v = np.arange(6.0), np.array([1.0, 0.5, 1.0, 0.5, 0.4, 0.3])
    >>> crossing(t, v, 0.75, 0.0), crossing(t, v, 0.75, 2.0)
    (0.5, 2.5)
    """
    below = np.asarray(values) < level
    above = np.append(np.flatnonzero(~below), len(below))
    for k in np.flatnonzero(below):
        ends = above[np.searchsorted(above, k)]
        if ends < len(below) and times[ends - 1] - times[k] < lasts:
            continue
        if k == 0:
            return float(times[0])
        share = (values[k - 1] - level) / (values[k - 1] - values[k])
        return float(times[k - 1] + share * (times[k] - times[k - 1]))
    return float("nan")


def middle(times: Sequence[float] | Array) -> float:
    """Return the time by which half of the cells are dead; NaN if they are not."""
    times = np.sort(np.asarray(times, float))  # NaN last
    return float(times[(len(times) - 1) // 2]) if len(times) else float("nan")


def acceleration(times: Array, values: Array, onset: float) -> float:
    """Return the slope of the logarithm after onset over that before; NaN where there is none."""
    if not np.isfinite(onset):
        return float("nan")
    slopes = []
    for low, high in ((onset - _SLOPE * YEAR, onset), (onset, onset + _SLOPE * YEAR)):
        ends = np.clip([low, high], times[0], times[-1])
        logarithm = np.log(np.maximum(np.interp(ends, times, values), 1e-6))
        if ends[1] - ends[0] <= 0:
            return float("nan")
        slopes.append((logarithm[1] - logarithm[0]) / (ends[1] - ends[0]) * YEAR)
    return slopes[1] / slopes[0] if slopes[0] < -_STILL else float("nan")


def excitability(times: Array, rates: Mapping[str, Array], onset: float) -> dict[str, float]:
    """Return cortical rates in the year before onset over those at the start; NaN without onset."""
    # Imported here so that figures, which need the levels above, do without the model.
    from unshielded.circuit.populations import PERISOMATIC, UPPER

    nothing = float("nan")
    upper, perisomatic = UPPER[0], PERISOMATIC[0]
    names = (f"{upper}_rate_before_onset_ratio", f"{perisomatic}_over_{upper}_before_onset_ratio")
    if not np.isfinite(onset) or not {upper, perisomatic} <= set(rates):
        return dict.fromkeys(names, nothing)
    before = (times <= onset) & (times > onset - _BEFORE * YEAR)
    if not before.any():
        before = np.arange(len(times)) == int(np.argmin(np.abs(times - onset)))
    early = times <= times[0] + 60.0
    exciting, inhibiting = np.asarray(rates[upper]), np.asarray(rates[perisomatic])
    then, now = exciting[early].mean(), exciting[before].mean()
    share_then = inhibiting[early].mean() / then if then else nothing
    share_now = inhibiting[before].mean() / now if now else nothing
    return {
        names[0]: float(now / then) if then else nothing,
        names[1]: float(share_now / share_then) if share_then else nothing,
    }
