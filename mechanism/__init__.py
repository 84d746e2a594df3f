"""The grammar of the model, with no biology in it.

A :class:`Parameter` is a number with its unit, its source and the kind of evidence behind
it; a :class:`Mechanism` is a few equations with their parameters and the balances they
enter; :func:`mechanism.join.join` adds mechanisms up to a model and checks dimensions.
"""

from mechanism.errors import MechanismError
from mechanism.mechanism import Mechanism
from mechanism.parameter import Kind, Parameter
from mechanism.units import UnitError, dimensionality, to_si

__all__ = [
    "Kind",
    "Mechanism",
    "MechanismError",
    "Parameter",
    "UnitError",
    "dimensionality",
    "to_si",
]
