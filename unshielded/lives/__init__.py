"""Lives side by side: which margin fell first, who died first, of what, and how it went on."""

from unshielded.lives.cohort import Cohort, Spread, cohorts
from unshielded.lives.life import FALLEN, MARGINS, Life, falls, life

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
