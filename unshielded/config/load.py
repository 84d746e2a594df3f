"""Loading an experiment: all that is wrong with it at once, or the experiment."""

from __future__ import annotations

import os
from collections.abc import Sequence

from unshielded.config.design import sweep_check, trial_check
from unshielded.config.experiment import Experiment, build
from unshielded.config.findings import locate
from unshielded.config.reading.errors import MOST_PROBLEMS, ConfigError, Problem
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import Node, child, mapping, plain
from unshielded.config.recipe import Recipe, put_together
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.validate import validate


def load(
    path: str | os.PathLike[str],
    overrides: Sequence[str] = (),
    seed: int | None = None,
    catalogue: Catalogue | None = None,
) -> Experiment:
    """Load an experiment from a YAML config.

    Parameters
    ----------
    path
        The file.
    overrides
        Texts ``path=value`` as given to ``--set``; the value is YAML. A section is merged; a
        mapping whose names the user chooses, such as the grid of a sweep or the arms of a trial,
        is replaced. Later ones win. A setting that the grid of a sweep varies has this value alone
        from then on.
    seed
        Replaces the seed of the config, and the seeds of its sweep.
    catalogue
        The names that the config may use; the model's own if not given.

    Raises
    ------
    ConfigError
        With everything that is wrong.
    """
    names, sources, name = catalogue or real_catalogue(), Sources(), os.fspath(path)
    root, problems = put_together(name, overrides, seed, sources)
    if root is not None:
        problems += _invalid(root, names, problems)
    if root is None or problems:
        raise ConfigError(problems)
    recipe = Recipe.model_construct(
        config=name, overrides=tuple(overrides), seed=seed, files=sources.files
    )
    return build(root, recipe, names)


def _invalid(root: Node, catalogue: Catalogue, parsed: Sequence[Problem]) -> list[Problem]:
    """Return all that is wrong with the data, but for what was wrong with its YAML."""
    config, findings = validate(plain(root), catalogue)
    problems = [locate(finding, root) for finding in findings]
    if config.sweep is not None:
        problems += sweep_check.check(root, config.sweep, findings, catalogue)
    if mapping(child(root, "trial")) and len(findings) <= MOST_PROBLEMS:
        problems += trial_check.check(root, findings, catalogue)
    already = {(p.file, p.line, p.column, p.path) for p in parsed}
    return [p for p in problems if (p.file, p.line, p.column, p.path) not in already]
