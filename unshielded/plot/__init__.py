"""Figures of a run and of a sweep, drawn without a display."""

from unshielded.plot.cohorts import plot_cohorts
from unshielded.plot.dose import plot_dose_response
from unshielded.plot.lifespan import plot_lifespan
from unshielded.plot.membrane import plot_membrane
from unshielded.plot.run import plot_run

__all__ = ["plot_cohorts", "plot_dose_response", "plot_lifespan", "plot_membrane", "plot_run"]
