"""An experiment as plain JSON data, whole: no other file is needed to build it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from unshielded.config.design import sweep_check, trial_check
from unshielded.config.experiment import Experiment, build
from unshielded.config.findings import locate
from unshielded.config.reading.errors import Problem, show
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import plain
from unshielded.config.recipe import FORMAT, Recipe, put_together
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.validate import validate


def to_json(experiment: Experiment) -> dict[str, Any]:
    """Return a loaded experiment, its sweep included, as data that `json.dumps` takes.

    Returns
    -------
    data
        The texts of its files and what was set from outside. `from_json` makes of it an experiment
        with the same identity, origins, source text and points.
    """
    return experiment.recipe.model_dump(mode="json")


def from_json(data: Any, catalogue: Catalogue | None = None) -> Experiment:
    """Return the experiment that `to_json` wrote.

    The config is validated again, and so is the shape of its sweep; the points are when they are
    built.

    Parameters
    ----------
    data
        Plain data, as from `json.loads`.
    catalogue
        The names that the config may use; the model's own if not given.

    Raises
    ------
    ValueError
        In one line, if the data are of another form, or their config is not good by this version.
    """
    found = data.get("format") if isinstance(data, dict) else None
    if type(found) is not int or found != FORMAT:
        raise ValueError(f"the stored experiment has format {show(found)}, expected {FORMAT}")
    try:
        recipe = Recipe.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(ascii(step)[:60] for step in first["loc"])
        raise ValueError(f"the stored experiment has a wrong {where}: {first['msg']}") from None
    names, sources = catalogue or real_catalogue(), Sources(dict(recipe.files), closed=True)
    root, problems = put_together(recipe.config, recipe.overrides, recipe.seed, sources)
    _refuse(problems)
    assert root is not None
    config, findings = validate(plain(root), names)
    _refuse(locate(finding, root) for finding in findings)
    if config.sweep is not None:
        _refuse(locate(f, root) for f in sweep_check.shape(root, config.sweep, names))
    if config.trial is not None:
        _refuse(locate(finding, root) for finding in trial_check.shape(root, names))
    return build(root, recipe, names)


def _refuse(problems: Iterable[Problem]) -> None:
    for problem in problems:
        raise ValueError(f"the stored config is not good by this version: {problem}")
