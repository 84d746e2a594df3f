"""What holds for any config: it loads, or all that is wrong has a place."""

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.synthetic_catalogue import CATALOGUE, GOOD
from unshielded.config import ConfigError, Experiment, dump, load
from unshielded.config.reading.scalars import plain_scalar, to_yaml

GOOD_DATA = yaml.safe_load(GOOD)
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in items:
        yield from _leaves(value, (*path, key))
    if path:
        yield path


def _set(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return data


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _load_or_explain(path: Path, *overrides: str) -> Experiment | None:
    try:
        return load(path, overrides, catalogue=CATALOGUE)
    except ConfigError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.file
        assert problem.what
        assert "\n" not in str(problem)
    return None


UNITS = st.sampled_from(["", " s", " ms", " mV", " mM/s", " Hz", " %", " m^2", "s"])
QUANTITIES = st.builds("{}{}".format, st.integers(-10, 400) | st.floats(), UNITS)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-5, 5000)
    | st.floats()
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | QUANTITIES
    | st.sampled_from([[], {}, [1], {"a": 1}, ".inf", "1 s^(9^9)", "rest", "motor_fr"])
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@QUICK
@given(path=st.sampled_from(sorted(_leaves(GOOD_DATA), key=str)), value=SCALARS)
def test_any_value_anywhere_loads_or_is_explained(
    folder: Path, path: tuple[Any, ...], value: object
) -> None:
    file = folder / "mutated.yaml"
    file.write_text(to_yaml(_set(GOOD_DATA, path, value)), encoding="utf-8")
    _load_or_explain(file)


@QUICK
@given(path=st.sampled_from(sorted(_leaves(GOOD_DATA), key=str)), value=SCALARS | TEXTS)
def test_any_override_loads_or_is_explained(
    folder: Path, path: tuple[Any, ...], value: object
) -> None:
    file = folder / "good.yaml"
    file.write_text(GOOD, encoding="utf-8")
    _load_or_explain(file, f"{'.'.join(map(str, path))}={value}")


@QUICK
@given(
    text=st.text(st.characters(codec="utf-8"), max_size=80)
    | st.text("abn:?-[]{},&*!|>'\"%@#~<=.0123456789eE \n\t\\U", max_size=60)
)
def test_any_text_loads_or_is_explained(folder: Path, text: str) -> None:
    file = folder / "text.yaml"
    file.write_text(text, encoding="utf-8", newline="")
    _load_or_explain(file)
    _load_or_explain(file, text)


@QUICK
@given(cut=st.integers(0, len(GOOD)), insert=TEXTS | st.sampled_from(list("{}[]:,&*!|>'\"\n\t")))
def test_a_damaged_config_loads_or_is_explained(folder: Path, cut: int, insert: str) -> None:
    file = folder / "cut.yaml"
    file.write_text(GOOD[:cut] + insert + GOOD[cut:], encoding="utf-8", newline="")
    _load_or_explain(file)


@QUICK
@given(raw=st.binary(max_size=60))
def test_any_bytes_load_or_are_explained(folder: Path, raw: bytes) -> None:
    file = folder / "bytes.yaml"
    file.write_bytes(raw)
    _load_or_explain(file)


def _quantity(unit: str, low: float, high: float) -> st.SearchStrategy[str]:
    return st.floats(low, high).map(lambda number: f"{number!r} {unit}")


CONFIGS = st.fixed_dictionaries(
    {
        "name": st.from_regex(r"[a-z0-9_-]{1,64}", fullmatch=True),
        "duration": _quantity("s", 1e3, 1e6),
    },
    optional={
        "description": TEXTS.filter(lambda text: "\0" not in text),
        "seed": st.integers(0, 2**32 - 1),
        "parameters": st.fixed_dictionaries(
            {},
            optional={
                "mcu_maximum_rate": _quantity("uM/ms", 0, 100) | _quantity("mol/m^3/s", 0, 100),
                "resting_potential": _quantity("mV", -100, -40) | _quantity("V", -0.1, -0.04),
                "buffer_capacity": st.floats(1, 1000) | st.integers(1, 1000),
                "leak_conductance": _quantity("nS", 0.1, 1000),
            },
        ),
        "circuit": st.fixed_dictionaries(
            {},
            optional={
                "heterogeneity": st.floats(0, 10),
                "interneuron_loss": st.floats(0, 1)
                | st.fixed_dictionaries(
                    {
                        "loss": st.floats(0, 1),
                        "from": _quantity("s", 0, 100),
                        "until": _quantity("s", 101, 900),
                    }
                ),
            },
        ),
        "drive": st.fixed_dictionaries(
            {},
            optional={
                "from": _quantity("ms", 0, 1e5),
                "until": st.none() | _quantity("s", 101, 999),
                "frequency": _quantity("1/s", 0.1, 1000),
                "level": st.floats(0, 1e6),
            },
        ),
        "record": st.fixed_dictionaries(
            {},
            optional={
                "interval": st.integers(1, 10**5).map(lambda n: f"{n / 512!r} s"),
                "membrane": st.none()
                | st.fixed_dictionaries(
                    {"interval": _quantity("ms", 0.1, 1e5), "until": _quantity("s", 1, 1e3)}
                ),
            },
        ),
    },
)


@QUICK
@given(data=CONFIGS)
def test_dump_loads_as_the_same_experiment(folder: Path, data: dict[str, Any]) -> None:
    file, again = folder / "one.yaml", folder / "again.yaml"
    file.write_text(to_yaml(data), encoding="utf-8")
    one = load(file, catalogue=CATALOGUE)
    again.write_text(dump(one), encoding="utf-8", newline="")
    other = load(again, catalogue=CATALOGUE)
    assert other.config == one.config
    assert other.identity == one.identity
    assert dump(other) == dump(one)
    assert "default" not in other.origin.values()


@QUICK
@given(
    digits=st.integers(0, 10**11),
    power=st.integers(-6, 3),
    scale=st.sampled_from([("ms", -3), ("us", -6), ("ns", -9), ("s", 0)]),
)
def test_identity_does_not_depend_on_the_unit(
    folder: Path, digits: int, power: int, scale: tuple[str, int]
) -> None:
    unit, exponent = scale
    file = folder / "unit.yaml"
    head = "name: a\nduration: 1 day\n"
    file.write_text(f"{head}drive: {{ramp: {digits}e{power - 12} s}}\n", encoding="utf-8")
    plain = load(file, catalogue=CATALOGUE)
    file.write_text(
        f"{head}drive: {{ramp: {digits}e{power - 12 - exponent} {unit}}}\n", encoding="utf-8"
    )
    assert load(file, catalogue=CATALOGUE).identity == plain.identity


@given(TEXTS | QUANTITIES | st.from_regex(r"[-+]?[0-9]{1,5}(\.[0-9]*)?([eE][-+]?[0-9]{1,2})?"))
def test_text_is_written_so_that_it_stays_text(text: str) -> None:
    written = to_yaml([text])
    item = written.removeprefix("- ").rstrip("\n")
    if item == text:  # written plain
        assert plain_scalar(text) == text
