"""Compare lifespans: the first margin to fall, the first cells to die, onset and course."""

from unshielded.results.cohorts import Cohort, Spread, cohorts
from unshielded.results.lifespan import FALLEN, MARGINS, Life, falls, life

__all__ = [
    "FALLEN",
    "MARGINS",
    "Cohort",
    "Life",
    "Spread",
    "cohorts",
    "falls",
    "life",
]
