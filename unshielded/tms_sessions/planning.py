"""Which sessions there are in a config: points of its sweep, seeds, and times of its course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unshielded.assemble import assemble
from unshielded.circuit.populations import LIMB_POOLS
from unshielded.config import Config, Experiment, override, revise
from unshielded.config.sections.tms_protocol import Tms
from unshielded.tms_sessions.protocol import longest


class ProtocolError(ValueError):
    """A config on which no session can be held."""


@dataclass(frozen=True)
class Sitting:
    """One session to hold.

    Attributes
    ----------
    values
        Setting → value, of the settings that the config sweeps.
    seed
        The seed.
    overrides
        Texts ``path=value`` that make the experiment this one.
    tms
        What is measured.
    rate
        Fast steps per second.
    time
        When, in the course of the experiment, its loss was taken, s; None without a course.
    """

    values: Mapping[str, Any]
    seed: int
    overrides: tuple[str, ...]
    tms: Tms
    rate: float
    time: float | None = None

    @property
    def duration(self) -> float:
        """Biological time of the session, s."""
        return longest(self.tms)


@dataclass(frozen=True)
class SessionPlan:
    """The sessions of an experiment, and the courses that they are taken from, if there are any."""

    experiment: Experiment = field(repr=False)
    name: str
    sittings: tuple[Sitting, ...]
    courses: tuple[Experiment, ...] = field(default=(), repr=False)


def plan(experiment: Experiment) -> SessionPlan:
    """Return every session of an experiment: points of its sweep × seeds × times.

    Raises
    ------
    ProtocolError
        If it has no motor units to record from, or a loss that grows while nothing says when it is
        looked at.
    """
    sittings: list[Sitting] = []
    courses: list[Experiment] = []
    for values, seed, point in experiment.points():
        settings = point.config
        _check(settings)
        tms = settings.tms or Tms()
        made = [override(path, value) for path, value in values.items()]
        rate = settings.numerics.fast_steps_per_second
        if tms.times is None:
            sittings.append(Sitting(values, seed, tuple(made), tms, rate))
            continue
        courses.append(revise(experiment, [*made, "sweep=null", "tms=null"], seed))
        for time, lost in zip(tms.times, losses(settings, seed, tms.times), strict=True):
            frozen = [*made, "circuit.interneuron_loss=0", override("circuit.loss", lost)]
            sittings.append(Sitting(values, seed, tuple(frozen), tms, rate, time))
    return SessionPlan(experiment, experiment.config.name, tuple(sittings), tuple(courses))


def losses(config: Config, seed: int, times: Sequence[float]) -> list[dict[str, float]]:
    """Return which fraction of each population is lost at each time.

    Losses are nested masks, so a run with a constant loss of that fraction has exactly the neurons
    that are left at that time.
    """
    assembly = assemble(config, seed)
    silenced = np.asarray(assembly.neurons["silenced_from"])
    parts = [part for part in assembly.layout.slices if part.size]
    return [
        {p.name: float(np.mean(silenced[p.start : p.stop] <= time)) for p in parts}
        for time in times
    ]


def _check(config: Config) -> None:
    if config.culture is not None:
        raise ProtocolError("a culture has no cortex to stimulate: remove 'culture'")
    populations = config.circuit.populations
    if not any(populations[name].size for name in LIMB_POOLS if name in populations):
        raise ProtocolError(
            f"there is no motor neuron: expected a size above 0 of {', '.join(LIMB_POOLS)}"
        )
    all_losses = {"interneuron_loss": config.circuit.interneuron_loss, **config.circuit.loss}
    growing = [name for name, loss in all_losses.items() if loss.loss and loss.from_ is not None]
    if growing and (config.tms is None or config.tms.times is None):
        raise ProtocolError(
            f"the loss of {growing[0]!r} grows with time, and a session holds one state: say at "
            "which times with 'tms.times', or give a constant loss"
        )
