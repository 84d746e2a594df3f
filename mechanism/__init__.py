"""The grammar of the model, with no biology in it.

A :class:`Parameter` is a number with its unit, its source and the kind of evidence behind
it; a :class:`Q10` says how rates and times change with temperature; a :class:`Mechanism` is a few
equations with their parameters and the balances they enter;
:func:`unshielded.mechanism.model.join` adds mechanisms up to a model and checks dimensions.
"""

from unshielded.mechanism.errors import MechanismError
from unshielded.mechanism.evidence import Kind
from unshielded.mechanism.mechanism import Mechanism, Recorded, recorded
from unshielded.mechanism.parameter import Parameter
from unshielded.mechanism.temperature import Q10
from unshielded.mechanism.units import UnitError, dimensionality, to_si

__all__ = [
    "Q10",
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
