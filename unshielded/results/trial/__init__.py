"""What a trial found: every arm against the control on the same circuits.

`course` reads the outcome of a run's motor neurons, `hazard` and `difference` compare,
`compare` puts them together, `report` writes tables.
"""

from unshielded.results.trial.compare import Comparison, Outcome, compare, of_lives
from unshielded.results.trial.course import Course, courses
from unshielded.results.trial.report import as_json, write_report

__all__ = [
    "Comparison",
    "Course",
    "Outcome",
    "as_json",
    "compare",
    "courses",
    "of_lives",
    "write_report",
]
