"""The grammar of the model, with no biology in it.

A :class:`Parameter` is a number with its unit, its source and the kind of evidence behind
it; a :class:`Mechanism` is a few equations with their parameters and the balances they
enter; :func:`unshielded.mechanism.model.join` adds mechanisms up to a model and checks dimensions.
"""

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.mechanism import Mechanism, Recorded, recorded
from unshielded.mechanism.parameter import Kind, Parameter
from unshielded.mechanism.units import UnitError, dimensionality, to_si

__all__ = [
    "Kind",
    "Mechanism",
    "MechanismError",
    "Parameter",
    "Recorded",
    "UnitError",
    "dimensionality",
    "recorded",
    "to_si",
]
