"""A sweep: many complete experiments, each computed into its own folder by whoever is at hand.

`plan` says what there is to compute, `point` computes one, an executor (`local`, `cluster`) hands
points to processes, `carry` sees them through, `state` reads from the disk how far they are, and
`tables`, which draws too and so is not imported here, says what came out.
"""

from unshielded.sweeps.carry import Executor, PointResult, carry_out
from unshielded.sweeps.plan import SweepPlan, occupied, plan, read_plan
from unshielded.sweeps.state import PointState, Stage, keep_others, states

__all__ = [
    "Executor",
    "PointResult",
    "PointState",
    "Stage",
    "SweepPlan",
    "carry_out",
    "keep_others",
    "occupied",
    "plan",
    "read_plan",
    "states",
]
