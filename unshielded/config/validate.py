"""From plain data to a `Config`, or to everything that is wrong with it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from unshielded.config.findings import Finding, dotted, overlaps, steps
from unshielded.config.json_schema import names
from unshielded.config.reading.errors import MOST_PROBLEMS, nearest, show
from unshielded.config.reading.tree import Path
from unshielded.config.sections import rules
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.schema import Config, config_model

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

#: pydantic's type of error → what is wrong with the value, where that is not just that it is there.
_WHAT: Final[Mapping[str, str]] = {
    "greater_than_equal": "{} is too small",
    "less_than_equal": "{} is too large",
    "too_short": "the list is empty",
}

#: Section → what its keys are the names of, where they are not settings.
_NAMED: Final[Mapping[str | int, str]] = {
    "parameters": "parameter",
    "populations": "population",
    "pathways": "pathway",
    "loss": "population",
    "culture": "population",
    "on": "place",
    "of": "class of interneurons",
}

_STAND_IN: Final = {"name": "x", "duration": "1 s"}

#: List → numbers of its entries that have been taken out, as they were written.
Gone = dict[Path, set[int]]


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
    return config, [_with_hint(finding, catalogue) for finding in findings]


def _with_hint(finding: Finding, catalogue: Catalogue) -> Finding:
    """Add which name was probably meant."""
    if not finding.at_key or finding.hint:
        return finding
    return replace(finding, hint=names(catalogue).hint(finding.path))


def _validate(data: Any, catalogue: Catalogue) -> tuple[Config, list[Finding]]:
    """Validate `data`, which is changed."""
    model = config_model(catalogue)
    findings: list[Finding] = []
    broken: list[Path] = []
    gone: Gone = {}
    while True:
        try:
            config = rules.settled(model.model_validate(data))
            break
        except ValidationError as error:
            # Take out what is wrong and look again, so that the rules see all the rest.
            errors = [e for e in error.errors(include_url=False) if not _emptied(e)]
            here = [_finding(details, catalogue) for details in errors]
            new = [_as_written(finding, gone) for finding in here]
            findings += (finding for finding in new if not overlaps(finding.path, broken))
            if len(findings) > MOST_PROBLEMS:
                return model.model_validate(dict(_STAND_IN)), findings
            broken += (finding.path for finding in new)
            if not _take_out(data, [finding.path for finding in here], gone):
                raise  # nothing would change: an error of this package, not of the config
    found = (_as_written(each, gone) for each in rules.check(config, catalogue))
    findings += (f for f in found if not f.touches(broken))
    return (config if findings else rules.rounded(config)), findings


def _emptied(details: ErrorDetails) -> bool:
    """Whether pydantic calls a list too short only because it took out all bad values."""
    return details["type"] == "too_short" and bool(details["input"])


def _finding(details: ErrorDetails, catalogue: Catalogue) -> Finding:
    path, kind, context = tuple(details["loc"]), details["type"], details.get("ctx", {})
    value = details["input"]
    if kind == "missing":
        return Finding(path, "is missing", hint=f"add '{path[-1]}: …'")
    if kind == "extra_forbidden":
        return _unknown(path, catalogue)
    if kind == "config":
        of_name = path[-1] == "[key]" and path[-2] == value  # as pydantic marks a key
        where = path[:-1] if of_name else path
        return Finding(where, **context, at_key=of_name)
    expected = _EXPECTED[kind].format_map(context) if kind in _EXPECTED else details["msg"]
    hint, what = "", f"found {show(value)}"
    if value is None and expected == _MAPPING:
        hint = "remove the key or write {}"
    elif kind == "literal_error" and isinstance(value, str):
        setting = next(step for step in reversed(path) if isinstance(step, str))
        what = f"there is no {_NAMED.get(setting, setting)} {show(value)}"
        hint = nearest(value, re.findall("'([^']+)'", expected))
    elif kind in _WHAT:
        what = _WHAT[kind].format(show(value))
    return Finding(path, what, expected, hint)


def _unknown(path: Path, catalogue: Catalogue) -> Finding:
    """Say that there is no such name."""
    section, name = path[-2:] if len(path) > 1 else ("", path[0])
    if section == "parameters" and name in catalogue.parameters:
        what, hint = f"{name} has one value for the whole model", f"set it as 'parameters.{name}'"
        expected = "a parameter that can differ between populations"
        return Finding(path, what, expected, hint, at_key=True)
    return Finding(path, f"there is no {_NAMED.get(section, 'setting')} {show(name)}", at_key=True)


def _as_written(finding: Finding, gone: Gone) -> Finding:
    """Return a finding with the numbers that entries of lists have in the config as it was given."""
    if not gone:
        return finding

    def renumber(found: re.Match[str]) -> str:
        return dotted(_original(steps(found[0]), gone))

    lists = "|".join(re.escape(dotted(path)) for path in gone)
    words = (
        re.sub(rf"\b(?:{lists})\.\d+", renumber, text)
        for text in (finding.what, finding.expected, finding.hint)
    )
    what, expected, hint = words
    joins = tuple(_original(path, gone) for path in finding.joins)
    path = _original(finding.path, gone)
    return replace(finding, path=path, what=what, expected=expected, hint=hint, joins=joins)


def _original(path: Path, gone: Gone) -> Path:
    """Return a path with the numbers that entries had before some were taken out."""
    found: Path = ()
    for step in path:
        place = step
        if isinstance(step, int):
            place = step
            for removed in sorted(gone.get(found, ())):
                place += removed <= place
        found = (*found, place)
    return found


def _take_out(data: dict[str, Any], wrong: Iterable[Path], gone: Gone) -> bool:
    """Remove the setting at each path, or the innermost one around it; tell whether any was.

    Parameters
    ----------
    gone
        Entries of lists that have been removed; those that are now, are added.
    """
    # All are looked up before one goes: the second bad entry of a list, which then is not there
    # any more, would take what is around the list.
    removed = False
    entries: dict[Path, set[int]] = {}
    for section, name, where in [_innermost(data, path) for path in wrong]:
        if isinstance(section, list):
            entries.setdefault(where, set()).add(name)
        elif section is data and name in _STAND_IN:
            data[name] = _STAND_IN[name]
            removed = True
        elif name in section:
            del section[name]
            removed = True
    for where, places in entries.items():
        section, name, _ = _innermost(data, (*where, min(places)))
        if not isinstance(section, list):  # all of it went with something else
            continue
        list_ = _original(where, gone)
        before = [_original((*where, place), gone)[-1] for place in places]
        for place in sorted(places, reverse=True):
            del section[place]
        gone.setdefault(list_, set()).update(int(place) for place in before)
        if not section:  # an empty list would be another error
            around, name, _ = _innermost(data, where)
            del around[name]
        removed = True
    return removed


def _innermost(data: dict[str, Any], path: Path) -> tuple[Any, Any, Path]:
    """Return what holds the setting at `path`, or the one around it; its name there; where that is."""
    section: Any = data
    name, where = path[0], path[:0]
    here: Any = data
    for place, step in enumerate(path):
        if isinstance(here, dict) and step in here:
            section, name, where, here = here, step, path[:place], here[step]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            # an entry that is a mapping can be taken out alone; a list of plain values goes whole
            if isinstance(here[step], dict):
                section, name, where = here, step, path[:place]
            here = here[step]
        else:
            break
    return section, name, where
