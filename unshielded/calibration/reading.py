"""Reading the problem of a calibration: what is wrong with the file is told with its place."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from unshielded.calibration.problem import CalibrationProblem
from unshielded.config.findings import Finding, locate
from unshielded.config.reading import yaml
from unshielded.config.reading.errors import ConfigError, Problem, nearest, show
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import Node, plain

_OWN = "cell.yaml"
#: pydantic's type of error → what was expected.
_EXPECTED = {
    "tuple_type": "a list",
    "string_type": "text",
    "dict_type": "a mapping of settings",
    "too_short": "at least one entry",
    "model_type": "a mapping of settings",
    "model_attributes_type": "a mapping of settings",
}


def load_problem(path: Path | None = None) -> CalibrationProblem:
    """Read a problem; the lone cell's own if none is named.

    Raises
    ------
    ConfigError
        With what is wrong with it, and where.
    """
    wrong: list[Problem] = []
    text = (
        (files(__package__) / _OWN).read_text(encoding="utf-8")
        if path is None
        else Sources().read(str(path), wrong)
    )
    root = None if text is None else yaml.parse(text, str(path or _OWN), wrong)
    if root is None or wrong:
        raise ConfigError(wrong)
    return _problem(root)


def _problem(root: Node) -> CalibrationProblem:
    try:
        return CalibrationProblem.model_validate(plain(root))
    except ValidationError as error:
        found = [_finding(details) for details in error.errors(include_url=False)]
        raise ConfigError(locate(finding, root) for finding in found) from None


def _finding(details: ErrorDetails) -> Finding:
    context = details.get("ctx", {})
    path = (*details["loc"], *context.get("at", ()))
    match details["type"]:
        case "missing":
            return Finding(path, "is missing", hint=f"add '{path[-1]}: …'")
        case "extra_forbidden":
            return Finding(path, f"there is no setting {show(path[-1])}", at_key=True)
        case "unknown":
            name, known = context["name"], context["known"]
            what = f"there is no {context['kind']} {show(name)}"
            hint = nearest(name, known) or f"there are {', '.join(known)}"
            return Finding(path, what, hint=hint, at_key=context["at_key"])
        case "quantity":
            return Finding(path, context["what"])
        case "literal_error":
            return Finding(path, f"found {show(details['input'])}", context["expected"])
    expected = _EXPECTED.get(details["type"], details["msg"].removeprefix("Input should be "))
    return Finding(path, f"found {show(details['input'])}", expected)
