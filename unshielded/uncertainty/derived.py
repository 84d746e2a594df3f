"""The uncertainty of a number: that set by hand, or what follows from its kind and unit."""

from __future__ import annotations

from functools import cache

from unshielded.circuit import CONDITIONS
from unshielded.circuit.surroundings.doses import DOSES
from unshielded.mechanism import Parameter
from unshielded.mechanism.evidence import Kind
from unshielded.model import PARAMETERS
from unshielded.uncertainty.distribution import Uncertainty
from unshielded.uncertainty.given import GIVEN, SETTINGS

#: One standard deviation of a number of which nothing more is said: a factor on it or on its odds, and mV.
_FACTOR: dict[Kind, float] = {"measured": 1.3, "fitted": 2.0, "assumed": 2.0}
_MILLIVOLTS: dict[Kind, float] = {"measured": 3.0, "fitted": 5.0, "assumed": 5.0}
_WHY: dict[Kind, str] = {
    "measured": "measured: papers differ by about a third",
    "fitted": "fitted: what it was fitted to leaves a factor of two",
    "assumed": "assumed: a factor of two",
}


@cache
def uncertainty(name: str) -> Uncertainty:
    """Return what is not known of a parameter of the model.

    Parameters
    ----------
    name
        As in :data:`unshielded.model.PARAMETERS`.

    Raises
    ------
    KeyError
        If the model has no such parameter.
    """
    parameter = PARAMETERS[name]
    if name in GIVEN:
        return GIVEN[name]
    if name in CONDITIONS or name in SETTINGS or name in DOSES:
        return Uncertainty("known", 0.0, "a setting of the experiment")
    if parameter.source.startswith("CODATA"):
        return Uncertainty("known", 0.0, "a physical constant")
    return _by_kind(parameter)


def _by_kind(parameter: Parameter) -> Uncertainty:
    kind = parameter.kind
    if parameter.unit == "mV" and parameter.low < 0:
        return Uncertainty("normal", _MILLIVOLTS[kind], f"{kind}: a potential")
    if parameter.value == 0:
        return Uncertainty("known", 0.0, "off by default: how large it would be is not asked")
    if parameter.unit == "" and parameter.low >= 0 and parameter.high == 1:
        if parameter.value == 1:
            return Uncertainty(
                "known", 0.0, "whole by default: how much less it would be is not asked"
            )
        return Uncertainty("logit-normal", _FACTOR[kind], f"{_WHY[kind]} on the odds of a share")
    return Uncertainty("log-normal", _FACTOR[kind], _WHY[kind])
