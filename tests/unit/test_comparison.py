"""Two experiments side by side: pairs, differences and their intervals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind, ttest_rel

from tests.synthetic_recording import make_recording
from unshielded.cli.main import main
from unshielded.results.comparison import PAIRED, WELCH, compare, interval, unit_of
from unshielded.results.summary import summarise
from unshielded.results.survival import lifetimes
from unshielded.statistics.survival import kaplan_meier
from unshielded.store.format.files import NoSuchEntry
from unshielded.store.writing.write import write_run

DELAY = "circuit.pathways.pv_to_pv.delay"


def make(folder: Path, seed: int, severity: float = 1.0, *, variant: int = 0, duration: float = 20.0,
         **settings: Any) -> Path:  # fmt: skip
    """Write a made-up result; settings are drive.level, glutamate.eaat2, delay (s)."""
    resolved = {
        "duration": duration,
        "drive": {"level": settings.get("level", 1.0)},
        "glutamate": {"eaat2": settings.get("eaat2", 1.0)},
        "circuit": {"pathways": {"pv_to_pv": {"delay": settings.get("delay", 0.0015)}}},
    }
    name = "-".join(map(str, [seed, severity, variant, *settings.values()]))
    place = folder / name
    recording = make_recording(
        place / "raw",
        duration=duration,
        severity=severity,
        seed=10 * seed + variant,
        traced=0,
        sizes={"pyramidal": 6, "motor_fr": 20, "oculomotor": 4},
        spikes=False,
    )
    about = {"seed": seed, "name": folder.name, "id": name}
    write_run(place / "results.h5", recording, about, "", json.dumps(resolved), "{}", "")
    shutil.rmtree(place / "raw")
    return place / "results.h5"


def outcome(found: dict[str, Any], population: str, name: str) -> dict[str, Any]:
    (pair,) = found["pairs"]
    (one,) = [o for o in pair["outcomes"] if (o["population"], o["outcome"]) == (population, name)]
    return one


@pytest.fixture(scope="module")
def mild(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("a") / "mild"
    return [make(folder, seed, 0.5, delay=0.0015) for seed in (1, 2, 3)]


@pytest.fixture(scope="module")
def harsh(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("b") / "harsh"
    return [make(folder, seed, 1.0 + 0.1 * seed, variant=1, delay=0.003) for seed in (2, 3, 4)]


def values(places: list[Path], name: str) -> dict[int, float]:
    found = [summarise(place) for place in places]
    return {f["seed"]: f["populations"]["motor_fr"][name] for f in found}


def test_paired_by_the_seeds_in_common(mild: list[Path], harsh: list[Path]) -> None:
    found = compare(mild, harsh)
    (pair,) = found["pairs"]
    assert pair["settings"] == {DELAY: {"a": 0.0015, "b": 0.003, "unit": "s"}}
    assert pair["seeds"] == {"a": [1, 2, 3], "b": [2, 3, 4]}
    rate = outcome(found, "motor_fr", "mean_rate_hz")
    a, b = values(mild, "mean_rate_hz"), values(harsh, "mean_rate_hz")
    one, two = ([side[seed] for seed in (2, 3)] for side in (a, b))
    expected = ttest_rel(two, one).confidence_interval(0.95)
    assert (rate["a"], rate["b"]) == (pytest.approx(np.mean(one)), pytest.approx(np.mean(two)))
    assert rate["difference"] == pytest.approx(np.mean(two) - np.mean(one))
    # two ways to the same sums: rounding only
    assert (rate["low"], rate["high"]) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert (rate["method"], rate["unit"], rate["reason"]) == (PAIRED, "Hz", None)


def test_without_common_seeds_it_is_welch(mild: list[Path], harsh: list[Path]) -> None:
    found = compare(mild[:2], harsh[1:])  # seeds 1, 2 and 3, 4
    rate = outcome(found, "motor_fr", "mean_rate_hz")
    a, b = (list(values(p, "mean_rate_hz").values()) for p in (mild[:2], harsh[1:]))
    expected = ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert (rate["low"], rate["high"]) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert rate["method"] == WELCH


def test_one_seed_gives_no_interval(mild: list[Path], harsh: list[Path]) -> None:
    rate = outcome(compare(mild[1:2], harsh), "motor_fr", "mean_rate_hz")
    assert (rate["low"], rate["high"], rate["method"]) == (None, None, None)
    assert "single seed" in rate["reason"]
    assert rate["difference"] == pytest.approx(rate["b"] - rate["a"])


def test_every_outcome_is_that_of_the_results(mild: list[Path], harsh: list[Path]) -> None:
    found = compare(mild[1:2], harsh[:1])
    a, b = (summarise(p[0])["populations"]["motor_fr"] for p in (mild[1:2], harsh[:1]))
    burned = outcome(found, "motor_fr", "burned_out_percent")
    assert burned["a"] == 100 * a["burned_out"] / 20
    assert burned["difference"] == 100 * (b["burned_out"] - a["burned_out"]) / 20
    died = outcome(found, "motor_fr", "median_time_to_death_s")
    assert (died["a"], died["b"]) == (a["median_time_to_death_s"], b["median_time_to_death_s"])
    lived = outcome(found, "motor_fr", "mean_time_to_death_s")
    cells = lifetimes(mild[1:2], "motor_fr")
    # the area below the survival curve, another way
    assert lived["a"] == pytest.approx(kaplan_meier(cells.died, cells.censored).mean(), rel=1e-9)
    # nobody died in either: no difference, not listed
    assert not [o for o in found["pairs"][0]["outcomes"]
                if (o["population"], o["outcome"]) == ("oculomotor", "burned_out_percent")]  # fmt: skip


def test_intervals_cover_the_truth() -> None:
    """Seeds shift both alike by far more than the rest: pairing sees the effect, and covers it."""
    random = np.random.default_rng(1)
    covered, widths = {PAIRED: 0, WELCH: 0}, {PAIRED: 0.0, WELCH: 0.0}
    number = 400
    for _ in range(number):
        own = random.normal(0, 5, 5)
        a, b = own + random.normal(0, 1, 5), own + 2 + random.normal(0, 1, 5)
        one = {k: float(v) for k, v in enumerate(a)}
        for method, two in ((PAIRED, dict(enumerate(b.tolist()))),
                            (WELCH, dict(enumerate(b.tolist(), start=10)))):  # fmt: skip
            low, high, used, _ = interval(one, two)
            assert used == method
            assert low is not None
            assert high is not None
            covered[method] += low <= 2 <= high
            widths[method] += high - low
    # 380 are expected; four standard deviations of √(400·0.95·0.05) = 4.4 to either side
    assert 362 <= covered[PAIRED] <= 398
    assert covered[WELCH] > 362  # wide, since it does not know what seeds share
    assert widths[PAIRED] < widths[WELCH] / 2


def test_an_equal_difference_in_every_seed_has_no_interval() -> None:
    low, high, method, reason = interval({1: 0.0, 2: 0.0}, {1: 100.0, 2: 100.0})
    assert (low, high, method) == (None, None, PAIRED)
    assert "same in every seed" in reason


def test_sweeps_are_paired_by_what_varies_in_both(tmp_path: Path) -> None:
    a = [make(tmp_path / "a", 1, level=x) for x in (1.0, 1.5)]
    b = [make(tmp_path / "b", 1, level=x, eaat2=0.3) for x in (1.5, 2.0)]
    found = compare(a, b)
    (pair,) = found["pairs"]
    assert pair["at"] == {"drive.level": 1.5}
    assert pair["settings"] == {"glutamate.eaat2": {"a": 1.0, "b": 0.3, "unit": None}}
    assert pair["outcomes"] == []  # the same made-up runs
    assert found["unpaired"] == {"a": [{"drive.level": 1.0}], "b": [{"drive.level": 2.0}]}
    one_with_each = compare(a[:1], b)
    assert [pair["varied"] for pair in one_with_each["pairs"]] == [
        {"a": {}, "b": {"drive.level": 1.5}},
        {"a": {}, "b": {"drive.level": 2.0}},
    ]
    assert one_with_each["unpaired"] == {"a": [], "b": []}
    other = [make(tmp_path / "c", 1, eaat2=x) for x in (0.1, 0.2)]
    with pytest.raises(NoSuchEntry, match=r"varied in A: drive\.level; in B: glutamate\.eaat2"):
        compare(a, other)
    far = [make(tmp_path / "d", 1, level=x) for x in (7.0, 8.0)]
    with pytest.raises(NoSuchEntry, match="nothing can be compared"):
        compare(a, far)


def test_time_lived_counts_up_to_the_shorter_run(tmp_path: Path) -> None:
    short = [make(tmp_path / "a", 1, 0.0, duration=10.0)]
    long = [make(tmp_path / "b", 1, 0.0, duration=20.0)]
    found = compare(short, long)
    assert found["pairs"][0]["horizon_s"] == 10.0
    assert found["pairs"][0]["settings"]["duration"] == {"a": 10.0, "b": 20.0, "unit": "s"}
    lived = [o for o in found["pairs"][0]["outcomes"] if o["outcome"] == "mean_time_to_death_s"]
    assert lived == []  # nobody died: ten seconds in both


def test_units_of_settings() -> None:
    assert unit_of("duration") == "s"
    assert unit_of("bath.0.concentration") == "mM"
    assert unit_of("circuit.populations.motor_fr.size") == ""
    assert unit_of("nothing.of.that.name") == ""


def test_the_command(
    mild: list[Path], harsh: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = (str(places[0].parent.parent) for places in (mild, harsh))
    assert main(["compare", a, b]) == 0
    text = capsys.readouterr().out
    assert "0.0015 s" in text
    assert "0.003 s" in text
    assert "seeds: A 1, 2, 3; B 2, 3, 4" in text
    assert "burned out" in text
    assert main(["compare", a, b, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["a"] == a
    assert found["pairs"] == json.loads(json.dumps(compare(mild, harsh)["pairs"]))
    assert main(["compare", a, a]) == 0
    same = capsys.readouterr().out
    assert "no setting differs" in same
    assert "no outcome differs" in same
    assert main(["compare", a, str(tmp_path)]) == 4
    assert "there is no results.h5" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "none.h5"), b]) == 4
    other = [make(tmp_path / "c", 1, eaat2=x) for x in (0.1, 0.2)]
    two = [make(tmp_path / "d", 1, level=x) for x in (0.1, 0.2)]
    assert main(["compare", str(tmp_path / "c"), str(tmp_path / "d")]) == 2
    assert "nothing can be compared" in capsys.readouterr().err
    whole = bytearray(two[0].read_bytes())
    whole[len(whole) // 2] ^= 1
    two[0].write_bytes(bytes(whole))
    assert main(["compare", str(other[0]), str(two[0])]) == 5
    errors = capsys.readouterr().err
    assert str(two[0]) in errors
    assert "Traceback" not in errors
