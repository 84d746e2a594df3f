"""A loaded experiment: its config, where each value comes from, its identity, its points."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from unshielded.config.design import trial_points
from unshielded.config.design.sweep import DesignedRun, SweepRuns, blocks
from unshielded.config.findings import dotted, locate, mark_of
from unshielded.config.reading.scalars import to_yaml
from unshielded.config.reading.tree import Node, Path, plain
from unshielded.config.recipe import Recipe
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.quantity import WITH_UNITS
from unshielded.config.sections.schema import Config
from unshielded.config.validate import validate
from unshielded.durations import suited

#: What does not change what is computed; the seed is part of the identity by itself.
_OUTSIDE = ("name", "description", "seed", "tms", "sweep", "trial")


@dataclass(frozen=True, eq=False, repr=False)
class Experiment:
    """A complete, checked experiment.

    Attributes
    ----------
    config
        All settings as SI floats, with every population and pathway.
    recipe
        What was loaded: the file, what was set from outside, and all texts.
    catalogue
        The names, units and ranges that it was checked against.
    root
        What was written, put together from all files and overrides, with its places.
    """

    config: Config
    recipe: Recipe
    catalogue: Catalogue
    root: Node

    def __repr__(self) -> str:
        """Name, length and number of runs: all settings would fill pages."""
        config = self.config
        several = "trial" if config.trial is not None else "sweep" if config.sweep else ""
        runs = f", {several} of {len(self._runs)} runs" if several else f", seed {config.seed}"
        value, unit = suited(config.duration)
        return f"<Experiment {config.name!r}: {config.duration / value:g} {unit}{runs}>"

    @cached_property
    def source_text(self) -> str:
        """The file that was loaded, word by word."""
        return self.recipe.files[self.recipe.config][1]

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """All that decides the result but the seed: plain data in SI units, to be read only.

        The same however it was written: ``2 ms`` or ``0.002 s``, given or left to the default.
        Without name, description, tms, sweep and trial.
        """
        return self.config.model_dump(mode="json", by_alias=True, exclude=set(_OUTSIDE))

    @cached_property
    def identity(self) -> str:
        """Sixteen hexadecimal digits that are the same for the same settings and seed."""
        content = {"resolved": self.resolved, "seed": self.config.seed}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def origin(self) -> dict[str, str]:
        """Setting → ``file:line:column``, ``--set path=value``, ``--seed N`` or ``default``."""
        whole = self.config.model_dump(mode="json", by_alias=True, exclude={"sweep", "trial"})
        return {dotted(path): self._origin(path) for path in _leaves(whole)}

    def _origin(self, path: Path) -> str:
        mark = mark_of(path, self.root)
        if mark is None:
            return "default"
        return mark.file if mark.file.startswith("--") else str(mark)

    def points(self) -> Iterator[tuple[dict[str, Any], int, Experiment]]:
        """Yield each experiment of the sweep or trial; without either, this one alone.

        Yields
        ------
        point
            Setting → value as written, for the settings that the sweep varies; of a trial,
            variant, arm and start.
        seed
            The seed.
        experiment
            The complete experiment, which has no sweep.
        """
        for run in self._runs:
            yield run.labels, run.seed, self._built(run)

    def listing(self) -> list[tuple[dict[str, Any], int]]:
        """Return values and seed of every point, as `points` yields them, and build none.

        A point's place in the list is its number.
        """
        return [(run.labels, run.seed) for run in self._runs]

    def point(self, number: int) -> Experiment:
        """Return the experiment of one point by its number, and build no other.

        Raises
        ------
        IndexError
            If there is no such point.
        """
        count = len(self._runs)
        if not 0 <= number < count:
            raise IndexError(f"there is no point {number}, expected 0 to {count - 1}")
        return self._built(self._runs[number])

    @cached_property
    def _runs(self) -> Sequence[DesignedRun]:
        config = self.config
        if config.trial is not None:
            return trial_points.runs(self.root, config.trial, config.seed)
        return SweepRuns(blocks(self.root, config.sweep), config.seed)

    def _built(self, run: DesignedRun) -> Experiment:
        return build(run.root(self.root), self.recipe, self.catalogue)


def build(root: Node, recipe: Recipe, catalogue: Catalogue) -> Experiment:
    """Return the experiment of data that are known to be right.

    Raises
    ------
    ValueError
        In one line, if they are not: they were stored and changed, or stored by another version.
    """
    config, findings = validate(plain(root), catalogue)
    for finding in findings:
        raise ValueError(f"a config that was checked is not good: {locate(finding, root)}")
    return Experiment(config, recipe, catalogue, root)


def dump(experiment: Experiment) -> str:
    """Write an experiment as one complete YAML config, without its sweep or trial.

    It has every setting, with units, and loads as the same experiment.
    """
    left_out = {"sweep", "trial"}
    return to_yaml(
        experiment.config.model_dump(by_alias=True, exclude=left_out, context={WITH_UNITS: True})
    )


def _leaves(data: Any, path: Path = ()) -> Iterator[Path]:
    match data:
        case dict():
            for key, value in data.items():
                yield from _leaves(value, (*path, key))
        case [dict(), *_]:
            for place, value in enumerate(data):
                yield from _leaves(value, (*path, place))
        case _:
            yield path
