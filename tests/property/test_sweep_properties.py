"""What holds for any sweep: its size, its limits, its order, and its portable form."""

import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.property.test_config_properties import SCALARS
from tests.synthetic_catalogue import CATALOGUE
from unshielded.config import ConfigError, Experiment, load
from unshielded.config.portable import from_json, to_json
from unshielded.config.reading.scalars import to_yaml
from unshielded.config.sections.sampling import SamplingDesign, draw, parts

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: Settings that no rule joins, with values that they accept.
AXES: dict[str, st.SearchStrategy[Any]] = {
    "drive.level": st.integers(0, 50),
    "drive.duty": st.integers(0, 100).map(lambda n: n / 100),
    "drive.ramp": st.integers(1, 500).map(lambda n: f"{n} ms"),
    "glutamate.eaat2": st.integers(0, 100).map(lambda n: n / 100),
    "parameters.buffer_capacity": st.integers(1, 1000),
    "parameters.resting_potential": st.integers(-100, -40).map(lambda n: f"{n} mV"),
    "circuit.interneuron_loss": st.integers(0, 100).map(lambda n: n / 100),
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _load(folder: Path, sweep: Any) -> Experiment:
    file = folder / "sweep.yaml"
    data = {"name": "a", "duration": "9 s", "sweep": sweep}
    file.write_text(to_yaml(data), encoding="utf-8")
    return load(file, catalogue=CATALOGUE)


@st.composite
def sweeps(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """Return a sweep with any of its blocks, and how many points it has."""
    names = draw(st.permutations(list(AXES)))
    sweep: dict[str, Any] = {}
    number = 1

    def values(name: str, n: int) -> list[Any]:
        return draw(st.lists(AXES[name], min_size=n, max_size=n, unique=True))

    if draw(st.booleans()):
        grid = {names.pop(): draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 2)))}
        sweep["grid"] = {name: values(name, n) for name, n in grid.items()}
        number *= math.prod(grid.values())
    if draw(st.booleans()):
        n = draw(st.integers(1, 3))
        sweep["zip"] = {names.pop(): None for _ in range(draw(st.integers(1, 2)))}
        sweep["zip"] = {name: values(name, n) for name in sweep["zip"]}
        number *= n
    if draw(st.booleans()):
        name, n = names.pop(), draw(st.integers(1, 3))
        sweep["list"] = [{name: value} for value in values(name, n)]
        number *= n
    if draw(st.booleans()):
        n = draw(st.sampled_from([1, 2, 4]))
        sweep["sample"] = {
            "method": draw(st.sampled_from(["random", "latin_hypercube", "sobol"])),
            "n": n,
            "seed": draw(st.integers(0, 2**32 - 1)),
            "axes": {"drive.frequency": {"low": "1 Hz", "high": "9 Hz"}},
        }
        number *= n
    if draw(st.booleans()):
        seeds = draw(st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True))
        sweep["seeds"] = seeds
        number *= len(seeds)
    return sweep, number


@QUICK
@given(given_sweep=sweeps())
def test_a_sweep_is_the_product_of_its_blocks(
    folder: Path, given_sweep: tuple[dict[str, Any], int]
) -> None:
    sweep, number = given_sweep
    one = _load(folder, sweep)
    listing = one.listing()
    assert len(listing) == number
    assert one.listing() == listing
    points = list(one.points())
    assert [(values, seed) for values, seed, _ in points] == listing
    assert len({single.identity for _, _, single in points}) == number
    last = number - 1
    assert one.point(last).identity == points[last][2].identity


@QUICK
@given(given_sweep=sweeps(), place=st.integers(0, 2**20))
def test_the_portable_form_has_the_same_points(
    folder: Path, given_sweep: tuple[dict[str, Any], int], place: int
) -> None:
    sweep, number = given_sweep
    one = _load(folder, sweep)
    other = from_json(json.loads(json.dumps(to_json(one), allow_nan=False)), CATALOGUE)
    assert (other.identity, other.origin) == (one.identity, one.origin)
    assert other.listing() == one.listing()
    assert other.source_text == one.source_text
    here, there = one.point(place % number), other.point(place % number)
    assert (there.identity, there.origin) == (here.identity, here.origin)


LIMITS = st.floats(-1e300, 1e300) | st.integers(-1000, 1000) | st.floats(-1, 1)


@given(
    method=st.sampled_from(["random", "latin_hypercube", "sobol"]),
    power=st.integers(0, 5),
    seed=st.integers(0, 2**32 - 1),
    limits=st.lists(st.tuples(LIMITS, LIMITS, st.booleans()), min_size=1, max_size=3),
    unit=st.sampled_from(["", "ms", "mM/s", "1/s"]),
)
@settings(deadline=None)
def test_sampled_values_are_inside_their_limits(
    method: str, power: int, seed: int, limits: list[tuple[float, float, bool]], unit: str
) -> None:
    axes = {}
    for place, (one, other, log) in enumerate(limits):
        assume(one != other)
        low, high = min(one, other), max(one, other)
        scale = "log" if log and low > 0 else "linear"
        written = [f"{end!r} {unit}" if unit else end for end in (low, high)]
        axes[f"axis {place}"] = {"low": written[0], "high": written[1], "scale": scale}
    n = 2**power
    sample = SamplingDesign.model_validate({"method": method, "n": n, "seed": seed, "axes": axes})
    points = draw(sample)
    assert len(points) == n
    assert draw(sample) == points
    for point in points:
        for value, axis in zip(point, sample.axes.values(), strict=True):
            assert isinstance(value, str if unit else float)
            assert parts(axis.low)[0] <= parts(value)[0] <= parts(axis.high)[0]
            assert parts(value)[1] == unit


@QUICK
@given(
    path=st.sampled_from(
        [
            ("grid",),
            ("grid", "drive.level"),
            ("zip",),
            ("zip", "drive.ramp"),
            ("list",),
            ("list", 0),
            ("list", 0, "drive.duty"),
            ("sample",),
            ("sample", "method"),
            ("sample", "n"),
            ("sample", "seed"),
            ("sample", "axes"),
            ("sample", "axes", "drive.frequency"),
            ("sample", "axes", "drive.frequency", "low"),
            ("sample", "axes", "drive.frequency", "high"),
            ("sample", "axes", "drive.frequency", "scale"),
            ("seeds",),
        ]
    ),
    value=SCALARS,
)
def test_any_value_in_a_sweep_loads_or_is_explained(
    folder: Path, path: tuple[Any, ...], value: object
) -> None:
    sweep: dict[str, Any] = {
        "grid": {"drive.level": [1, 2]},
        "zip": {"drive.ramp": ["1 s", "2 s"], "glutamate.eaat2": [0, 1]},
        "list": [{"drive.duty": 0}, {"drive.duty": 1}],
        "sample": {
            "method": "sobol",
            "n": 2,
            "seed": 1,
            "axes": {"drive.frequency": {"low": "1 Hz", "high": "2 Hz", "scale": "log"}},
        },
        "seeds": [1, 2],
    }
    here: Any = sweep
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    try:
        assert _load(folder, sweep).listing()
    except ConfigError as error:
        found = error
    else:
        return
    assert all(p.line >= 1 and p.column >= 1 and p.what for p in found.problems)
    assert len(str(found).splitlines()) == len(found.problems)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats()
    | st.sampled_from(["", "\n", "a", "value", "list", "mapping", "\ud800", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["at", "key", "value", "list", "mapping", "more\n"]), inner, max_size=4
        )
    ),
    max_leaves=6,
)


@QUICK
@given(data=st.data(), value=JSON)
def test_any_damage_to_the_portable_form_is_told_in_one_line(
    folder: Path, data: st.DataObject, value: Any
) -> None:
    stored = to_json(_load(folder, {"grid": {"drive.level": [1, 2]}, "seeds": [1, 2]}))
    here: Any = stored
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        inner = here[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.integers(0, 3)) == 0:
            here[key] = value
            break
        here = inner
    try:
        again = from_json(stored, CATALOGUE)
        number = len(list(again.points()))
    except ValueError as error:
        told = str(error)
    else:
        assert len(again.listing()) == number
        return
    assert len(told.splitlines()) == 1
