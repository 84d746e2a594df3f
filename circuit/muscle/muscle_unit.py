r"""Muscle unit: twitches add up, and fuse.

Each spike of a motor neuron starts a twitch; all units have the critically damped response of
Fuglevand et al. (1993), with the force :math:`P` and the contraction time :math:`T` of the unit:

.. math::
    T\dot a = -a, \quad a \mathrel{+}= e \text{ per spike}, \qquad
    T\dot b = a - b \quad\Rightarrow\quad b(t) = \frac{t}{T}\,e^{1 - t/T}

In a steady train of interval :math:`I` the mean of :math:`b` is :math:`e\,x` with :math:`x = T/I`,
so :math:`x = b/e` stands for the normalised rate in their gain, which holds from
:math:`x = 0.4` on; below, twitches add up linearly:

.. math::
    F = P\,e \begin{cases} x & x \le 0.4 \\ r\,(1 - e^{-2x^3}) & x > 0.4 \end{cases}, \qquad
    r = \frac{0.4}{1 - e^{-2 \times 0.4^3}}

A lone twitch peaks at :math:`P` after :math:`T`; the fused tetanus has :math:`e\,r = 9.05` times
its force. What is recorded is the average over about a second. The twitch
starts with the spike: the conduction time of the axon is of use to the electromyogram alone.
"""

import math

from unshielded.mechanism import Q10, Mechanism, Parameter, Recorded

#: Tetanic force over twitch force.
_FUSED = 0.4 / (1 - math.exp(-2 * 0.4**3))

motor_axon = Mechanism(
    name="motor_axon",
    q10=Q10(1.4, "measured", "Lowitzsch1977", "conduction in human sensory nerve, 20–35 °C"),
    observes=True,
    equations="""
    motor_discharges : 1
    """,
    parameters=(
        Parameter(
            "axon_conduction_time", 0.0, "ms", "time from the soma to the muscle fibres",
            "assumed", rationale="0 where there is no muscle; motor units have their own",
            per_cell=True, low=0.0, high=1e3,
        ),
        Parameter(
            "unit_potential_amplitude", 0.0, "uV", "peak of the motor unit's surface potential",
            "assumed", rationale="0 where there is no muscle; motor units have their own",
            per_cell=True, low=0.0, high=1e5,
        ),
    ),
    requires={"alive": ""},
    provides={"motor_discharges": ""},
    on_spike="motor_discharges += alive",
)  # fmt: skip

muscle_unit = Mechanism(
    name="muscle_unit",
    q10=Q10(1.43, "measured", "Ranatunga1987", "time to the peak of a twitch, first dorsal interosseus of humans, 25–35 °C"),
    observes=True,
    equations=f"""
    dtwitch_onset/dt = (2.718281828459045*motor_firing_rate*twitch_contraction_time - twitch_onset)/twitch_contraction_time : 1
    dtwitch_sum/dt = (twitch_onset - twitch_sum)/twitch_contraction_time : 1
    dforce/dt = (unit_force - force)/force_averaging_time : newton
    motor_firing_rate : hertz
    twitch_overlap = twitch_sum/2.718281828459045 : 1
    unit_force = 2.718281828459045*twitch_force*clip(twitch_overlap, {_FUSED!r}*(1 - exp(-2*twitch_overlap**3)), {_FUSED!r}) : newton
    """,
    parameters=(
        Parameter(
            "twitch_force", 0.0, "mN", "peak of a lone twitch", "assumed",
            rationale="0 where there is no muscle; motor units have their own",
            per_cell=True, low=0.0, high=1e5,
        ),
        Parameter(
            "twitch_contraction_time", 50.0, "ms", "time to the peak of a lone twitch", "assumed",
            rationale="motor units have their own", per_cell=True, low=20.0, high=1e3,
        ),
        Parameter(
            "force_averaging_time", 1.0, "s", "over which the recorded force is averaged",
            "assumed", rationale="longer than any twitch, shorter than a contraction", low=0.02,
            high=1e3,
            scales="fixed",  # of the recording
        ),
    ),
    requires={"motor_discharges": ""},
    provides={"force": "N", "unit_force": "N"},
    before_step="""
    motor_firing_rate = motor_discharges/dt
    motor_discharges = 0
    """,
    records=(
        Recorded("force", "mN", "force of the motor unit, averaged over a second"),
    ),
)  # fmt: skip
