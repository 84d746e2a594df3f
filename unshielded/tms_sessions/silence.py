"""The cortical silent period: how long the electromyogram is silent after a pulse.

The rectified electromyogram is averaged over trials. The period begins with the motor evoked
potential, where the average first rises above what was there before the pulse, and ends where the
average, smoothed, comes back to half of that. Its length depends on such definitions
[vanKuijk2014]; from the beginning of the potential to the return of activity is that of [Vucic2008].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from unshielded.arrays import Array
from unshielded.config.sections.tms_protocol import ResponseWindow
from unshielded.tms_sessions.emg import RATE
from unshielded.tms_sessions.threshold import finite

#: Of each epoch, from its pulse, s.
BEFORE: Final = 0.2
AFTER: Final = 0.45

#: Activity has returned at this share of what it was before the pulse.
RETURNED: Final = 0.5

_SMOOTHING = 10e-3  # s, for the end
_LASTING = 30e-3  # s, during which activity that has returned is there
_MOST = 2 / 3  # of that time
_RISE = 3e-3  # s, for the beginning
_DEVIATIONS = 5.0  # above the mean before the pulse: a motor evoked potential
_RESAMPLES = 200


@dataclass(frozen=True)
class Silence:
    """A silent period.

    Attributes
    ----------
    duration
        From the beginning of the motor evoked potential to its end, s; NaN where there is no
        potential, no contraction, or no silence; infinite where activity does not return.
    low, high
        95 % interval, from resampled trials; NaN without a duration.
    onset, end
        After the pulse, s.
    activity
        Mean rectified electromyogram before the pulse, V.
    """

    duration: float
    low: float
    high: float
    onset: float
    end: float
    activity: float

    def as_json(self) -> dict[str, Any]:
        """Plain data in ms and mV; null where it is not a number."""
        return {
            "duration_ms": finite(1e3 * self.duration),
            "low_ms": finite(1e3 * self.low),
            "high_ms": finite(1e3 * self.high),
            "onset_ms": finite(1e3 * self.onset),
            "end_ms": finite(1e3 * self.end),
            "activity_mV": finite(1e3 * self.activity),
        }


def rectified_average(cut: Array) -> Array:
    """Return the mean rectified electromyogram over trials, one value per sample of an epoch."""
    average: Array = np.abs(cut).mean(axis=0)
    return average


def silent_period(
    cut: Array, response: ResponseWindow, random: np.random.Generator | None = None
) -> Silence:
    """Measure the silent period of pulses of one intensity.

    Parameters
    ----------
    cut
        Epochs [trial, sample] of the electromyogram from `BEFORE` before to `AFTER` after the
        pulse, V.
    response
        When, after the pulse, a motor evoked potential begins.
    random
        Draws the resampled trials; without it there is no interval.
    """
    onset, end, activity = _ends(rectified_average(cut), response)
    low = high = math.nan
    if random is not None and math.isfinite(end - onset):
        trials = len(cut)
        redrawn = [
            _ends(rectified_average(cut[random.integers(0, trials, trials)]), response)
            for _ in range(_RESAMPLES)
        ]
        lengths = np.array([e - o for o, e, _ in redrawn])
        lengths = lengths[np.isfinite(lengths)]
        if len(lengths) > _RESAMPLES // 2:
            low, high = np.percentile(lengths, [2.5, 97.5]).tolist()
    return Silence(end - onset, low, high, onset, end, activity)


def _ends(average: Array, response: ResponseWindow) -> tuple[float, float, float]:
    """Return onset and end after the pulse, and the activity before it."""
    pulse = round(BEFORE * RATE)
    before = average[:pulse]
    activity = float(before.mean())
    rising = uniform_filter1d(average, max(1, round(_RISE * RATE)))
    smooth = uniform_filter1d(average, max(1, round(_SMOOTHING * RATE)))
    limit = rising[:pulse].mean() + _DEVIATIONS * rising[:pulse].std()
    start = pulse + round(response.from_ * RATE)
    responding = np.flatnonzero(rising[start : pulse + round(response.until * RATE)] > limit)
    if activity <= 0 or not responding.size:
        return math.nan, math.nan, activity
    first = start + int(responding[0])
    silent = np.flatnonzero(smooth[first:] < RETURNED * activity)
    if not silent.size:
        return first / RATE - BEFORE, math.nan, activity
    from_ = first + int(silent[0])
    # a few spikes are no return: activity must also last
    active = (smooth >= RETURNED * activity).astype(float)
    ahead = round(_LASTING * RATE)
    share = uniform_filter1d(active, ahead, origin=-(ahead // 2))
    returned = (active > 0) & (share >= _MOST)
    back = np.flatnonzero(returned[from_:])
    end = (from_ + int(back[0])) / RATE - BEFORE if back.size else math.inf
    return first / RATE - BEFORE, end, activity
