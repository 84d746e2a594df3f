"""Statistics of spike trains: rates, irregularity, correlation, spectrum, synchrony, bursts.

Elephant has most of these, one train at a time and on the objects of neo. Here they are sums over
all spikes of a population, so a run of minutes takes a second.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from unshielded.arrays import Array, Integers
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.reading.read import RunFile

#: Fewer intervals say little about their spread: their CV is biased towards 0.
LEAST_INTERVALS = 10
#: Window of counts whose correlation is taken (s), as in Renart2010.
CORRELATED = 0.05
#: Bins of the population's spikes (s). Powers of two hold a whole number of the engine's steps, all
#: the same; with 1 ms, bins of 8 and 9 steps would alternate, and seem a rhythm of 192 Hz.
FINE, SAMPLE = 2.0**-8, 2.0**-10
#: Bins in which a burst is looked for: 51 ms.
TOGETHER = 13
#: Length of a segment of the spectrum (s), and the lowest frequency of a peak (Hz): one segment
#: holds two periods of it.
SEGMENT, LOWEST = 1.0, 2.0
#: Refractoriness in LvR (s), as in Shinomoto2009.
REFRACTORY = 0.005


@dataclass(frozen=True)
class Trains:
    """The spikes of a population in a window.

    Attributes
    ----------
    time, neuron
        Of every spike: s from the start of the run, and number in the population.
    start, stop
        The window (s).
    lived
        How long each neuron was alive and not lost in the window (s).
    """

    population: str
    time: Array
    neuron: Integers
    start: float
    stop: float
    lived: Array

    @property
    def size(self) -> int:
        """Number of neurons, dead and lost ones included."""
        return len(self.lived)

    @property
    def duration(self) -> float:
        """Length of the window (s)."""
        return self.stop - self.start

    def whole(self) -> Trains:
        """Return the neurons that live through the whole window, numbered anew."""
        kept = self.lived >= self.duration
        number = np.cumsum(kept) - 1
        mine = kept[self.neuron]
        return Trains(
            self.population,
            self.time[mine],
            number[self.neuron[mine]],
            self.start,
            self.stop,
            self.lived[kept],
        )


@dataclass(frozen=True)
class Activity:
    """What the spikes of a population say; None where there are too few.

    Attributes
    ----------
    n
        Neurons that were alive and not lost for some of the window. What follows is of these.
    mean_rate_hz, sd_rate_hz
        Of the neurons' rates while they lived (sample standard deviation).
    silent_percent
        Neurons without a spike.
    cv, cv2, lvr
        Irregularity of the intervals, mean over neurons, see :func:`irregularity`.
    correlation
        Mean over all pairs, see :func:`correlation`.
    fano_factor
        Of the population's counts in 4 ms: 1 for independent Poisson trains, up to the number of
        neurons where all fire together.
    peak_frequency_hz, peak_power
        Where the spectrum of the population's rate is highest, and how many times that of
        independent Poisson trains it is there; None where no peak stands out.
    burst_rate_hz
        See :func:`burst_rate`.
    """

    population: str
    n: int
    mean_rate_hz: float | None
    sd_rate_hz: float | None
    silent_percent: float | None
    cv: float | None
    cv2: float | None
    lvr: float | None
    correlation: float | None
    fano_factor: float | None
    peak_frequency_hz: float | None
    peak_power: float | None
    burst_rate_hz: float | None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def activity(run: RunFile, start: float = 0.0, stop: float | None = None) -> list[Activity]:
    """Describe every population of a run that has neurons, in a window.

    Raises
    ------
    NoSuchEntry
        If spikes were not recorded, or the window is not in the run or shorter than 1 s.
    """
    return [describe(trains(run, p.name, start, stop)) for p in run.populations if p.size]


def trains(run: RunFile, population: str, start: float = 0.0, stop: float | None = None) -> Trains:
    """Read the spikes of a population from `start` to `stop` (s; None is the end of the run).

    Raises
    ------
    NoSuchEntry
        If spikes were not recorded, or the window is not in the run or shorter than 1 s.
    """
    stop = run.duration if stop is None else stop
    if not 0 <= start < stop <= run.duration:
        raise NoSuchEntry(
            f"{run.path}: the window from {start:g} to {stop:g} s is not in the run; expected one "
            f"between 0 and {run.duration:g} s"
        )
    if stop - start < SEGMENT:
        raise NoSuchEntry(
            f"{run.path}: the window from {start:g} to {stop:g} s is too short for a spectrum; "
            f"expected at least {SEGMENT:g} s"
        )
    _check_recorded(run)
    time, neuron = run.spikes(population)
    inside = (time >= start) & (time < stop)
    about = run.population(population)
    died = np.full(about.size, np.inf)
    if about.carries_calcium and about.size:
        found = run.fate(population)["time_of_death"]
        died = np.where(np.isfinite(found), found, np.inf)
    lost, restored = run.lost(population)
    there = np.clip(np.minimum(died, stop) - start, 0.0, None)
    gone = np.clip(np.minimum(restored, stop) - np.maximum(lost, start), 0.0, None)
    lived = np.clip(there - gone, 0.0, None)
    return Trains(population, time[inside], neuron[inside], start, stop, lived)


def _check_recorded(run: RunFile) -> None:
    """Tell a silent circuit from one whose spikes were only counted."""
    if any(run.n_spikes(p.name) for p in run.populations):
        return
    if any(run.series(p.name, "spike_count").values.sum() for p in run.populations):
        raise NoSuchEntry(
            f"{run.path}: single spikes were not recorded; set record.spikes: true in the config, "
            "then run again"
        )


def describe(given: Trains) -> Activity:
    """Describe the spikes of a population."""
    alive = given.lived > 0
    each = rates(given)[alive]
    cv, cv2, lvr = (values[np.isfinite(values)] for values in irregularity(given))
    peak = highest(*spectrum(given), given.duration)
    return Activity(
        population=given.population,
        n=int(alive.sum()),
        mean_rate_hz=_mean(each),
        sd_rate_hz=float(each.std(ddof=1)) if len(each) > 1 else None,
        silent_percent=_mean(100.0 * (each == 0)),
        cv=_mean(cv),
        cv2=_mean(cv2),
        lvr=_mean(lvr),
        correlation=_number(correlation(given)),
        fano_factor=_number(fano_factor(given)),
        peak_frequency_hz=None if peak is None else peak[0],
        peak_power=None if peak is None else peak[1],
        burst_rate_hz=_number(burst_rate(given)),
    )


def rates(given: Trains) -> Array:
    """Return the rate of each neuron while it lived (Hz); not a number where it did not."""
    spikes = np.bincount(given.neuron, minlength=given.size).astype(float)
    rate = np.full(given.size, np.nan)
    np.divide(spikes, given.lived, out=rate, where=given.lived > 0)
    return rate


def intervals(given: Trains) -> tuple[Array, Integers]:
    """Return all interspike intervals (s) and whose they are, neuron by neuron in time."""
    order = np.lexsort((given.time, given.neuron))
    time, neuron = given.time[order], given.neuron[order]
    same = neuron[1:] == neuron[:-1]
    return np.diff(time)[same], neuron[1:][same]


def irregularity(given: Trains) -> tuple[Array, Array, Array]:
    """Return CV, CV2 and LvR of each neuron's intervals, with Iₖ the k-th of its m intervals.

    ``CV = SD(I)/mean(I)``, ``CV2 = mean of 2·|Iₖ₊₁ − Iₖ|/(Iₖ₊₁ + Iₖ)`` (Holt1996),
    ``LvR = 3/(m − 1)·Σ (1 − 4·Iₖ·Iₖ₊₁/(Iₖ + Iₖ₊₁)²)·(1 + 4·R/(Iₖ + Iₖ₊₁))`` with R = 5 ms
    (Shinomoto2009). All are 0 for a clock; CV and CV2 are 1 for a Poisson train; CV2 and LvR do
    not see slow changes of the rate. Not a number with fewer than 10 intervals.
    """
    interval, neuron = intervals(given)
    number = np.bincount(neuron, minlength=given.size)
    enough = number >= LEAST_INTERVALS

    def mean(values: Array, owner: Integers, of: Integers) -> Array:
        total = np.bincount(owner, values, minlength=given.size)
        found = np.full(given.size, np.nan)
        np.divide(total, of, out=found, where=enough)
        return found

    average = mean(interval, neuron, number)
    deviation = np.sqrt(mean((interval - average[neuron]) ** 2, neuron, number))
    pair = neuron[1:] == neuron[:-1]
    first, second, owner = interval[:-1][pair], interval[1:][pair], neuron[1:][pair]
    both = first + second
    cv2 = mean(2 * np.abs(second - first) / both, owner, number - 1)
    local = (1 - 4 * first * second / both**2) * (1 + 4 * REFRACTORY / both)
    return deviation / average, cv2, 3 * mean(local, owner, number - 1)


def correlation(given: Trains, width: float = CORRELATED) -> float:
    """Return Pearson's correlation of spike counts in bins, mean over all pairs of neurons.

    With zᵢ the counts of neuron i, less their mean and over their standard deviation, and N
    neurons, the sum over pairs is ``(var(Σ zᵢ) − N)/2``: no pair need be looked at. Neurons that
    are silent, or die in the window, are left out; not a number with fewer than two others.
    """
    kept = given.whole()
    bins = int(kept.duration / width + 1e-9)
    place = ((kept.time - kept.start) / width).astype(np.int64)
    inside = place < bins
    key, count = np.unique(
        kept.neuron[inside] * bins + place[inside], return_counts=True
    )  # occupied bins only
    neuron, place = key // bins, key % bins
    total = np.bincount(neuron, count, minlength=kept.size)
    variance = np.bincount(neuron, count**2, minlength=kept.size) / bins - (total / bins) ** 2
    varies = variance > 0
    n = int(varies.sum())
    if n < 2:
        return float("nan")
    weight = np.divide(1.0, np.sqrt(np.where(varies, variance, 1.0)), where=varies,
                       out=np.zeros(kept.size))  # fmt: skip
    together = np.bincount(place, count * weight[neuron], minlength=bins)
    return float((together.var() - n) / (n * (n - 1)))


def spectrum(given: Trains) -> tuple[Array, Array]:
    """Return frequencies (Hz) and the power of the population's rate over that of Poisson trains.

    Welch's estimate (Hann windows of 1 s, half overlapping), over twice the mean rate of the
    population, which independent Poisson trains have at every frequency, whatever their number.
    Not a number without spikes.
    """
    from scipy.signal import welch  # slow to import

    count = _counts(given, SAMPLE)
    samples = round(SEGMENT / SAMPLE)
    frequency, power = welch(count / SAMPLE, fs=1 / SAMPLE, nperseg=samples, detrend="constant")
    rate = count.sum() / (len(count) * SAMPLE)
    return frequency, power / (2 * rate) if rate > 0 else np.full(len(frequency), np.nan)


def highest(frequency: Array, power: Array, duration: float) -> tuple[float, float] | None:
    """Return place and height of a spectrum's peak, or None where there may be none.

    Only above 2 Hz, and only if it is higher than the highest of 95 % of the spectra of
    independent Poisson trains: power averaged over K segments is χ² with 2K degrees of freedom
    over 2K. Neighbours overlap by half, which with Hann windows leaves K/(1 + 2/36).
    """
    from scipy.stats import chi2

    high = frequency >= LOWEST
    if not np.isfinite(power).all():
        return None
    freedom = 2 * (2 * duration / SEGMENT - 1) / (1 + 2 / 36)
    level = chi2.isf(0.05 / np.count_nonzero(high), freedom) / freedom
    peak = int(np.argmax(np.where(high, power, -np.inf)))
    return (float(frequency[peak]), float(power[peak])) if power[peak] > level else None


def fano_factor(given: Trains, width: float = FINE) -> float:
    """Return variance over mean of the population's spike counts in bins."""
    count = _counts(given, width)
    return float(count.var() / count.mean()) if count.any() else float("nan")


def burst_rate(given: Trains) -> float:
    """Return the rate (Hz) that a population exceeds in 0.1 % of all windows of 51 ms.

    Per neuron that fires at all and is alive, so that neurons which were lost from the circuit do
    not hide the bursts of the others; one that was lost and came back counts as if it had been there
    first. The windows overlap, 4 ms apart.
    """
    fires = np.bincount(given.neuron, minlength=given.size) > 0
    if not fires.any():
        return 0.0
    count = np.convolve(_counts(given, FINE), np.ones(TOGETHER), mode="valid")
    active = _living(given.lived[fires], FINE, len(count))
    some = active > 0
    return float(np.percentile(count[some] / active[some] / (TOGETHER * FINE), 99.9))


def _counts(given: Trains, width: float) -> Array:
    """Spikes of the whole population in the bins that fit the window."""
    bins = int(given.duration / width + 1e-9)
    place = ((given.time - given.start) / width).astype(np.int64)
    return np.bincount(place[place < bins], minlength=bins).astype(float)


def _living(lived: Array, width: float, bins: int) -> Integers:
    """How many neurons are alive at the start of each bin."""
    dead = np.searchsorted(np.sort(lived), np.arange(bins) * width, side="right")
    return (len(lived) - dead).astype(np.int64)


def _mean(values: Array) -> float | None:
    return float(values.mean()) if len(values) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
