"""Lives side by side and as cohorts, from made-up lifespans whose answers are known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread

from tests.figures import assert_fit_to_print
from unshielded.durations import YEAR
from unshielded.plot import cohorts as cohorts_figure
from unshielded.plot import plot_cohorts
from unshielded.plot.style import style
from unshielded.results import Cohort, Life, Spread, cohorts
from unshielded.store.format.files import NoSuchEntry, StoreError

NEVER = float("nan")


def a_life(
    name: str = "a",
    seed: int = 1,
    onset: float = NEVER,
    severe: float = NEVER,
    *,
    dead: int = 0,
    cut: int = 0,
    margin: str = "soma",
    order: str = "",
    use: float | None = 1.0,
    **settings: Any,
) -> Life:
    """A life from 20 to 100 years with ten limb motor neurons, of which some die at 60."""
    ages = np.arange(20.0, 101.0)
    return Life(
        name,
        seed,
        {"soma": 50.0 if margin == "soma" else NEVER, "axon's end": 60.0 if margin else NEVER},
        {
            "age_at_onset_years": None if np.isnan(onset) else onset,
            "age_at_severe_weakness_years": None if np.isnan(severe) else severe,
            "age_at_end_years": 100.0,
            "order_of_pools": order,
        },
        {"necrosis": dead, "apoptosis": 0, "proteolysis": cut},
        20,
        {"solver.start_age": 20 * YEAR, "drive.level": 1.0, **settings},
        ages,
        np.interp(ages, [20, 90, 100], [1.0, 1.0, 0.5]),
        np.zeros(0) if use is None else use * (1 + (ages - 20) / 100),
        np.where(np.arange(10) < dead, 60.0, np.nan),
    )


def together(*lifespans: Life) -> Cohort:
    (group,) = cohorts(lifespans)
    return group


def test_lives_that_differ_in_the_seed_only_are_a_cohort() -> None:
    lifespans = [
        a_life("b", 2, **{"drive.duty": 0.25}),
        a_life("a", 1),
        a_life("b", 1, **{"drive.duty": 0.25}),
        a_life("b", 1, **{"drive.duty": 0.1}),
        a_life("b", 2, **{"drive.duty": 0.25}),  # the same once more
    ]
    found = cohorts(lifespans)
    assert [group.label for group in found] == ["b duty=0.1", "b duty=0.25", "a"]
    assert [[one.seed for one in group.lifespans] for group in found] == [[1], [1, 2], [1]]
    assert found[1].settings == {"drive.duty": 0.25}
    assert [group.holds(lifespans[0]) for group in found] == [False, True, False]


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [
        ({"therapies": []}, {"therapies.0.riluzole.dose": 100.0}, "a riluzole dose=100"),
        ({}, {"therapies.0.riluzole.from": 50 * YEAR}, "a riluzole from=50 years"),
        ({"x.size": 1, "y.size": 2}, {"x.size": 2, "y.size": 3}, "a x.size=2 y.size=3"),
        ({"therapies": []}, {"therapies.0.riluzole.dose": 100.0}, "a therapies=none"),
        # of five, one is enough to tell two apart
        (
            {f"p.q.{n}": 1 for n in "abcde"} | {"scale": 1.0},
            {f"p.q.{n}": 2 for n in "abcde"} | {"scale": 0.5},
            "a scale=0.5 and 5 more",
        ),
    ],
)
def test_a_label_tells_cohorts_of_a_name_apart(
    first: dict[str, Any], second: dict[str, Any], label: str
) -> None:
    labels = [group.label for group in cohorts([a_life(**first), a_life(**second)])]
    assert label in labels
    assert len(set(labels)) == 2


def test_labels_are_not_the_same_where_many_settings_differ() -> None:
    """Three cohorts of four settings; no single one tells all of them apart."""
    rows = [(1, 1, 1, 1), (1, 2, 2, 2), (2, 2, 2, 2)]
    lifespans = [a_life(**dict(zip("pqrs", row, strict=True))) for row in rows]
    labels = [group.label for group in cohorts(lifespans)]
    assert len(set(labels)) == 3


@pytest.mark.parametrize(
    ("onsets", "text", "median"),
    [
        ([52.0, 38.8, NEVER], "52.0 (38.8–>100)", 52.0),
        ([52.0, NEVER, NEVER], ">100 (52.0–>100)", None),
        ([NEVER, NEVER], "never", None),
        ([50.0, 40.0, 60.0], "50.0 (40.0–60.0)", 50.0),
        ([50.0], "50.0", 50.0),
        # by 50 it has happened in half of the lifespans
        ([50.0, 60.0], "50.0 (50.0–60.0)", 50.0),
    ],
)
def test_what_never_happens_is_later_than_the_end(
    onsets: list[float], text: str, median: float | None
) -> None:
    group = together(*(a_life(seed=k, onset=age) for k, age in enumerate(onsets)))
    found = group.reached("onset")
    assert found.text() == text
    assert found.median == median
    assert group.as_json()["age_at_onset_years"]["happened"] == np.isfinite(onsets).sum()


def test_years_from_onset_to_severe_weakness() -> None:
    """13, 20, and one that is watched for 10 years only, so is no longer at risk at 13."""
    group = together(
        a_life(seed=1, onset=40.0, severe=53.0),
        a_life(seed=2, onset=60.0, severe=80.0),
        a_life(seed=3, onset=90.0),
        a_life(seed=4),  # never weak: tells nothing
    )
    found = group.course()
    # of the two that are watched for longer than 10 years half are there by 13
    assert (found.median, found.low, found.high) == (13.0, 13.0, None)
    assert (found.happened, found.lifespans) == (2, 3)
    assert together(a_life(seed=1), a_life(seed=2)).course() == Spread.of([], [])
    assert Spread.of([], []).text() == "–"


def test_shares_margins_and_orders_of_a_cohort() -> None:
    group = together(
        a_life(seed=1, dead=10, order="x, y"),
        a_life(seed=2, dead=5, order="y, x", margin=""),
        a_life(seed=3, dead=0, cut=3, order="y, x"),
    )
    np.testing.assert_allclose(group.limb_dead(), [1.0, 0.5, 0.0])
    assert group.first_margin() == ("soma", 2)
    assert group.order_of_pools() == ("y, x", 2)
    assert group.dead("necrosis") == pytest.approx(15 / 60)
    data = json.loads(json.dumps(group.as_json(), allow_nan=False))
    assert data["limb_motor_neurons_dead"] == {"mean": 0.5, "min": 0.0, "max": 1.0}
    assert data["dead_fraction"] == {"necrosis": 0.25, "apoptosis": 0.0, "proteolysis": 3 / 60}


def test_use_of_atp_is_that_at_onset_or_at_the_end() -> None:
    """It rises by a hundredth a year from 20 years on."""
    group = together(
        a_life(seed=1, onset=50.5), a_life(seed=2), a_life(seed=3, onset=30.0, use=None)
    )
    np.testing.assert_allclose(group.atp_use(), [1.305, 1.8])
    old = together(a_life(seed=1, use=None)).as_json()
    assert old["atp_use_at_onset_or_end"] == {"mean": None, "min": None, "max": None}


def figure_of(groups: list[Cohort]) -> Figure:
    with style():
        figure = cohorts_figure._figure(groups)
        figure.draw_without_rendering()
    return figure


def test_the_figure_shows_each_seed_and_all_together() -> None:
    group = together(
        a_life(seed=1, onset=40.0, dead=10), a_life(seed=2, onset=60.0), a_life(seed=3)
    )
    alive, strength, weak = figure_of([group]).axes
    assert [axes.get_xlabel() for axes in (alive, strength, weak)] == ["Age (years)"] * 3
    assert alive.get_xlim() == (20.0, 100.0)
    *thin, thick = alive.lines
    assert len(thin) == 3
    assert all(line.get_linewidth() < thick.get_linewidth() for line in thin)
    # ten of thirty die at 60
    assert np.asarray(thick.get_ydata())[-1] == pytest.approx(100 * 2 / 3)
    last = [np.asarray(line.get_ydata())[-1] for line in thin]
    assert last == [0.0, 100.0, 100.0]
    mean = next(line for line in strength.lines if line.get_linewidth() == thick.get_linewidth())
    assert np.asarray(mean.get_ydata())[-1] == pytest.approx(0.5)
    solid, dashed = weak.lines
    (label,) = cohorts_figure._named(group).splitlines()
    assert label == "a (3 seeds; 10 of 30 motor neurons died)"
    assert np.asarray(solid.get_xdata()).tolist() == [0.0, 40.0, 60.0, 100.0]
    np.testing.assert_allclose(np.asarray(solid.get_ydata()), [100, 200 / 3, 100 / 3, 100 / 3])
    assert set(np.asarray(dashed.get_ydata())) == {100.0}


@pytest.mark.parametrize(("groups", "seeds"), [(1, 1), (6, 3), (11, 2)])
def test_lives_are_drawn_however_many(groups: int, seeds: int, tmp_path: Path) -> None:
    lifespans = [
        a_life("a $ name $\\x", seed, 40.0 + 3 * g + seed, dead=g, **{"drive.duty": g / 16})
        for g in range(groups)
        for seed in range(seeds)
    ]
    found = cohorts(lifespans)
    plot_cohorts(found, tmp_path / "lifespans.png")
    assert imread(tmp_path / "lifespans.png")[..., :3].std() > 0.03
    figure = figure_of(found)
    assert_fit_to_print(figure)
    for line in figure.axes[2].lines:  # equal curves are not drawn apart, beyond what is possible
        assert 0 <= np.min(line.get_ydata()) <= np.max(line.get_ydata()) <= 100
    (legend,) = figure.legends
    told = [text.get_text() for text in legend.get_texts()]
    assert len(told) == groups
    assert f"({seeds} seed" in told[0]
    looks = {(to_hex(h.get_color()), h.get_marker()) for h in legend.get_lines()}
    assert len(looks) == groups


def test_groups_without_a_limb_or_without_lives(tmp_path: Path) -> None:
    bare = replace(a_life(), strength=np.zeros(0), limb_died=np.zeros(0))
    plot_cohorts(cohorts([bare]), tmp_path / "a.svg")
    assert "no limb" in (tmp_path / "a.svg").read_text()
    with pytest.raises(NoSuchEntry, match="no lifespans to draw"):
        plot_cohorts([], tmp_path / "b.png")
    with pytest.raises(StoreError, match="expected one of"):
        plot_cohorts(cohorts([bare]), tmp_path / "b.bmp")


def test_colours_can_be_told_apart_with_any_colour_blindness() -> None:
    """CIELAB distance under the matrices of Machado, Oliveira and Fernandes 2009, full loss."""
    of = cohorts_figure.COLOURS
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in of])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    blind = (
        np.eye(3),
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]],
    )  # fmt: skip
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                       [0.0193, 0.1192, 0.9505]])  # fmt: skip
    for matrix in blind:
        xyz = np.clip(linear @ np.array(matrix).T, 0, 1) @ to_xyz.T / [0.9505, 1.0, 1.089]
        f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
        lab = np.stack(
            [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1
        )
        apart = np.linalg.norm(lab[:, None] - lab, axis=2)[np.triu_indices(len(lab), 1)]
        assert apart.min() > 20  # some ten just noticeable differences (about 2.3)
        assert lab[:, 0].max() < 75  # white is 100


def test_motor_neurons_that_the_config_takes_away_are_neither_dead_nor_alive() -> None:
    lost = np.where(np.arange(10) >= 6, 40.0, np.nan)  # four of the ten
    one = replace(a_life(dead=3), limb_lost=lost)
    assert one.limb_dead == 0.5
    assert Cohort("a", {}, (one,)).limb_dead() == [0.5]
    assert sorted(cohorts_figure._last_seen(one)) == [40.0] * 4 + [100.0] * 3
    assert np.isnan(replace(one, limb_died=np.full(4, np.nan), limb_lost=lost[6:]).limb_dead)
