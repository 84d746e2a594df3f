r"""Size relations of motor units: one number, the rheobase, gives the rest.

.. math::
    I_{th} &= 2.7\times10^{-2}\, R^{-1.04}, \qquad C = 1.5\times10^{-6}\, R^{-0.40} \\
    D_{AHP} &= 1.3\times10^{-5}\, R^{0.62}, \qquad v = 4.9\times10^{3}\, R^{-0.29}

in SI units, over cat motor neurons (Caillet et al. 2022, table 4): at 1 MΩ 15.5 nA, 6.0 nF,
68 ms and 89 m/s. A leaky integrator is one compartment, so its time constant is
:math:`RC = 1.5\times10^{-6}R^{0.60}` (6.0 ms at 1 MΩ); the table's own,
:math:`9.6\times10^{-7}R^{0.61}` (4.4 ms), is that of a cable. What the table does not hold follows
the membrane area (receptors, calcium, volume: :math:`\propto C`) or the recruitment order (force).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from unshielded.mechanism import Kind

#: Slow, fatigue-resistant and fatigable units.
UnitType = Literal["S", "FR", "FF"]

#: Type → rheobase of the first and of the last neuron (nA), as in the cat model of Elias & Kohn
#: (2013).
RHEOBASES: Mapping[UnitType, tuple[float, float]] = {
    "S": (3.5, 6.5),
    "FR": (6.5, 17.5),
    "FF": (17.5, 22.1),
}

#: The smallest and the largest neuron of the whole pool, nA.
SMALLEST, LARGEST = RHEOBASES["S"][0], RHEOBASES["FF"][1]

_MEMBRANE = 1e-2  # specific capacitance, F/m²: 1 µF/cm²
_EXTRUSION = 313e-6  # calcium extruded per membrane area and free calcium, m/s
_DEPTH = 0.73e-6  # volume over area, m: 25.9e3 µm³ over 35.3e3 µm² per dendrite
_AHP_DRIVE = 40e-3  # mean distance of a firing cell's membrane from E_K, V
_REFILL = 8e-3  # from the reset to the threshold, V
_GAIN = 1.9e9  # slope of rate against current, Hz/A
_REACH = 0.75  # from the cervical cord to a hand muscle, m
_FASTEST = 65.0  # conduction velocity of the largest axon to a hand muscle, m/s
_AXON_CAPACITANCE = 2.3e-9  # of a myelinated axon, per length, F/m
_QUANTA, _FIBRES = (
    30.0,
    21.0,
)  # released at a junction by a spike; muscle fibres of the smallest unit
_JUNCTION = 1e-3  # delay of the neuromuscular junction, s
_WEAKEST, _FORCE_RANGE = 1.0, 100.0  # twitch of the smallest unit, mN; largest over smallest
_SLOWEST, _TIME_POWER = 90.0, 1 / 4.2  # contraction time of the smallest unit, ms


def rheobase(resistance: float) -> float:
    """Return the current (A) that just fires a cell of this input resistance (ohm)."""
    return 2.7e-2 * math.pow(resistance, -1.04)


def resistance(rheobase: float) -> float:
    """Return the input resistance (ohm) of a cell of this rheobase (A).

    It inverts :func:`rheobase`; the regression the other way round, ``3.1e-2*I**-0.96``, gives
    3 % less at 3.5 nA and 2 % more at 22.1 nA.
    """
    return math.pow(rheobase / 2.7e-2, -1 / 1.04)


def capacitance(resistance: float) -> float:
    """Return the membrane capacitance (F) at an input resistance (ohm)."""
    return 1.5e-6 * math.pow(resistance, -0.40)


def membrane_time_constant(resistance: float) -> float:
    """Return the measured (cable) time constant (s) at an input resistance (ohm)."""
    return 9.6e-7 * math.pow(resistance, 0.61)


def ahp_duration(resistance: float) -> float:
    """Return the duration of the after-hyperpolarisation (s) at an input resistance (ohm)."""
    return 1.3e-5 * math.pow(resistance, 0.62)


def conduction_velocity(resistance: float) -> float:
    """Return the conduction velocity of the cat's motor axon (m/s) at an input resistance (ohm)."""
    return 4.9e3 * math.pow(resistance, -0.29)


def ahp_time_constant(resistance: float) -> float:
    """Return the decay (s) of the after-hyperpolarising conductance: a third of the duration.

    An exponential has fallen to 5 % after three time constants, about where a recording loses it.
    """
    return ahp_duration(resistance) / 3


def ahp_increment(resistance: float) -> float:
    r"""Return the conductance (S) per spike that gives all units one gain of rate over current.

    In a sustained discharge the current above rheobase is paid out spike by spike, so

    .. math:: dI/df = \Delta g\,\tau\,(V - E_K) + C\,\Delta V

    with a mean :math:`V - E_K` of 40 mV and 8 mV from reset to threshold.
    """
    charge = 1 / _GAIN - capacitance(resistance) * _REFILL
    return charge / (ahp_time_constant(resistance) * _AHP_DRIVE)


def mitochondrial_fraction(resistance: float) -> float:
    """Return the matrix volume over the cytosol's, a power of the resistance: 0.11 at 1 MΩ."""
    return 0.11 * math.pow(resistance / 1e6, 0.15)


def twitch_force(resistance: float) -> float:
    """Return the peak of a twitch (mN): over the pool 1 to 100, a power of the rheobase."""
    power = math.log(_FORCE_RANGE) / math.log(LARGEST / SMALLEST)
    return _WEAKEST * math.pow(rheobase(resistance) / (SMALLEST * 1e-9), power)


def twitch_contraction_time(resistance: float) -> float:
    """Return the time (ms) to the peak of a twitch: Fuglevand's power of its force, 90 to 30."""
    return _SLOWEST * math.pow(twitch_force(resistance) / _WEAKEST, -_TIME_POWER)


def axon_conduction_time(resistance: float) -> float:
    """Return the time (ms) from the soma to a hand muscle's fibres, the junction included.

    Human axons are slower than the cat's: its velocities, scaled to 65 m/s in the largest unit.
    """
    largest = conduction_velocity(_resistance_at(LARGEST))
    velocity = _FASTEST * conduction_velocity(resistance) / largest
    return 1e3 * (_REACH / velocity + _JUNCTION)


@dataclass(frozen=True)
class Relation:
    """How a parameter of the catalogue follows a motor neuron's size, and on what evidence.

    ``of`` takes the input resistance in ohm and returns the value in ``unit``.
    """

    unit: str
    of: Callable[[float], float]
    kind: Kind
    source: str
    note: str


def _per_capacitance(
    unit: str, per_picofarad: float, note: str, kind: Kind = "assumed", source: str = ""
) -> Relation:
    return Relation(unit, lambda r: per_picofarad * capacitance(r) * 1e12, kind, source, note)


#: Parameter → its relation to size.
RELATIONS: Mapping[str, Relation] = {
    "leak_conductance": Relation(
        "nS", lambda r: 1e9 / r, "measured", "Caillet2022", "adult cat, input resistance from "
        "the rheobase"
    ),
    "membrane_capacitance": _per_capacitance(
        "pF", 1.0, "adult cat, from the input resistance", "measured", "Caillet2022"
    ),
    "ahp_time_constant": Relation(
        "ms", lambda r: 1e3 * ahp_time_constant(r), "fitted", "Caillet2022", "a third of the "
        "duration in adult cats, when 5 % are left"
    ),
    "ahp_increment": Relation(
        "nS", lambda r: 1e9 * ahp_increment(r), "fitted", "Meehan2010", "1.9 Hz/nA in cats, in "
        "units of every size"
    ),
    "cytosolic_volume": Relation(
        "pL", lambda r: 1e15 * capacitance(r) / _MEMBRANE * _DEPTH, "measured", "Cameron1985",
        "area at 1 µF/cm² × 0.73 µm: dendrites of phrenic motor neurons of the cat, 97 % of the area"
    ),
    "extrusion_rate": Relation(
        "1/s", lambda _: _EXTRUSION / _DEPTH, "fitted", "Markram1998", "313 µm/s per membrane area, as in "
        "pyramidal cells, over 0.73 µm; calibrated"
    ),
    "ampa_conductance": _per_capacitance(
        "uS", 9.3e-3, "9.3 nS/pF, calibrated; 6 nS/pF in pyramidal cells", "fitted"
    ),
    "nmda_conductance": _per_capacitance(
        "uS",
        0.31e-3,
        "a third of the density of pyramidal cells, 0.85 nS/pF: NMDA receptors are transiently "
        "overexpressed in the newborn cord, Ia potentials are AMPA's",
        source="Vinay2000",
    ),
    "inhibitory_conductance_scale": _per_capacitance(
        "", 1 / 200, "receptor density of the pyramidal cells, 1 at 200 pF"
    ),
    "calcium_per_spike": _per_capacitance(
        "pC",
        0.0054,
        "per pF of membrane in cells of every size; calibrated",
        "fitted",
        "Palecek1999",
    ),
    "calcium_channel_conductance": _per_capacitance(
        "nS", 0.0158, "channel density of 0.016 nS/pF, calibrated: under a glutamate agonist calcium channels bring in "
        "more than two thirds of the calcium (voltage clamp takes 70 % of the rise away). Persistent currents of 4–8 nA; "
        "in the cat they are alike in cells of all sizes (Lee1998)", "fitted", "Metzger2000"
    ),
    "mitochondrial_fraction": Relation(
        "", mitochondrial_fraction, "assumed", "Fogarty2021", "11 % at 1 MΩ, as in "
        "phrenic motor neurons; more in small ones, whose slope is not at hand: a sixth more in the "
        "smallest than in the middle, a tenth less in the largest"
    ),
    "katp_conductance": _per_capacitance(
        "nS", 5e-3, "channel density of the pyramidal cells, 0.005 nS/pF"
    ),
    "axonal_spike_charge": Relation(
        "pC", lambda _: 1e12 * _AXON_CAPACITANCE * _REACH * 0.1 * 1.3, "assumed", "Tasaki1955", "0.75 m of axon "
        "with 1.3 pF/mm of myelin and a node of 1 pF each millimetre, 100 mV, × 1.3; capacitance per length does "
        "not depend on calibre. Paid by the mitochondria of the cell body: those of the axon are left out"
    ),
    "vesicles_per_spike": Relation(
        "", lambda r: _QUANTA * _FIBRES * twitch_force(r) / _WEAKEST, "assumed", "Enoka2001", "30 quanta at each "
        "human junction; 21 fibres in the smallest unit of a hand muscle to some 2,000 in the largest, as force"
    ),
    "twitch_force": Relation(
        "mN", twitch_force, "measured", "MilnerBrown1973", "first dorsal interosseous, 0.1–10 g"
    ),
    "twitch_contraction_time": Relation(
        "ms", twitch_contraction_time, "measured", "MilnerBrown1973", "first dorsal "
        "interosseous, 30–100 ms, shorter in stronger units"
    ),
    "unit_potential_amplitude": Relation(
        "uV", lambda r: 40 * math.sqrt(twitch_force(r) / _WEAKEST), "assumed", "", "square root "
        "of force, 40–400 µV; all units add up to a maximal M wave of some 15–20 mV"
    ),
    "axon_conduction_time": Relation(
        "ms", axon_conduction_time, "fitted", "Caillet2022", "0.75 m at 39–65 m/s, and 1 ms; "
        "motor axons to the human hand conduct at 34–66 m/s"
    ),
}  # fmt: skip


def motor_unit(rheobase: float) -> dict[str, float]:
    """Return the parameters of one motor neuron, in the units of :data:`RELATIONS`.

    Parameters
    ----------
    rheobase
        Its rheobase, nA.

    Raises
    ------
    ValueError
        If the rheobase is not positive.
    """
    if not rheobase > 0:
        raise ValueError(f"a rheobase of {rheobase} nA: expected one above 0")
    at = _resistance_at(rheobase)
    return {name: relation.of(at) for name, relation in RELATIONS.items()}


def pool(
    first: float, last: float
) -> tuple[dict[str, tuple[float, str, Kind, str, str]], dict[str, tuple[float, float]]]:
    """Return the middle neuron of a range of rheobases, and how the ends differ from it.

    Parameters
    ----------
    first, last
        Rheobase of the first and of the last neuron, nA; the middle is the geometric one.

    Returns
    -------
    middle
        Parameter → value, unit, kind, source, and preparation (measured) or rationale.
    gradients
        Parameter → factor of the first and of the last neuron; without those that do not change.
        Powers of the resistance, so geometric in between; the AHP increment and the conduction
        time nearly so.
    """
    middle = motor_unit(math.sqrt(first * last))
    ends = motor_unit(first), motor_unit(last)
    gradients = {
        name: (ends[0][name] / value, ends[1][name] / value) for name, value in middle.items()
    }
    rows = {n: (middle[n], r.unit, r.kind, r.source, r.note) for n, r in RELATIONS.items()}
    return rows, {n: g for n, g in gradients.items() if not math.isclose(*g)}


def _resistance_at(nanoamperes: float) -> float:
    return resistance(nanoamperes * 1e-9)
