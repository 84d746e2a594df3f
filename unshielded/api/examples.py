"""The configs that come with the package: what each is for, and a copy to begin with."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml

from unshielded.api.shipped import PLACES
from unshielded.assemble.predict import predict
from unshielded.config import Experiment, load_data
from unshielded.config.reading.errors import ConfigError
from unshielded.config.reading.scalars import to_yaml
from unshielded.config.reading.sources import Sources
from unshielded.config.reading.tree import plain
from unshielded.config.recipe import put_together

#: Says where the schema lies, for editors.
SCHEMA_LINE: Final = "# yaml-language-server: $schema=unshielded.schema.json"


@dataclass(frozen=True)
class ShippedExample:
    """A config that comes with the package.

    Attributes
    ----------
    description
        One sentence: what is done.
    shows
        What it shows, or asks.
    command
        ``run``, ``sweep``, ``trial`` or ``tms``.
    runs
        How many there are.
    seconds
        Of one core, for all of them; predicted.
    """

    name: str
    description: str
    shows: str
    command: str
    runs: int
    seconds: float


def example(name: str) -> ShippedExample:
    """Describe an example, one of `names`."""
    experiment = load_data(_data(name))
    config = experiment.config
    command = (
        "trial"
        if config.trial is not None
        else "tms"
        if config.tms is not None or name.startswith("tms/")
        else "sweep"
        if config.sweep is not None
        else "run"
    )
    runs, seconds = _work(experiment, command)
    return ShippedExample(name, config.description, _shows(_read(name)), command, runs, seconds)


def standing_alone(name: str, called: str) -> str:
    """Return the text of an example, one of `names`, under another name, with all that it extends."""
    text = _read(name)
    if not _extended(yaml.safe_load(text)):
        body = re.sub(r"^# yaml-language-server:.*\n", "", text)
        return f"{SCHEMA_LINE}\n" + re.sub(r"(?m)^name:.*$", f"name: {called}", body, count=1)
    data = {**_data(name), "name": called}
    first = [key for key in ("name", "description", "duration") if key in data]
    ordered = {key: data[key] for key in [*first, *(k for k in data if k not in first)]}
    sections = [to_yaml({key: value}) for key, value in ordered.items()]
    head = f"{SCHEMA_LINE}\n{_comment(text)}# As {name}, with all that it extends.\n"
    return head + "".join(sections)


def template(called: str) -> str:
    """Return the text of a config to begin with, which says what can be set."""
    text = files("unshielded.api").joinpath("template.yaml").read_text(encoding="utf-8")
    return f"{SCHEMA_LINE}\n" + text.replace("NAME", called)


def _read(name: str) -> str:
    path = PLACES["configs"] / f"{name}.yaml"
    return path.read_text(encoding="utf-8")


def _data(name: str) -> dict[str, Any]:
    """Return all that an example sets, put together from the files that it extends."""
    first = f"configs/{name}.yaml"
    texts = {first: (first, _read(name))}
    waiting = [first]
    while waiting:
        file = waiting.pop()
        for value in _extended(yaml.safe_load(texts[file][1])):
            base = str(Path(file).parent / value)
            if base not in texts:
                texts[base] = (base, _real(base).read_text(encoding="utf-8"))
                waiting.append(base)
    root, problems = put_together(first, (), None, Sources(texts, closed=True))
    if root is None or problems:
        raise ConfigError(problems)
    found: dict[str, Any] = plain(root)
    return found


def _real(name: str) -> Path:
    top, *below = PurePosixPath(os.path.normpath(name)).parts
    return PLACES[top].joinpath(*below)


def _extended(data: Any) -> list[str]:
    """Return what a config, or a variant of its trial, extends."""
    match data:
        case dict():
            own = [v for k, v in data.items() if k == "extends" and isinstance(v, str)]
            return own + [found for value in data.values() for found in _extended(value)]
        case list():
            return [found for value in data for found in _extended(value)]
    return []


def _comment(text: str) -> str:
    """Return the comment at the head of a config, without the line for editors."""
    lines = text.splitlines(keepends=True)
    lines = [line for line in lines if not line.startswith("# yaml-language-server:")]
    end = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:end])


def _shows(text: str) -> str:
    """Return the first sentence of the comment at the head of a config."""
    lines = [line.removeprefix("# ") for line in _comment(text).splitlines()]
    end = next((n for n, line in enumerate(lines) if line.startswith(" ")), len(lines))  # a list
    return re.split(r"(?<=[.?])\s+(?=[A-Z`])", " ".join(lines[:end]))[0]


def _work(experiment: Experiment, command: str) -> tuple[int, float]:
    """Return how many runs, or sessions, there are, and the seconds that they take."""
    if command == "tms":
        from unshielded.tms_sessions.planning import plan

        held = plan(experiment)
        lengths = [s.duration for s in held.sittings] + [c.config.duration for c in held.courses]
        config = experiment.config
        return len(lengths), sum(
            predict(config.model_copy(update={"duration": length})).seconds for length in lengths
        )
    seconds = [predict(single.config).seconds for _, _, single in experiment.points()]
    return len(seconds), sum(seconds)
