"""Lives side by side: which margin fell first, who died first, of what, and how it went on."""

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
