"""A dose of zero among doses that count by their logarithm: the control, in fits and in figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

from unshielded.plot import dose, heat_map, plot_dose_response, samples
from unshielded.plot.axis import Axis
from unshielded.plot.heat_map import plot_map
from unshielded.results.dose_response import fits
from unshielded.results.time_to_death import controls
from unshielded.statistics.logistic import fit

LEVELS = ("0 uM", "0.002 uM", "0.02 uM", "0.2 uM", "2 uM")
PATH = "bath.1.concentration"


def sweep(
    died: tuple[int, ...], levels: tuple[str, ...] = LEVELS, seeds: int = 3, **other: Any
) -> list[dict[str, Any]]:
    """A sweep in which the number of FR neurons that die of twenty is known."""
    return [
        {
            "point": {PATH: level, **other},
            "seed": seed,
            "populations": {
                "motor_fr": {"n": 20, "alive": 20 - k, "burned_out": k, "mean_rate_hz": 9.0}
            },
        }
        for level, k in zip(levels, died, strict=True)
        for seed in range(seeds)
    ]


def test_the_control_of_doses_is_that_without_a_dose() -> None:
    levels = [{PATH: level, "drive.level": 1} for level in LEVELS]
    assert controls(levels, [PATH, "drive.level"]) == levels[:1]
    assert controls(levels, ["drive.level"]) == []


def test_a_control_without_deaths_changes_nothing_in_the_fit() -> None:
    (with_control,) = fits(sweep((0, 4, 10, 16, 20)))
    (without,) = fits(sweep((4, 10, 16, 20), LEVELS[1:]))
    assert with_control["scale"] == "log"
    assert with_control["levels"] == 5
    for name in ("ed50", "low", "high", "slope"):
        assert with_control[name] == without[name]
    assert with_control["low"] > 0


def test_deaths_of_the_control_are_taken_to_happen_at_every_dose() -> None:
    """Against the likelihood of Abbott's formula, maximised by scipy in other coordinates."""
    doses, died, n = [0.0, 1, 3, 10, 30, 100], [4, 6, 9, 14, 18, 20], 20

    def loss(v: Any) -> float:
        p = 0.2 + 0.8 / (1 + np.exp(-v[1] * (np.log(doses[1:]) - v[0])))
        return -float(binom.logpmf(died[1:], n, p).sum())

    own = minimize(loss, [2.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    found = fit(doses, died, [n] * 6, [1] * 6, log=True)
    # both stop where the likelihood is flat
    assert found.ed50 == pytest.approx(np.exp(own.x[0]), rel=1e-4)
    assert found.slope == pytest.approx(own.x[1], rel=1e-4)
    assert found.control == pytest.approx(0.2)
    assert found.fraction(found.ed50) == pytest.approx(0.6)  # half of the others
    assert "20 % died in the control" in found.reason


def test_doses_that_save_have_no_background() -> None:
    found = fit([0.0, 1, 3, 10, 30], [20, 18, 12, 6, 1], [20] * 5, [1] * 5, log=True)
    assert found.slope is not None
    assert found.slope < 0
    assert found.control == 0


@pytest.mark.parametrize(
    ("died", "reason", "between"),
    [
        ((0, 15, 18, 19, 20), "more than half died at the least dose", (0.0, 1.0)),
        ((0, 0, 20, 0, 20), "crosses half 3 times", (None, None)),
        ((0, 0, 10, 20, 20), "too steep", (1.0, 10.0)),  # half at 10: that is the bracket's end
        ((10, 20, 20, 20, 20), "more than half died at the least dose", (None, None)),
    ],
)
def test_why_there_is_no_ed50(
    died: tuple[int, ...], reason: str, between: tuple[float | None, ...]
) -> None:
    found = fit([0.0, 1, 10, 100, 1000], died, [20] * 5, [1] * 5, log=True)
    assert found.ed50 is None
    if died[0]:
        assert found.reason
        return
    assert reason in found.reason
    assert (found.low, found.high) == between


@pytest.mark.parametrize(
    ("died", "between"),
    [
        ((0, 10, 20), (1.0, 2.0)),
        ((10, 20, 20), (1.0, 2.0)),
        ((0, 0, 10), (2.0, 3.0)),
        ((20, 10, 0), (2.0, 3.0)),
    ],
)
def test_a_level_at_half_is_an_end_of_the_bracket(
    died: tuple[int, ...], between: tuple[float, float]
) -> None:
    found = fit([1.0, 2.0, 3.0], died, [20] * 3, [1] * 3)
    assert (found.ed50, found.low, found.high) == (None, *between)


def test_no_interval_reaches_below_a_dose_of_zero() -> None:
    found = fit([0.0, 0.1, 0.2, 0.4], [6, 12, 11, 16], [20] * 4, [1] * 4)
    assert found.ed50 is not None
    assert found.low == 0.0


def test_the_control_is_drawn_beside_the_axis(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Any] = []
    for module in (dose, heat_map, samples):
        keep = module._figure
        monkeypatch.setattr(
            module,
            "_figure",
            lambda *given, keep=keep: figures.append(keep(*given)) or figures[-1],
        )
    plot_dose_response(sweep((0, 4, 10, 16, 20)), tmp_path / "dose.svg")
    both = [
        {**row, "point": {**row["point"], "drive.delay": f"{d} ms"}}
        for d in (1, 2)
        for row in sweep((0, 4, 10, 16, 20))
    ]
    plot_map(both, tmp_path / "map.svg")
    samples.plot_samples(both, tmp_path / "samples.svg")
    labels = ["0", "0.002", "0.02", "0.2", "2"]
    for figure, log in zip(figures, (True, False, True), strict=True):
        axes = figure.axes[0]  # the map's axes are linear, with logarithms for places
        assert [t.get_text() for t in axes.get_xticklabels()] == labels
        ticks = np.log(axes.get_xticks()) if log else axes.get_xticks()
        np.testing.assert_allclose(np.diff(ticks), np.log(10))  # as far apart as the doses
    curve = max(figures[0].axes[0].lines, key=lambda line: len(line.get_xdata()))
    assert min(curve.get_xdata()) == pytest.approx(0.002)  # no curve where there is no dose


def test_levels_without_room_for_their_labels_have_round_ones() -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    Axis([0.5, 0.51, 0.9, 1.0], "drive.level").dress(axes)
    assert "0.51" not in [t.get_text() for t in axes.get_xticklabels()]


def counted(died: list[float], levels: list[float]) -> Any:
    """The fit of deaths of ten in two seeds each."""
    seeds = [seed for seed in (1, 2) for _ in levels]
    return fit(levels * 2, died * 2, [10] * len(seeds), seeds, log=True)


@pytest.mark.parametrize(
    ("died", "said"),
    [
        ([10, 0, 0, 0, 0], "more than half died without a dose, fewer at the least, 0.002"),
        ([10, 4, 3, 1, 0], "more than half died without a dose, fewer at the least, 0.002"),
        ([4, 0, 0, 0, 0], "no cell died at any dose above zero"),
        ([5, 4, 3, 1, 0], "at most 40 % died: no dose above zero is above half"),
    ],
)
def test_what_saves_is_told_with_the_deaths_without_it(died: list[float], said: str) -> None:
    found = counted(died, [0, 0.002, 0.02, 0.2, 2])
    assert found.ed50 is None
    assert said in found.reason
    assert "any level" not in found.reason


def test_a_zero_that_is_the_most_that_can_be_lost_is_no_control() -> None:
    path, levels = "glutamate.eaat2", [0, 0.01, 0.1, 1]
    axis = Axis(levels, path)
    assert (axis.log, axis.control) == (False, None)
    rows = [
        {
            "point": {path: level},
            "seed": seed,
            "populations": {
                "motor_fr": {"n": 20, "alive": 20 - k, "burned_out": k, "mean_rate_hz": 9.0}
            },
        }
        for level, k in zip(levels, (20, 14, 6, 0), strict=True)
        for seed in (1, 2)
    ]
    (found,) = fits(rows)
    assert found["scale"] == "linear"
    assert found["levels"] == 4
    assert Axis([0, 1, 10, 100], "bath.0.concentration").control is not None


@pytest.mark.parametrize("log", [False, True])
def test_a_response_that_crosses_one_half_more_than_once_says_so(log: bool) -> None:
    levels, died = [1, 2, 3, 4, 5, 6], [1, 9, 2, 9, 3, 9]
    seeds = [seed for seed in (1, 2) for _ in levels]
    found = fit(levels * 2, died * 2, [10] * 12, seeds, log=log)
    assert "crosses half 5 times: not one ED50" in found.reason
    once = fit(levels * 2, [1, 2, 4, 6, 8, 9] * 2, [10] * 12, seeds, log=log)
    assert "crosses" not in once.reason
