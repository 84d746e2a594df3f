r"""Current through an electrode: a ramp from the start of the run, then a step, and a ramp down.

.. math::
    I(t) = I_0\,\min(t/T, 1)\,\min((t_1 - t)/T, 1)
"""

from unshielded.mechanism import Mechanism, Parameter

injection = Mechanism(
    name="injection",
    equations="""
    injection_fraction = clip(t/injection_ramp, 0, 1)*clip((injection_until - t)/injection_ramp, 0, 1) : 1 (shared)
    """,
    parameters=(
        Parameter(
            "injected_current", 0.0, "nA", "current that is injected, in the end", "assumed",
            rationale="an experimental condition", per_cell=True, low=-1e3, high=1e3,
        ),
        Parameter(
            "injection_ramp", 1e-3, "s", "time in which the current grows, and falls", "assumed",
            rationale="an experimental condition", low=1e-4, high=1e6,
            scales="fixed",  # what the experimenter does
        ),
        Parameter(
            "injection_until", 1e9, "s", "when the current has fallen to 0", "assumed",
            rationale="an experimental condition", low=0.0, high=1e9,
            scales="fixed",  # what the experimenter does
        ),
    ),
    contributes={"inward_current": "injected_current*injection_fraction"},
)  # fmt: skip
