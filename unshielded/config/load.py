"""Loading an experiment: all that is wrong with it at once, or the experiment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from unshielded.config.design import sweep_check, trial_check
from unshielded.config.experiment import Experiment, build
from unshielded.config.findings import locate
from unshielded.config.reading.errors import (
    MOST_PROBLEMS,
    ConfigError,
    Mark,
    Problem,
    problem,
    show,
)
from unshielded.config.reading.scalars import to_yaml
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import Node, child, mapping, plain
from unshielded.config.recipe import Recipe, put_together
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.validate import validate

#: How a config that is given as data goes by in messages; lines are those of its YAML.
DATA: Final = "<config>"


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
    return _load(os.fspath(path), overrides, seed, Sources(), catalogue)


def load_data(
    data: Mapping[str, Any], overrides: Sequence[str] = (), seed: int | None = None
) -> Experiment:
    """Load an experiment from a config that is data, as from `yaml.safe_load`.

    Parameters
    ----------
    data
        The config. What it extends is found from the current folder.
    overrides, seed
        As of `load`.

    Raises
    ------
    ConfigError
        With everything that is wrong.
    """
    text = to_yaml(as_plain(data))
    return _load(DATA, overrides, seed, Sources({DATA: (DATA, text)}), None)


def revise(
    experiment: Experiment, overrides: Sequence[str] = (), seed: int | None = None
) -> Experiment:
    """Load an experiment again with more set from outside; no file is read a second time.

    Raises
    ------
    ConfigError
        With everything that is wrong; also for one point of a sweep, whose settings are not those
        of the file that it was loaded from.
    """
    recipe = experiment.recipe
    written = put_together(
        recipe.config, recipe.overrides, recipe.seed, Sources(dict(recipe.files))
    )[0]
    if written is None or plain(written) != plain(experiment.root):
        what, hint = "is one point of a sweep and cannot be changed", "load its config.yaml"
        raise ConfigError([problem(Mark(recipe.config, 1, 1), "", what, hint=hint)])
    return _load(
        recipe.config,
        (*recipe.overrides, *overrides),
        recipe.seed if seed is None else seed,
        Sources(dict(recipe.files)),
        experiment.catalogue,
    )


def override(path: str, value: Any) -> str:
    """Write a setting and its value as ``--set`` takes them.

    Examples
    --------
    >>> override("duration", "5 min"), override("sweep.seeds", (1, 2))
    ('duration="5 min"', 'sweep.seeds=[1, 2]')
    """
    return f"{path}={json.dumps(as_plain(value, path), ensure_ascii=False)}"


def as_plain(value: Any, path: str = "") -> Any:
    """Return data of mappings, sequences, arrays and scalars as YAML can hold them.

    Raises
    ------
    ConfigError
        If there is anything else in them.
    """
    if hasattr(value, "tolist"):  # an array of numpy, or one of its numbers
        value = value.tolist()
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(k): as_plain(v, f"{path}.{k}".lstrip(".")) for k, v in value.items()}
        case list() | tuple() | range():
            return [as_plain(each, f"{path}.{n}".lstrip(".")) for n, each in enumerate(value)]
    what, wanted = f"found {show(value)}", "a number, text, true or false, a list, or a mapping"
    hint = "a quantity is text with its unit, such as '5 min'"
    raise ConfigError([problem(Mark(DATA, 1, 1), path, what, wanted, hint)])


def _load(
    name: str,
    overrides: Sequence[str],
    seed: int | None,
    sources: Sources,
    catalogue: Catalogue | None,
) -> Experiment:
    names = catalogue or real_catalogue()
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
