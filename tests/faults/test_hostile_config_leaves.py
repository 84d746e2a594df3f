"""A whole config with one value changed to anything: what is said names the place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unshielded.config import ConfigError, dump, load
from unshielded.config.reading import yaml
from unshielded.config.reading.errors import Problem
from unshielded.config.reading.scalars import to_yaml
from unshielded.config.reading.tree import descend, plain

#: A config with something in every section; its dump has every setting.
EVERYTHING = """
name: everything
description: all there is
duration: 20 s
circuit:
  loss: {pv: {loss: 0.5, from: 1 s, until: 2 s}}
  interneuron_loss: {loss: 0.1, from: 1 s, until: 3 s}
  populations: {motor_fr: {parameters: {leak_conductance: 50 nS}}}
drive: {command: rhythmic, until: 10 s}
bath: [{agent: glutamate, concentration: 10 uM, from: 1 s, until: 2 s}]
stimulation: [{at: 1 s, intensity: 50}]
parameters: {calbindin_sites: 50 uM}
record: {membrane: {until: 1 s}}
tms: {times: [1 s, 2 s]}
sweep:
  grid: {glutamate.eaat2: [0, 1]}
  seeds: [1, 2]
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data of a config with every setting."""
    folder = tmp_path_factory.mktemp("config")
    (folder / "some.yaml").write_text(EVERYTHING)
    full = dump(load(folder / "some.yaml"))
    problems: list[Problem] = []
    root = yaml.parse(full, "full", problems)
    assert root is not None
    assert not problems
    data = plain(root)
    sweep = {"grid": {"glutamate.eaat2": [0.0, 1.0]}, "seeds": [1, 2]}
    (folder / "full.yaml").write_text(to_yaml({**data, "sweep": sweep}))
    assert load(folder / "full.yaml").config.tms is not None
    return {**data, "sweep": sweep}


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    match data:
        case dict():
            for key, value in data.items():
                yield from leaves(value, (*path, key))
        case list():
            for place, value in enumerate(data):
                yield from leaves(value, (*path, place))
        case _:
            yield path


def changed(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return data


BAD: tuple[object, ...] = (
    "some text",
    "",
    None,
    True,
    [],
    [1, "x"],
    {},
    {"a": {"b": 1}},
    float("nan"),
    float("inf"),
    -1,
    10**60,
    1e300,
    "1e300 s",
    "nan s",
    "1 kg",
    "1 s s^-1 m",
    "-5 mV",
    "1e-300 s",
    "½ s",
    "1 s\n2 s",
    "x" * 5000,
    "../../etc",
    "__import__('os')",
)


def refusal(file: Path) -> ConfigError | None:
    try:
        load(file)
    except ConfigError as error:
        return error
    return None


def explained(folder: Path, data: Any, path: tuple[str | int, ...]) -> bool:
    """Load, or check that what is said names the place; tell whether it was refused."""
    text = to_yaml(data)
    file = folder / "mutant.yaml"
    file.write_text(text, encoding="utf-8")
    error = refusal(file)
    if error is None:
        return False
    root = yaml.parse(text, "mutant", [])
    assert root is not None
    node, _ = descend(root, path)
    first, dotted = (node.key or node.mark).line, ".".join(map(str, path))
    places = [(p.line, p.path) for p in error.problems]
    named = any(first <= at <= node.mark.line or dotted in name for at, name in places)
    # a rule that joins settings may be marked at the other one; it tells this one's name or value
    mine = [f"'{path[-1]}'", *([node.value] if isinstance(node.value, str) and node.value else [])]
    told = any(each in str(error) for each in mine)
    told = told or dotted.rpartition(".")[0] in [name for _, name in places]  # or at their section
    assert named or told, f"{dotted}, line {first}: {error}"
    assert len(str(error).splitlines()) == len(error.problems)
    return True


def kinds(data: Any) -> list[tuple[str | int, ...]]:
    """All leaves, but of the pathways and populations, which are alike, one each."""
    found: dict[tuple[str | int, ...], tuple[str | int, ...]] = {}
    for path in leaves(data):
        alike = len(path) > 3 and path[1] in ("pathways", "populations")
        found.setdefault((*path[:2], "*", *path[3:]) if alike else path, path)
    return list(found.values())


def test_every_kind_of_leaf_is_checked(whole: dict[str, Any], tmp_path: Path) -> None:
    """Each once, with another bad value."""
    paths = kinds(whole)
    assert len(paths) > 100
    refused = sum(
        explained(tmp_path, changed(whole, path, BAD[number % len(BAD)]), path)
        for number, path in enumerate(paths)
    )
    # A null, an empty text or a large number is right in some places.
    assert refused > 0.8 * len(paths)


@pytest.mark.thorough
def test_every_leaf_is_checked(whole: dict[str, Any], tmp_path: Path) -> None:
    for number, path in enumerate(leaves(whole)):
        explained(tmp_path, changed(whole, path, BAD[number % len(BAD)]), path)


@pytest.mark.thorough
def test_every_kind_of_leaf_is_checked_with_every_bad_value(
    whole: dict[str, Any], tmp_path: Path
) -> None:
    for path in kinds(whole):
        for value in BAD:
            explained(tmp_path, changed(whole, path, value), path)


ANYTHING = (
    st.sampled_from(BAD)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
    | st.builds(
        "{} {}".format, st.floats() | st.integers(), st.sampled_from(["s", "mV", "Hz", "%"])
    )
    | st.recursive(
        st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text("ab."), inner)
    )
)
SETTINGS = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@SETTINGS
@given(data=st.data())
def test_any_leaf_with_anything(whole: dict[str, Any], tmp_path: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(leaves(whole))))
    explained(tmp_path, changed(whole, path, data.draw(ANYTHING)), path)


@pytest.mark.thorough
@settings(SETTINGS, max_examples=500)
@given(data=st.data())
def test_any_leaf_with_anything_often(
    whole: dict[str, Any], tmp_path: Path, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(list(leaves(whole))))
    explained(tmp_path, changed(whole, path, data.draw(ANYTHING)), path)
