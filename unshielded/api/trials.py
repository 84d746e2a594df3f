"""Trials: arms of treatment against a control on the same circuits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from unshielded.api.experiments import Loadable, load
from unshielded.api.runs import RUNS
from unshielded.api.sweeps import SweepResult, computed
from unshielded.config import ConfigError, Experiment
from unshielded.config.reading.errors import Mark, problem
from unshielded.results.trial import (
    ArmOutcome,
    MotorNeuronOutcome,
    compare,
    motor_neuron_outcomes,
    write_report,
)
from unshielded.store.format.files import NoSuchEntry

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Kind = Literal["survival", "forest", "starts", "map"]


def trial(
    experiment: Loadable,
    *,
    out: str | os.PathLike[str] = RUNS,
    jobs: int | None = None,
    force: bool = False,
    progress: bool | None = None,
) -> TrialResult:
    """Run every arm of a config's trial and compare each arm with the control.

    Parameters
    ----------
    experiment
        What `load` returned, or what it takes; with a section ``trial``.
    out, jobs, force, progress
        As of `sweep`.

    Raises
    ------
    ConfigError, StoreError
        If the config is wrong or has no trial, or files cannot be written.
    """
    loaded = with_trial(load(experiment))
    planned, points, _ = computed(loaded, Path(out), jobs, force, False, progress)
    found = TrialResult(SweepResult(planned.folder, planned))
    if any(point.outcome is not None for point in points):
        written(found)
    return found


def with_trial(experiment: Experiment) -> Experiment:
    """Return an experiment that has a trial.

    Raises
    ------
    ConfigError
        If it has none.
    """
    if experiment.config.trial is None:
        what, expected = "is missing", "the arms of a trial and its control"
        mark = Mark(experiment.recipe.config, 1, 1)
        hint = "add 'trial: {arms: …, control: …}' (docs/trials.md)"
        raise ConfigError([problem(mark, "trial", what, expected, hint)])
    return experiment


def written(trial: TrialResult) -> list[Path]:
    """Write the report and the figures of a trial beside its runs; return where they are."""
    from unshielded.plot.trial import plot_trial

    places = write_report(trial.compared, trial.control, trial.sweep.path)
    return places + plot_trial(trial.compared, trial.motor_neurons, trial.control, trial.sweep.path)


@dataclass(frozen=True)
class TrialResult:
    """A trial that was run.

    Attributes
    ----------
    sweep
        Its runs: a trial is a sweep over variants, arms, starts and seeds.
    """

    sweep: SweepResult

    def __repr__(self) -> str:
        return f"<TrialResult of {self.sweep!r}, control {self.control!r}>"

    @property
    def control(self) -> str:
        """The arm that the others are compared with."""
        section = self.sweep.experiment.config.trial
        assert section is not None
        return section.control

    @cached_property
    def motor_neurons(self) -> list[MotorNeuronOutcome]:
        """What became of the motor neurons of each run."""
        return motor_neuron_outcomes(self.sweep._rows, self.sweep.path)

    @cached_property
    def compared(self) -> list[ArmOutcome]:
        """Every arm, against the control."""
        return compare(self.motor_neurons, self.control)

    @cached_property
    def arms(self) -> pd.DataFrame:
        """One row per variant, arm and start: what it did, and its difference from the control.

        The columns are those of ``trial.csv``; intervals are 95 %.
        """
        from unshielded.api.tables import frame
        from unshielded.results.trial.report import row

        return frame([row(each) for each in self.compared])

    def plot(self, kind: Kind = "survival") -> list[Axes]:
        """Draw the trial.

        Parameters
        ----------
        kind
            ``survival``: motor neurons alive, by arm. ``forest``: hazard ratios. ``starts``: what is
            gained against when treatment begins. ``map``: arms against variants.

        Raises
        ------
        StoreError
            If the trial has nothing for this kind.
        """
        from unshielded.api.figures import shown

        drawn = self._drawn(kind)
        if drawn is None:
            raise NoSuchEntry(
                f"{self.sweep.path}: this trial has no figure {kind!r}; it takes "
                + {
                    "forest": "an arm whose control is there",
                    "starts": "an arm with two starts that were reached",
                    "map": "two variants",
                }[kind]
            )
        return shown(lambda: drawn)

    def _drawn(self, kind: Kind) -> Figure | None:
        from unshielded.plot.trial import draw_forest, draw_variants
        from unshielded.plot.trial_course import draw_starts, draw_trial_survival

        match kind:
            case "survival":
                return draw_trial_survival(self.motor_neurons, self.control)
            case "forest":
                return draw_forest(self.compared, self.control)
            case "starts":
                return draw_starts(self.compared, self.control)
            case "map":
                return draw_variants(self.compared, self.control)
        raise ValueError(
            f"there is no figure {kind!r} of a trial; expected survival, forest, starts or map"
        )
