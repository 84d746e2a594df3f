r"""The electromyogram: the sum of the potentials of all motor units.

Each spike of a motor neuron adds, after the conduction time of its axon, a biphasic potential, the
first-order Hermite–Rodriguez function that simulators of motor pools use [CisiKohn2008],

.. math::
    m(t) = A\,\sqrt{\tfrac{e}{2}}\;\frac{t}{\lambda}\,e^{-(t/\lambda)^2},

where :math:`A`, the unit's ``unit_potential_amplitude``, is measured from peak to peak, as motor
evoked potentials are. The peaks lie :math:`\sqrt{2}\lambda` apart; :math:`\lambda` = 2 ms gives a
potential of about 10 ms, as on the skin over a hand muscle (assumed). The potential starts when
the spike reaches the muscle: its middle comes :math:`2.5\lambda` later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from unshielded.arrays import AnyArray, Array, Integers

#: Samples per second.
RATE: Final = 4096.0

#: λ in the equation, in s.
TIME_SCALE: Final = 2e-3

#: Half of a unit potential, in s: what is left beyond is 0.6 % of the peak.
HALF_WIDTH: Final = 2.5 * TIME_SCALE

#: Spikes that are laid down at once; bounds the memory.
_BLOCK: Final = 100_000


@dataclass(frozen=True)
class Muscle:
    """The motor units of a muscle, one per motor neuron.

    Attributes
    ----------
    amplitude
        Peak to peak of the unit potential, V.
    delay
        From the spike in the soma to the muscle, s.
    """

    amplitude: Array
    delay: Array


@dataclass(frozen=True)
class MotorUnitSpikes:
    """Spikes of motor neurons, and the muscle that they drive.

    Attributes
    ----------
    times, units
        Of each spike: when (s), and the place of its neuron in the muscle.
    duration
        In s.
    """

    times: Array
    units: Integers
    muscle: Muscle
    duration: float


def unit_potential(time: Array, time_scale: float = TIME_SCALE) -> Array:
    """Return the potential of a unit of 1 V from peak to peak, around its middle.

    Parameters
    ----------
    time
        From the middle of the potential, s.
    time_scale
        λ, s.

    Examples
    --------
    >>> peak = TIME_SCALE / 2**0.5
    >>> unit_potential(np.array([-peak, 0.0, peak])).round(12).tolist()
    [-0.5, 0.0, 0.5]
    """
    x = np.asarray(time) / time_scale
    potential: Array = np.sqrt(np.e / 2) * x * np.exp(-(x**2))
    return potential


def emg(recording: MotorUnitSpikes) -> Array:
    """Return the electromyogram of a recording.

    Returns
    -------
    Array
        V, one value per 1/`RATE` s from the start to the end of the recording. The unit
        potentials are evaluated at the samples, not moved to them.
    """
    samples = round(recording.duration * RATE)
    signal = np.zeros(samples)
    width = int(np.ceil(2 * HALF_WIDTH * RATE)) + 1
    steps = np.arange(width)
    for first in range(0, len(recording.times), _BLOCK):
        part = slice(first, first + _BLOCK)
        units = recording.units[part]
        start = recording.times[part] + recording.muscle.delay[units]
        place = np.ceil(start * RATE).astype(np.int64)[:, None] + steps
        value = unit_potential(place / RATE - start[:, None] - HALF_WIDTH)
        value *= recording.muscle.amplitude[units][:, None]
        value[place / RATE > start[:, None] + 2 * HALF_WIDTH] = 0.0
        inside = place < samples
        signal += np.bincount(place[inside], value[inside], samples)
    return signal


def epochs(signal: Array, times: Array, start: float, stop: float) -> Array:
    """Cut a signal around events.

    Parameters
    ----------
    signal
        As :func:`emg` returns it.
    times
        Of the events, s.
    start, stop
        Of each epoch, from its event, s.

    Returns
    -------
    Array
        [event, sample]; zero where the epoch reaches beyond the signal.
    """
    count = round((stop - start) * RATE)
    first = np.round((np.asarray(times) + start) * RATE).astype(np.int64)
    place = first[:, None] + np.arange(count)
    outside = (place < 0) | (place >= len(signal))
    cut: Array = np.where(outside, 0.0, signal[np.clip(place, 0, max(len(signal) - 1, 0))])
    return cut


def peak_to_peak(cut: AnyArray) -> Array:
    """Return the amplitude of each epoch: its highest value minus its lowest."""
    return np.ptp(cut, axis=1) if cut.size else np.zeros(len(cut))
