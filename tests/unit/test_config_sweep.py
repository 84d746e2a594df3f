"""The blocks of a sweep, their points, and what can be wrong with them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_catalogue import CATALOGUE
from unshielded.config import ConfigError, Experiment, json_schema, load

HEAD = "name: a\nduration: 10 s\n"
SAMPLE = "{method: sobol, n: 4, seed: 2, axes: {drive.level: {low: 1, high: 2}}}"
Read = Callable[..., Experiment]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str, *overrides: str, **more: Any) -> Experiment:
        path = tmp_path / "a.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, overrides, catalogue=CATALOGUE, **more)

    return _read


def _errors(read: Read, text: str, *overrides: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, *overrides)
    return [str(problem) for problem in caught.value.problems]


def _values(experiment: Experiment) -> list[tuple[Any, ...]]:
    return [(*values.values(), seed) for values, seed in experiment.listing()]


def test_zipped_axes_go_together(read: Read) -> None:
    one = read(HEAD + "sweep: {zip: {drive.level: [1, 2, 3], drive.ramp: [1 s, 2 s, 3 s]}}\n")
    assert _values(one) == [(1, "1 s", 1), (2, "2 s", 1), (3, "3 s", 1)]
    drives = [single.config.drive for _, _, single in one.points()]
    assert [(drive.level, drive.ramp) for drive in drives] == [(1, 1), (2, 2), (3, 3)]


def test_listed_points_are_run_as_they_stand(read: Read) -> None:
    text = (
        "sweep:\n  list:\n    - {drive.level: 1, circuit.interneuron_loss: {loss: 1}}\n"
        "    - {circuit.interneuron_loss: 0, drive.level: 2}\n"
    )
    one = read(HEAD + text)
    assert [values for values, _ in one.listing()] == [
        {"drive.level": 1, "circuit.interneuron_loss": {"loss": 1}},
        {"drive.level": 2, "circuit.interneuron_loss": 0},
    ]
    losses = [single.config.circuit.interneuron_loss.loss for _, _, single in one.points()]
    assert losses == [1.0, 0.0]


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_a_sample_lies_between_its_limits(read: Read, method: str) -> None:
    axes = "{drive.ramp: {low: 1 ms, high: 100 ms, scale: log}, glutamate.eaat2: {low: 0, high: 1}}"
    one = read(HEAD + f"sweep: {{sample: {{method: {method}, n: 64, seed: 3, axes: {axes}}}}}\n")
    points = list(one.points())
    assert len(points) == 64
    for values, _, single in points:
        assert isinstance(values["drive.ramp"], str)
        assert values["drive.ramp"].endswith(" ms")
        assert 0.001 <= single.config.drive.ramp <= 0.1
        assert isinstance(values["glutamate.eaat2"], float)
        assert single.config.glutamate.eaat2 == values["glutamate.eaat2"]
    # By chance, fewer than 12 of 64 below the middle of the log scale: p < 1e-7 were it fair.
    assert 12 <= sum(single.config.drive.ramp < 0.01 for _, _, single in points) <= 52


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_a_stratified_sample_has_one_point_in_each_stratum(read: Read, method: str) -> None:
    axes = "{drive.level: {low: 0, high: 16}, drive.duty: {low: 0, high: 1}}"
    one = read(HEAD + f"sweep: {{sample: {{method: {method}, n: 16, axes: {axes}}}}}\n")
    for axis, width in (("drive.level", 1), ("drive.duty", 1 / 16)):
        strata = sorted(int(values[axis] // width) for values, _ in one.listing())
        assert strata == list(range(16))


def test_a_sample_depends_on_its_own_seed_alone(read: Read) -> None:
    text = HEAD + f"sweep: {{sample: {SAMPLE}}}\n"
    drawn = [values for values, _ in read(text).listing()]
    assert [values for values, _ in read(text, "seed=9", "duration=5 s").listing()] == drawn
    assert [values for values, _ in read(text, "sweep.sample.seed=3").listing()] != drawn


def test_a_sample_is_the_same_in_another_process(read: Read, tmp_path: Path) -> None:
    text = (
        HEAD + "sweep: {sample: {method: METHOD, n: 8, axes: {drive.level: {low: 1, high: 2}}}}\n"
    )
    for method in ("random", "latin_hypercube", "sobol"):
        here = read(text.replace("METHOD", method)).listing()
        code = (
            "import json, sys; from tests.synthetic_catalogue import CATALOGUE\n"
            "from unshielded.config import load\n"
            "print(json.dumps(load(sys.argv[1], catalogue=CATALOGUE).listing()))"
        )
        arguments = [sys.executable, "-c", code, str(tmp_path / "a.yaml")]
        root = Path(__file__).parents[2]
        there = subprocess.run(arguments, check=True, capture_output=True, cwd=root)
        assert json.loads(there.stdout) == [list(pair) for pair in here]


def test_points_of_a_narrow_sample_stay_apart(read: Read) -> None:
    axes = "{drive.level: {low: 1, high: 1.00001}}"
    one = read(HEAD + f"sweep: {{sample: {{method: random, n: 50, axes: {axes}}}}}\n")
    levels = [values["drive.level"] for values, _ in one.listing()]
    assert len(set(levels)) == 50
    assert all(1 <= level <= 1.00001 for level in levels)


def test_blocks_multiply_and_the_last_changes_fastest(read: Read) -> None:
    text = (
        "sweep:\n  seeds: [5, 6]\n  list: [{drive.duty: 0.1}, {drive.duty: 0.2}]\n"
        "  zip: {drive.ramp: [1 s, 2 s], drive.frequency: [3 Hz, 4 Hz]}\n"
        "  sample: {method: random, n: 2, axes: {drive.level: {low: 1, high: 2}}}\n"
        "  grid: {glutamate.eaat2: [0, 1], circuit.heterogeneity: [0, 1]}\n"
    )
    one = read(HEAD + text)
    listing = one.listing()
    assert len(listing) == 2 * 2 * 2 * 2 * 2 * 2
    assert list(listing[0][0]) == [
        "glutamate.eaat2",
        "circuit.heterogeneity",
        "drive.ramp",
        "drive.frequency",
        "drive.duty",
        "drive.level",
    ]
    assert [seed for _, seed in listing[:4]] == [5, 6, 5, 6]
    for axis, period in (
        ("drive.level", 2),
        ("drive.duty", 4),
        ("drive.ramp", 8),
        ("circuit.heterogeneity", 16),
        ("glutamate.eaat2", 32),
    ):
        values = [point[axis] for point, _ in listing]
        assert values[:period] == [values[0]] * period
        assert values[period] != values[0]
    assert len({single.identity for _, _, single in one.points()}) == 64


def test_a_point_by_its_number(read: Read) -> None:
    text = "sweep: {grid: {drive.level: [1, 2], drive.duty: [0, 0.5, 1]}, seeds: [3, 4]}\n"
    one = read(HEAD + text)
    points = list(one.points())
    assert one.listing() == [(values, seed) for values, seed, _ in points]
    for number, (_, _, single) in enumerate(points):
        assert one.point(number).identity == single.identity
        assert one.point(number).origin == single.origin
    for number in (-1, 12):
        with pytest.raises(IndexError, match=f"no point {number}, expected 0 to 11"):
            one.point(number)


def test_without_a_sweep_the_only_point_is_the_config(read: Read) -> None:
    one = read(HEAD + "seed: 4\n")
    assert one.listing() == [({}, 4)]
    assert one.point(0).identity == one.identity


def test_sampled_values_come_from_their_axis(read: Read) -> None:
    one = read(HEAD + f"sweep:\n  sample: {SAMPLE}\n")
    assert one.point(2).origin["drive.level"].endswith("a.yaml:4:49")


def test_scipy_is_loaded_only_where_a_sample_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + "sweep: {seeds: [1, 2]}\n", encoding="utf-8")
    code = (
        "import sys; from unshielded.config import load\n"
        f"load({str(tmp_path / 'a.yaml')!r}).listing(); sys.exit('scipy.stats' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


Expected = tuple[tuple[int, int, str], ...]
BAD: dict[str, tuple[str, Expected]] = {
    "lengths": (
        "  zip: {drive.level: [1, 2], drive.duty: [0, 1, 0.5]}\n",
        ((4, 42, "sweep.zip.drive.duty: has 3 values while 'drive.level' has 2"),),
    ),
    "an unknown setting of a zip": (
        "  zip:\n    drive.levl: [1]\n",
        ((5, 5, "there is no setting 'drive.levl'; did you mean 'drive.level'?"),),
    ),
    "an unknown setting of a list": (
        "  list:\n    - drive.level: 1\n      glutamate.eat2: 1\n",
        (
            (
                6,
                7,
                "sweep.list.0.glutamate.eat2: there is no setting 'glutamate.eat2'; did you mean",
            ),
        ),
    ),
    "an unknown setting of a sample": (
        "  sample:\n    method: random\n    n: 2\n    axes:\n      duraton: {low: 1, high: 2}\n",
        ((8, 7, "did you mean 'duration'?"),),
    ),
    "the seed in a list": (
        "  list: [{seed: 1}]\n",
        ((4, 11, "sweep.list.0.seed: 'seed' cannot be swept; list the seeds in 'sweep.seeds'"),),
    ),
    "the name in a zip": ("  zip: {name: [b]}\n", ((4, 9, "'name' cannot be swept"),)),
    "a setting in two blocks": (
        "  grid: {drive.level: [1]}\n  zip: {drive.level: [2]}\n",
        ((5, 9, "sweep.zip.drive.level: 'drive.level' is set in 'sweep.grid' too; remove one"),),
    ),
    "part and whole in two blocks": (
        "  list: [{drive: {level: 1}}]\n"
        "  sample: {method: random, n: 2, axes: {drive.level: {low: 1, high: 2}}}\n",
        ((4, 11, "'drive' and 'drive.level' set the same"),),
    ),
    "an empty zip axis": ("  zip: {drive.level: []}\n", ((4, 22, "the list is empty"),)),
    "an empty list": ("  list: []\n", ((4, 9, "the list is empty"),)),
    "a list of nothing": ("  list: [{}]\n", ((4, 10, "sweep.list.0: sets nothing"),)),
    "an axis that is not a list": (
        "  zip: {drive.level: 1}\n",
        ((4, 22, "found 1, expected a list"),),
    ),
    "a listed point that is not a mapping": (
        "  list: [1]\n",
        ((4, 10, "found 1, expected a mapping"),),
    ),
    "entries that set other things": (
        "  list: [{drive.level: 1}, {drive.duty: 1}]\n",
        (
            (4, 10, "does not set 'drive.duty'"),
            (4, 28, "does not set 'drive.level', which entry 0"),
        ),
    ),
    "a bad value in a zip": (
        "  zip: {drive.duty: [0, 2], drive.level: [1, 1]}\n",
        ((4, 25, "drive.duty: 2 is too large"),),
    ),
    "the same bad value at two places": (
        "  zip: {drive.duty: [2, 2], drive.level: [1, 3]}\n",
        ((4, 22, "2 is too large"), (4, 25, "2 is too large")),
    ),
    "a bad value in a list": (
        "  list: [{drive.duty: 0}, {drive.duty: 1 s}]\n",
        ((4, 40, "drive.duty: '1 s' is not a quantity"),),
    ),
    "a key in a listed section": (
        "  list: [{drive: {levl: 0}}]\n",
        ((4, 19, "drive.levl: there is no setting 'levl'; did you mean 'level'?"),),
    ),
    "a clash of blocks": (
        "  zip: {duration: [5 s, 9 s]}\n  list: [{drive.until: 4 s}, {drive.until: 8 s}]\n",
        ((4, 20, "drive.until: 8 s is after the end of the run"),),
    ),
    "the same zipped point twice": (
        "  zip: {drive.level: [1, 2, 1.0], drive.ramp: [1 s, 1 s, 1000 ms]}\n",
        ((4, 29, "is the same experiment as the value at line 4, column 23"),),
    ),
    "the same listed point twice": (
        "  list: [{drive.from: 1 s}, {drive.from: 1000 ms}]\n",
        ((4, 42, "is the same experiment as the value at line 4, column 23"),),
    ),
    "too many points": (
        "  sample: {method: random, n: 100000, axes: {drive.level: {low: 1, high: 2}}}\n"
        "  seeds: [1, 2]\n",
        ((4, 3, "has 200000 points, expected at most 100000"),),
    ),
    "an unknown method": (
        "  sample: {method: sobel, n: 4, axes: {drive.level: {low: 1, high: 2}}}\n",
        ((4, 20, "sweep.sample.method: there is no method 'sobel'"),),
    ),
    "not a power of two": (
        "  sample: {method: sobol, n: 100, axes: {drive.level: {low: 1, high: 2}}}\n",
        (
            (
                4,
                30,
                "100 is not a power of two, expected a power of two; the nearest are 64 and 128",
            ),
        ),
    ),
    "too large a sample": (
        "  sample: {method: random, n: 100001, axes: {drive.level: {low: 1, high: 2}}}\n",
        ((4, 31, "100001 is too large"),),
    ),
    "no axes": ("  sample: {method: random, n: 4, axes: {}}\n", ((4, 40, "empty"),)),
    "no upper limit": (
        "  sample: {method: random, n: 4, axes: {drive.level: {low: 1}}}\n",
        ((4, 54, "sweep.sample.axes.drive.level.high: is missing"),),
    ),
    "two units": (
        "  sample: {method: random, n: 4, axes: {drive.ramp: {low: 1 ms, high: 0.1 s}}}\n",
        ((4, 71, "'0.1 s' has the unit 's', expected 'ms', the unit of 'low'"),),
    ),
    "one unit": (
        "  sample: {method: random, n: 4, axes: {drive.ramp: {low: 1 ms, high: 10}}}\n",
        ((4, 71, "10 has no unit, expected 'ms'"),),
    ),
    "upside down": (
        "  sample: {method: random, n: 4, axes: {drive.level: {low: 2, high: 1}}}\n",
        ((4, 69, "1 is not above 'low', expected above 2"),),
    ),
    "a logarithm of nothing": (
        "  sample: {method: random, n: 4, axes: {drive.level: {low: 0, high: 1, scale: log}}}\n",
        ((4, 60, "0 has no logarithm, expected above 0"),),
    ),
    "a limit that is not a quantity": (
        "  sample: {method: random, n: 4, axes: {drive.level: {low: [1], high: few}}}\n",
        ((4, 60, "a list is not a quantity"), (4, 71, "'few' is not a quantity")),
    ),
    "a limit without end": (
        "  sample: {method: random, n: 4, axes: {drive.level: {low: 0, high: .inf}}}\n",
        ((4, 69, "inf is not finite"),),
    ),
    "a sample of another unit": (
        "  sample: {method: random, n: 4, axes: {drive.ramp: {low: 1 mV, high: 2 mV}}}\n",
        ((4, 41, "has the unit 'mV', expected a unit like 's'"),),
    ),
    "a sample out of range": (
        "  sample: {method: sobol, n: 4, axes: {drive.duty: {low: 0, high: 9}}}\n",
        ((4, 40, "is too large, expected at least 0, at most 1"),),
    ),
    "a sample of whole numbers": (
        "  sample: {method: random, n: 9, axes: {circuit.populations.pv.size: {low: 1, high: 9}}}\n",
        ((4, 41, "expected a whole number"),),
    ),
    "a sample too narrow": (
        "  sample: {method: random, n: 9, axes: {drive.level: {low: 1, high: 1.000000000000001}}}\n",
        ((4, 41, "two points of the sample are the same; draw fewer points or widen"),),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_sweeps(read: Read, case: str) -> None:
    text, expected = BAD[case]
    found = _errors(read, HEAD + "sweep:\n" + text)
    assert len({line.split(": ", 1)[0] for line in found}) == len(expected), found
    for place, (line, column, fragment) in enumerate(expected):
        here = [f for f in found if f"a.yaml:{line}:{column}: " in f]
        assert any(fragment in f for f in here), (place, found)


def test_a_block_can_be_left_out_with_null(read: Read) -> None:
    text = HEAD + "sweep: {grid: null, zip: null, list: null, sample: null, seeds: null}\n"
    assert read(text).listing() == [({}, 1)]


def test_the_schema_knows_the_settings_of_every_block() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft7Validator(json_schema(CATALOGUE))
    limits = {"low": "1 ms", "high": "2 ms"}
    for name, good in (("drive.ramp", True), ("stimulation.0.at", True), ("drive.rmp", False)):
        for sweep in (
            {"grid": {name: [1]}},
            {"zip": {name: [1]}},
            {"list": [{name: 1}]},
            {"sample": {"method": "sobol", "n": 2, "axes": {name: limits}}},
        ):
            data = {"name": "a", "duration": "1 s", "sweep": sweep}
            assert validator.is_valid(data) == good, sweep
