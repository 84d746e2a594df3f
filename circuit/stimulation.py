r"""Transcranial magnetic stimulation: what a pulse of a given intensity does to the cortex.

A pulse of intensity :math:`S` (per cent of the maximum stimulator output) recruits a share of the
excitatory fibres that end on cortical cells, with log-normal thresholds,

.. math::
    F(S) = \Phi\!\left(\frac{\ln(S/S_{50})}{\sigma}\right),

which release glutamate there in a train of volleys 1.5 ms apart, as the relays of layers 2 and 3 fire
repeatedly: the cause of I-waves [DiLazzaro2012]. To fire again relays need input from many fibres, so
later volleys are smaller by :math:`s^2/(s^2 + h^2)` where the pulse has fired a share :math:`s` of the fibres: weak pulses
have hardly any. It fires a neuron's own axon where
:math:`S` exceeds the neuron's ``axon_threshold``: interneurons at low intensities, corticospinal axons
at high ones (the D-wave). Fibres that an earlier pulse has fired do not answer again
within their refractory period, and what the later pulse fires is less by them, in its later volleys most.

The pulses themselves come from the ``stimulation`` section of a config; :func:`volleys` turns them
into times and sizes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from unshielded.mechanism import Q10, Mechanism, Parameter

tms = Mechanism(
    name="tms",
    q10=Q10(1.4, "measured", "Lowitzsch1977", "conduction in human sensory nerve, 20–35 °C"),
    equations="""
    stimulus_intensity : 1 (shared)
    afferent_volley : 1 (shared)
    """,
    parameters=(
        Parameter(
            "axon_threshold", 1e6, "", "intensity that fires the neuron's axon, per cent of maximum "
            "output", "assumed", rationale="neurons outside the cortex are not reached",
            per_cell=True, spread=0.25, low=1.0, high=1e9,
        ),
        Parameter(
            "afferent_releases", 0.0, "", "releases of unit size from all stimulated afferents of "
            "a neuron, in the first volley", "assumed", rationale="none outside the cortex; cells "
            "differ in how many of their afferents lie in the field", per_cell=True, spread=1.0, low=0.0, high=1e4,
        ),
        Parameter(
            "afferent_threshold", 60.0, "", "intensity that recruits half of the afferents, per cent "
            "of maximum output", "fitted", rationale="resting motor threshold at 45–65 % of maximum "
            "output", low=1.0, high=1e4,
        ),
        Parameter(
            "afferent_threshold_spread", 0.45, "", "standard deviation of the logarithm of fibres' "
            "thresholds", "fitted", source="Vucic2008", rationale="mean short-interval inhibition of "
            "6–8.5 % (validation V8)", low=0.01, high=3.0,
        ),
        Parameter(
            "afferent_delay", 1.0, "ms", "from the pulse to the first volley at the cells", "assumed",
            rationale="conduction and one synapse: the first I-wave follows the D-wave by 1.2–1.5 ms",
            low=0.0, high=20.0,
        ),
        Parameter(
            "volley_interval", 1.5, "ms", "between volleys", "measured", source="DiLazzaro2012",
            preparation="epidural recordings in humans", low=0.2, high=20.0,
        ),
        Parameter(
            "second_volley", 0.7, "", "size of the second volley over the first, if all relays fire again", "assumed",
            source="DiLazzaro2012", rationale="later I-waves are smaller at low intensity",
            low=0.0, high=10.0,
        ),
        Parameter(
            "third_volley", 0.5, "", "size of the third volley over the first, if all relays fire again", "assumed",
            source="DiLazzaro2012", rationale="as for the second", low=0.0, high=10.0,
        ),
        Parameter(
            "relay_share", 0.4, "", "share of the fibres by which the relays fire again in half",
            "fitted", source="DiLazzaro2012", rationale="inhibition at 1 ms (validation V8), by trial; pulses below motor "
            "threshold evoke no volleys in the spinal cord, and the number of volleys grows with intensity", low=0.0, high=1.0,
        ),
        Parameter(
            "fibre_refractory_period", 1.2, "ms", "in which a fibre does not fire again", "fitted",
            rationale="inhibition at 1 and 2.5 ms (validation V8), by trial; refractory periods of cortical axons, about 1–2 ms", low=0.0, high=20.0,
            q10=Q10(3.1, "measured", "Lowitzsch1977", "absolute refractory period of human sensory nerve, 20–35 °C"),
        ),
    ),
    provides={"stimulus_intensity": "", "afferent_volley": ""},
)  # fmt: skip


def recruited(intensity: float, values: Mapping[str, float]) -> float:
    """Return the share of afferent fibres that a pulse fires.

    Parameters
    ----------
    intensity
        Per cent of the maximum stimulator output.
    values
        Parameter → SI value.
    """
    if intensity <= 0:
        return 0.0
    z = math.log(intensity / values["afferent_threshold"]) / values["afferent_threshold_spread"]
    return 0.5 * math.erfc(-z / math.sqrt(2))


def volleys(
    pulses: Iterable[tuple[float, float]], values: Mapping[str, float]
) -> Iterator[tuple[float, float]]:
    """Yield the time (s) and size of each volley of a train of pulses.

    Parameters
    ----------
    pulses
        Time (s) and intensity of each, in order of time.
    values
        Parameter → SI value.
    """
    sizes = (1.0, values["second_volley"], values["third_volley"])
    refractory = values["fibre_refractory_period"]
    fired: list[tuple[float, float, float]] = []  # when, and the fibres from a share to a share
    for time, intensity in pulses:
        # Thresholds are nested: a pulse reaches the fibres below its share, less those that have
        # just fired.
        fired = [earlier for earlier in fired if time - earlier[0] < refractory]
        fresh = [(0.0, recruited(intensity, values))]
        for _, low, high in fired:
            pieces = [((a, min(b, low)), (max(a, high), b)) for a, b in fresh]
            fresh = [(a, b) for pair in pieces for a, b in pair if a < b]
        fired += [(time, a, b) for a, b in fresh]
        share = sum(b - a for a, b in fresh)
        relayed = share**2 / (share**2 + values["relay_share"] ** 2) if share > 0 else 0.0
        for number, size in enumerate((sizes[0], *(relayed * size for size in sizes[1:]))):
            if share * size > 0:
                when = time + values["afferent_delay"] + number * values["volley_interval"]
                yield when, share * size
