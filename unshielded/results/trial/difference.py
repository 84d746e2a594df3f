"""What treated runs differ by from the controls of the same seed.

A pair of runs with one seed has the same circuit and the same random input, so their difference is
free of what only the seed does. The intervals are Student's t over the differences of pairs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from unshielded.results.trial.motor_neurons import MotorNeuronOutcome
from unshielded.statistics.intervals import Estimate, bootstrap_mean, mean, ratio_of_sums

Pairs = Sequence[tuple[MotorNeuronOutcome, MotorNeuronOutcome]]


def prevented(control: Sequence[float], treated: Sequence[float]) -> Estimate:
    """Return the fraction of the control's deaths that did not happen: 1 − treated/control.

    A ratio of sums over seeds, so that a seed without deaths does no harm. Negative where more
    died; never above one.
    """
    left = ratio_of_sums(treated, control)
    if left.value is None or left.low is None or left.high is None:
        return Estimate(None if left.value is None else 1.0 - left.value)
    return Estimate(1.0 - left.value, 1.0 - left.high, min(1.0, 1.0 - left.low))


def time_gained(pairs: Pairs) -> tuple[Estimate, Estimate]:
    """Return the difference in restricted mean survival time (s): over seeds, and over cells.

    The restricted mean is the area below the survival curve up to the end of the shorter run: the
    mean time that a neuron lived. The second interval draws neurons again within each seed, the
    same ones from both runs. It says what the choice of neurons alone does, nothing of seeds.
    """
    lived, gained = [], []
    for control, treated in pairs:
        horizon = min(control.end, treated.end)
        gained.append(treated.mean_life(horizon) - control.mean_life(horizon))
        lived.append((treated.lived(horizon), control.lived(horizon)))
    by_seed = mean([each for each in gained if math.isfinite(each)])  # not where all were lost
    # one by one only where each neuron was followed to the end
    if any(c.lost or t.lost for c, t in pairs) or any(len(t) != len(c) for t, c in lived):
        return by_seed, Estimate(by_seed.value)
    ends = bootstrap_mean([t - c for t, c in lived])
    return by_seed, Estimate(by_seed.value, *(ends or ()))


def delayed(pairs: Pairs, event: Callable[[MotorNeuronOutcome], float | None]) -> Estimate:
    """Return how much later something happens to a lifetime (s): the difference in restricted means.

    A life in which it has not happened by its end counts as one in which it happens then, of a pair
    by the end of the shorter run. So a delay beyond the end is not seen. Nothing comes of pairs in
    which it never happens.

    Parameters
    ----------
    pairs
        Control and treated, of the same seed.
    event
        When it happened in a run (s), infinite if it did not, None in a run that is not a lifespan.
    """
    differences, happened = [], False
    for pair in pairs:
        control, treated = (event(each) for each in pair)
        if control is None or treated is None:
            continue
        horizon = min(each.end for each in pair)
        differences.append(min(treated, horizon) - min(control, horizon))
        happened |= min(control, treated) < horizon
    return mean(differences) if happened else Estimate(None)
