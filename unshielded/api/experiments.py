"""Configs as experiments, and what their runs will need."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from unshielded.assemble.predict import predict
from unshielded.config import Experiment, load_data, override
from unshielded.config import load as load_file

Loadable: TypeAlias = Experiment | str | os.PathLike[str] | Mapping[str, Any]
"""An experiment, or the config of one: a file, or a mapping."""


@dataclass(frozen=True)
class Needs:
    """What an experiment needs before it is run, predicted.

    Attributes
    ----------
    runs, seeds
        How many runs it has, and with how many different seeds.
    neurons, cells, synapses
        Of each run; cells carry calcium and energy.
    seconds
        Of one core, for all runs together; compiling left out.
    memory_bytes
        Of one run, the largest.
    disk_bytes
        Of all results together; `disk_bytes_per_minute` is how one grows per simulated minute.
    scratch_bytes
        Of one run while it runs, the largest; `scratch_bytes_per_minute` is how that grows.
    """

    runs: int
    seeds: int
    neurons: tuple[int, ...]
    cells: tuple[int, ...]
    synapses: tuple[int, ...]
    seconds: float
    memory_bytes: float
    disk_bytes: float
    disk_bytes_per_minute: float
    scratch_bytes: float
    scratch_bytes_per_minute: float

    def __repr__(self) -> str:
        return (
            f"<Needs: {self.runs} runs, {self.seconds:.0f} s of one core, "
            f"{self.memory_bytes / 1e6:.0f} MB of memory a run, {self.disk_bytes / 1e6:.0f} MB of disk>"
        )


def load(
    config: Loadable, set: Mapping[str, Any] | None = None, seed: int | None = None
) -> Experiment:
    """Load an experiment from a config.

    Parameters
    ----------
    config
        A YAML file, or the same as a mapping.
    set
        Setting → value, laid on the config: ``{"drive.level": 0.5, "duration": "5 min"}``.
    seed
        Replaces the config's seed.

    Returns
    -------
    Experiment
        Complete and checked. Its ``config`` has every setting in SI units.

    Raises
    ------
    ConfigError
        With everything that is wrong, each with its place, what was expected, and a remedy.

    Examples
    --------
    >>> load({"name": "short", "duration": "2 s"}, set={"drive.level": 0.5})
    <Experiment 'short': 2 s, seed 1>
    """
    return loaded(config, [override(path, value) for path, value in (set or {}).items()], seed)


def loaded(config: Loadable, overrides: Sequence[str] = (), seed: int | None = None) -> Experiment:
    """Load an experiment as `load` does, with what is laid on it as ``--set`` takes it."""
    if isinstance(config, Experiment):
        from unshielded.config import revise

        return revise(config, overrides, seed) if overrides or seed is not None else config
    if isinstance(config, Mapping):
        return load_data(config, overrides, seed)
    return load_file(config, overrides, seed)


def validate(config: Loadable, set: Mapping[str, Any] | None = None) -> Needs:
    """Check a config, and that its cells have a start; predict what its runs need.

    Parameters
    ----------
    config, set
        As of `load`.

    Raises
    ------
    ConfigError
        With everything that is wrong.
    SimulationError
        If the model has no answer for cells at rest.

    Examples
    --------
    >>> needs = validate({"name": "short", "duration": "2 s", "sweep": {"seeds": [1, 2]}})
    >>> needs.runs, needs.seeds
    (2, 2)
    """
    return needs(load(config, set))


def needs(experiment: Experiment) -> Needs:
    """Predict what all runs of an experiment need, after checking that their cells have a start."""
    from unshielded.running.start import check_starts

    points = list(experiment.points())
    check_starts(single.config for _, _, single in points)
    runs = [predict(single.config) for _, _, single in points]
    minutes = [single.config.duration / 60 for _, _, single in points]
    growth = sum(
        run.disk_bytes_per_second * m * 60 for run, m in zip(runs, minutes, strict=True)
    ) / sum(minutes)
    return Needs(
        runs=len(runs),
        seeds=len({seed for _, seed, _ in points}),
        neurons=tuple(run.neurons for run in runs),
        cells=tuple(run.cells for run in runs),
        synapses=tuple(run.synapses for run in runs),
        seconds=sum(run.seconds for run in runs),
        memory_bytes=max(run.memory_bytes for run in runs),
        disk_bytes=sum(run.disk_bytes for run in runs),
        disk_bytes_per_minute=growth,
        scratch_bytes=max(run.scratch_bytes for run in runs),
        scratch_bytes_per_minute=60 * max(run.scratch_bytes_per_second for run in runs),
    )
