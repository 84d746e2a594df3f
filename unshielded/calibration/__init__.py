"""Calibration of the lone cell: facts as data, draws from priors, courses, what each draw misses.

The facts and the priors stand in ``cell.yaml``, fixed before the draws that they judge.
"""

from unshielded.calibration.calibrate import Calibration, calibrate
from unshielded.calibration.problem import CalibrationProblem, Fact, Prior
from unshielded.calibration.reading import load_problem

__all__ = ["Calibration", "CalibrationProblem", "Fact", "Prior", "calibrate", "load_problem"]
