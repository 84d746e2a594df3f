"""Figures of a run and of a sweep, drawn without a display."""

from unshielded.plot.dose import plot_dose_response
from unshielded.plot.lifespan import plot_lifespan
from unshielded.plot.lives import plot_lives
from unshielded.plot.membrane import plot_membrane
from unshielded.plot.run import plot_run

__all__ = ["plot_dose_response", "plot_lifespan", "plot_lives", "plot_membrane", "plot_run"]
