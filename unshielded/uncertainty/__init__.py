"""What is not known of each number of the model, apart from how cells differ in it.

A parameter's *spread* says how the cells of one population differ. Its *uncertainty* says how far the number that
all of them share may be from the truth: a distribution over the worlds that the model may be one of.

:mod:`unshielded.uncertainty.distribution` says what a distribution is, :mod:`~unshielded.uncertainty.derived` gives
one to a number of which nothing more is said, :mod:`~unshielded.uncertainty.given` those set by hand with a reason.
"""

from unshielded.uncertainty.derived import uncertainty
from unshielded.uncertainty.distribution import FURTHEST, Uncertainty

__all__ = ["FURTHEST", "Uncertainty", "uncertainty"]
