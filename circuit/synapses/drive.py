r"""External drive: background afferents and the motor command, as Poisson releases.

.. math::
    \lambda_i(t) = (r_i + c_i\,m(t))\,\mathrm{d}t, \qquad
    m(t) = L\; \mathrm{ramp}(t)\; [\mathrm{frac}(f\,(t - t_0)) < d]

Each is glutamate of ``afferent_weight`` releases of unit size. Events come from a counter-based generator keyed by
neuron and step, so no lesion can shift another neuron's input; the mean
follows the command at the slow clock. ``command_*`` are set from the
``drive`` section of a config: rest (L = 0), sustained, rhythmic and ramp-and-hold are the same
equation with other numbers.
"""

from unshielded.mechanism import Mechanism, Parameter

drive = Mechanism(
    name="drive",
    equations="""
    motor_command = command_level*clip((t - command_from)/command_ramp, 0, 1)*clip((command_until - t)/command_ramp, 0, 1)*int(((t - command_from)*command_frequency) % 1 < command_duty) : 1 (shared)
    input_stream : integer (constant)
    """,
    parameters=(
        Parameter(
            "background_rate", 1000.0, "Hz", "rate of external releases at rest", "fitted",
            rationale="rates of layer 5 at rest (Potjans2014)", per_cell=True, low=0.0,
            high=8000.0,
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "afferent_weight", 1.0, "", "releases of unit size of one external event", "assumed",
            rationale="the unit of weight", per_cell=True, low=0.0, high=100.0,
        ),
        Parameter(
            "command_rate", 0.0, "Hz", "further releases at a motor command of 1", "fitted",
            rationale="a command of 1 gives a sustained contraction (10–20 Hz discharge)",
            per_cell=True, low=0.0, high=8000.0,
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "command_level", 0.0, "", "level of the motor command (set by drive.level)",
            "assumed", rationale="experimental condition", low=0.0, high=100.0,
        ),
        Parameter(
            "command_from", 0.0, "s", "start of the command", "assumed",
            rationale="experimental condition",
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "command_until", 1e9, "s", "end of the command", "assumed",
            rationale="experimental condition",
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "command_ramp", 0.01, "s", "rise and fall time of the command", "assumed",
            rationale="experimental condition", low=1e-4, high=1e6,
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "command_frequency", 0.0, "Hz", "repetition of a rhythmic command", "assumed",
            rationale="experimental condition", low=0.0, high=100.0,
            scales="fixed",  # input, not kinetics
        ),
        Parameter(
            "command_duty", 1.0, "", "active share of a rhythmic cycle", "assumed",
            rationale="experimental condition", low=0.0, high=1.0,
        ),
    ),
    provides={"motor_command": ""},
)  # fmt: skip
