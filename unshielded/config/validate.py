"""From plain data to a `Config`, or to everything that is wrong with it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from unshielded.config.findings import Finding
from unshielded.config.reading.errors import MOST_PROBLEMS, nearest, show
from unshielded.config.reading.tree import Path
from unshielded.config.sections import culture, rules
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.schema import LARGEST_SCALE, Config

_MAPPING: Final = "a mapping of settings"

#: pydantic's type of error → what was expected, with what its context says.
_EXPECTED: Final[Mapping[str, str]] = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_pattern_mismatch": "1 to 64 lower-case letters, digits, '_' and '-'",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "literal_error": "{expected}",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "too_short": "at least one value",
}

_STAND_IN: Final = {"name": "x", "duration": "1 s"}


def validate(data: Any, catalogue: Catalogue) -> tuple[Config, list[Finding]]:
    """Validate the data of a whole config.

    Parameters
    ----------
    data
        Plain data, as from YAML; not changed.
    catalogue
        The names that it may use.

    Returns
    -------
    config
        The config; where there are findings, what could be made of the rest.
    findings
        All that is wrong, but for what goes beyond `MOST_PROBLEMS`.
    """
    config, findings = _validate(copy.deepcopy(data), catalogue)
    if (number := len(findings)) > MOST_PROBLEMS:
        what = f"has {number} problems or more; the following are some of them"
        findings = [Finding((), what, hint="mend these first"), *findings[:MOST_PROBLEMS]]
    return config, findings


def _validate(data: Any, catalogue: Catalogue) -> tuple[Config, list[Finding]]:
    """Validate `data`, which is changed."""
    findings = list(_fill(data, catalogue))
    broken = [finding.path for finding in findings]
    context = {"catalogue": catalogue}
    while True:
        try:
            config = Config.model_validate(data, context=context)
            break
        except ValidationError as error:
            # Take out what is wrong and look again, so that the rules see all the rest.
            new = [_finding(d) for d in error.errors(include_url=False) if not _emptied(d)]
            if len(findings) + len(new) > MOST_PROBLEMS:
                nothing = Config.model_validate(dict(_STAND_IN), context=context)
                return nothing, [*findings, *new]
            findings += (f for f in new if not overlaps(f.path, broken))
            broken += (finding.path for finding in new)
            if not _take_out(data, [finding.path for finding in new]):
                raise  # nothing would change: an error of this package, not of the config
    findings += (
        f
        for f in rules.check(config, catalogue)
        if not any(overlaps(p, broken) for p in f.involves)
    )
    return (config if findings else rules.rounded(config)), findings


def _fill(data: dict[str, Any], catalogue: Catalogue) -> Iterable[Finding]:
    """Put in the catalogue's populations and pathways; take out names that it does not have."""
    circuit = data.setdefault("circuit", {})
    cells = data.get("culture")
    if isinstance(cells, dict):
        yield from _culture(data, catalogue)
    if isinstance(circuit, dict):
        populations = {
            name: culture.population(cells, name)
            if isinstance(cells, dict)
            else {"size": p.size, "carries_calcium": p.carries_calcium}
            for name, p in catalogue.populations.items()
        }
        pathways = {
            name: {
                "in_degree": 0 if isinstance(cells, dict) else p.in_degree,
                "weight": p.weight,
                "delay": f"{p.delay!r} s",
            }
            for name, p in catalogue.pathways.items()
        }
        if not isinstance(cells, dict):
            _scale(populations, circuit.get("scale", 1.0))
        yield from _fill_section(circuit, "populations", populations)
        yield from _fill_section(circuit, "pathways", pathways)
        if isinstance(lost := circuit.get("loss"), dict):
            yield from _lost(lost, catalogue)
        if isinstance(circuit["populations"], dict):
            for name, population in circuit["populations"].items():
                if isinstance(population, dict) and "parameters" in population:
                    path: Path = ("circuit", "populations", name, "parameters")
                    yield from _known(population["parameters"], path, catalogue, per_cell=True)
    if "parameters" in data:
        yield from _known(data["parameters"], ("parameters",), catalogue, per_cell=False)


def _culture(data: dict[str, Any], catalogue: Catalogue) -> Iterable[Finding]:
    """Take out classes that there are not; let no command be the default."""
    for name in [name for name in data["culture"] if name not in catalogue.populations]:
        yield Finding(("culture", name), f"there is no population {show(name)}", at_key=True)
        del data["culture"][name]
    drive = data.setdefault("drive", {})
    if isinstance(drive, dict):
        drive.setdefault("command", "rest")


def _scale(populations: Mapping[str, dict[str, Any]], scale: Any) -> None:
    """Multiply the default sizes; a scale that makes no sense is reported where it is checked."""
    # a bool is an int to Python, and no scale
    good = isinstance(scale, (int, float)) and not isinstance(scale, bool)
    if good and 0 < scale <= LARGEST_SCALE:
        for population in populations.values():
            population["size"] = round(population["size"] * scale)


def _lost(lost: dict[str, Any], catalogue: Catalogue) -> Iterable[Finding]:
    """Take out populations that there are not."""
    for name in [name for name in lost if name not in catalogue.populations]:
        path: Path = ("circuit", "loss", name)
        yield Finding(path, f"there is no population {show(name)}", at_key=True)
        del lost[name]


def _fill_section(
    circuit: dict[str, Any], section: str, defaults: Mapping[str, dict[str, Any]]
) -> Iterable[Finding]:
    given = circuit.setdefault(section, {})
    if not isinstance(given, dict):
        return
    for name in given.keys() - defaults.keys():
        path = ("circuit", section, name)
        what = f"there is no {section.removesuffix('s')} {show(name)}"
        yield Finding(path, what, at_key=True)
    filled: dict[str, Any] = {}
    for name, default in defaults.items():
        own = given.get(name, {})
        filled[name] = {**default, **own} if isinstance(own, dict) else own
    circuit[section] = filled


def _known(given: Any, path: Path, catalogue: Catalogue, *, per_cell: bool) -> Iterable[Finding]:
    if not isinstance(given, dict):
        return
    for name in list(given):
        parameter = catalogue.parameters.get(name)
        if parameter is None:
            yield Finding((*path, name), f"there is no parameter {show(name)}", at_key=True)
            del given[name]
        elif per_cell and not parameter.per_cell:
            what = f"{name} has one value for the whole model"
            hint = f"set it as 'parameters.{name}'"
            expected = "a parameter that can differ between populations"
            yield Finding((*path, name), what, expected, hint, at_key=True)
            del given[name]


def _emptied(details: ErrorDetails) -> bool:
    """Whether pydantic calls a list too short only because it took out all bad values."""
    return details["type"] == "too_short" and bool(details["input"])


def _finding(details: ErrorDetails) -> Finding:
    path, kind, context = tuple(details["loc"]), details["type"], details.get("ctx", {})
    value = details["input"]
    if kind == "missing":
        return Finding(path, "is missing", hint=f"add '{path[-1]}: …'")
    if kind == "extra_forbidden":
        return Finding(path, f"there is no setting {show(path[-1])}", at_key=True)
    if kind == "config":
        of_name = path[-1] == "[key]" and path[-2] == value  # as pydantic marks a key
        return Finding(
            path[:-1] if of_name else path,
            context["what"],
            context["expected"],
            context["hint"],
            at_key=of_name,
        )
    expected = _EXPECTED[kind].format_map(context) if kind in _EXPECTED else details["msg"]
    hint = ""
    if value is None and expected == _MAPPING:
        hint = "remove the key or write {}"
    elif kind == "literal_error" and isinstance(value, str):
        hint = nearest(value, re.findall("'([^']+)'", expected))
    what = {
        "greater_than_equal": f"{show(value)} is too small",
        "less_than_equal": f"{show(value)} is too large",
        "too_short": "the list is empty",
    }.get(kind, f"found {show(value)}")
    return Finding(path, what, expected, hint)


def overlaps(path: Path, others: Iterable[Path]) -> bool:
    """Whether `path` is at, above or below one of `others`."""
    return any(all(a == b for a, b in zip(path, other, strict=False)) for other in others)


def _take_out(data: dict[str, Any], wrong: Iterable[Path]) -> bool:
    """Remove the setting at each path, or the innermost one around it; tell whether any was."""
    # All are looked up before one goes: the second bad entry of a list, which then is not there
    # any more, would take what is around the list.
    removed = False
    for section, name in [_innermost(data, path) for path in wrong]:
        if section is data and name in _STAND_IN:
            data[name] = _STAND_IN[name]
            removed = True
        elif name in section:
            del section[name]
            removed = True
    return removed


def _innermost(data: dict[str, Any], path: Path) -> tuple[dict[Any, Any], Any]:
    """Return the mapping and the name of the setting at `path`, or of the one around it."""
    section, name = data, path[0]
    here: Any = data
    for step in path:
        if isinstance(here, dict) and step in here:
            section, name, here = here, step, here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            break
    return section, name
