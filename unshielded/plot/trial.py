"""Figures of a trial: hazard ratios, survival, benefit against start, therapy against variant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke
from matplotlib.ticker import NullFormatter

from unshielded.config.design.trial_points import NO_START
from unshielded.durations import YEAR
from unshielded.plot.style import check_format, save_if, style
from unshielded.plot.trial_course import as_written, plot_starts, plot_trial_survival
from unshielded.results.trial import ArmOutcome, MotorNeuronOutcome, of_lives
from unshielded.statistics.intervals import Estimate

#: Height of a row of the forest, and of what surrounds it (inches).
_ROW, _AROUND = 0.27, 0.9
#: Hazard ratios beyond these are drawn at the edge.
_LOWEST, _HIGHEST = 0.01, 100.0
_COLOUR = "#0072B2"
#: Gains on a map are not drawn stronger than so many years would be.
_FEW_YEARS = 5.0

Compared = list[tuple[str, list[ArmOutcome]]]


def plot_trial(
    outcomes: Sequence[ArmOutcome], runs: Sequence[MotorNeuronOutcome], control: str, folder: Path
) -> list[Path]:
    """Draw all figures that a trial has something for; return where they are.

    ``trial_survival.png`` always, ``trial_forest.png`` where an arm has a control,
    ``trial_starts.png`` where an arm has two starts or more, ``trial_map.png`` where there are two
    variants or more.
    """
    made = [folder / "trial_survival.png"]
    plot_trial_survival(runs, control, made[0])
    if plot_forest(outcomes, control, folder / "trial_forest.png"):
        made.insert(0, folder / "trial_forest.png")
    if plot_starts(outcomes, control, folder / "trial_starts.png"):
        made.append(folder / "trial_starts.png")
    if plot_variants(outcomes, control, folder / "trial_map.png"):
        made.append(folder / "trial_map.png")
    return made


def name(outcome: ArmOutcome) -> str:
    """Name an arm with its start."""
    return outcome.arm if outcome.start == NO_START else f"{outcome.arm}, from {outcome.start}"


def plot_forest(outcomes: Sequence[ArmOutcome], control: str, out: Path | str) -> bool:
    """Draw the hazard ratio of every arm with its interval, a block for each variant.

    A ratio that is known from one side only is an arrow from its bound. The numbers at the right
    are the ratio, and deaths with and without the treatment.

    Returns
    -------
    bool
        Whether there is a figure: it takes an arm whose control is there.
    """
    out = check_format(out)
    with style(), as_written():
        return save_if(draw_forest(outcomes, control), out)


@style()
@as_written()
def draw_forest(outcomes: Sequence[ArmOutcome], control: str) -> Figure | None:
    """Return the figure that `plot_forest` saves, or None if there is none."""
    blocks = _blocks(outcomes)
    return _forest(blocks, control) if blocks else None


def _blocks(outcomes: Sequence[ArmOutcome]) -> Compared:
    found: dict[str, list[ArmOutcome]] = {}
    for each in outcomes:
        if each.against is not None:
            found.setdefault(each.variant, []).append(each)
    return list(found.items())


def _forest(blocks: Compared, control: str) -> Figure:
    rows = [len(members) for _, members in blocks]
    height = _AROUND + sum(_ROW * n + 0.45 for n in rows)
    layout = ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.1)
    figure = Figure(figsize=(8.6, height), layout=layout)
    panels = figure.subplots(len(blocks), 1, sharex=True, squeeze=False, height_ratios=rows)[:, 0]
    low, high = _limits(blocks)
    for axes, (variant, members) in zip(panels, blocks, strict=True):
        axes.set_xscale("log")
        axes.set_xlim(low, high)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.axvline(1.0, color="0.6", linewidth=0.8)
        for place, each in enumerate(members):
            _row(axes, place, each, low, high)
        axes.set_yticks(range(len(members)), [name(each) for each in members])
        axes.set_ylim(len(members) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0, pad=8)  # room for the arrows
        axes.spines["left"].set_visible(False)
        axes.set_title(variant or f"Against {control}")
        axes.annotate(
            f"{'ratio [95 %]':<22}  deaths / control's",
            xy=(1.02, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
            fontsize=7.5, color="0.4", family="DejaVu Sans Mono",
        )  # fmt: skip
    panels[-1].set_xlabel(f"Hazard ratio against {control} (below 1: fewer deaths)")
    return figure


def _limits(blocks: Compared) -> tuple[float, float]:
    """Give the ends of the axis: they hold all ratios, and intervals as far as they can be seen."""
    ends = [0.5, 2.0]
    for _, members in blocks:
        for each in members:
            assert each.against is not None
            found = each.against.hazard
            ends += [e for e in (found.ratio, found.low, found.high) if e]
    return max(_LOWEST, 0.8 * min(ends)), min(_HIGHEST, 1.25 * max(ends))


def _row(axes: Axes, place: int, each: ArmOutcome, low: float, high: float) -> None:
    assert each.against is not None
    found = each.against.hazard
    known = any(end is not None for end in (found.ratio, found.low, found.high))
    if known:
        left, right = found.low or 0.0, np.inf if found.high is None else found.high
        axes.plot([max(left, low), min(right, high)], [place] * 2, color=_COLOUR, linewidth=1.4)
        for inside, edge, marker in ((left >= low, low, "<"), (right <= high, high, ">")):
            if not inside:
                axes.plot(edge, place, marker, color=_COLOUR, markersize=5, clip_on=False)
    if found.ratio is not None:
        middle = min(max(found.ratio, low), high)
        axes.plot(middle, place, "s", color=_COLOUR, markersize=5)
    text = f"{found.text():<22}  {each.deaths} / {each.against.control_deaths}"
    axes.annotate(
        text, xy=(1.02, place), xycoords=axes.get_yaxis_transform(), va="center", fontsize=7.5,
        annotation_clip=False, family="DejaVu Sans Mono",
    )  # fmt: skip


def plot_variants(outcomes: Sequence[ArmOutcome], control: str, out: Path | str) -> bool:
    """Draw what each arm does on each variant, with its interval over seeds.

    The share of deaths prevented; over lifetimes, in which all may die in the end, the years that a
    motor neuron lives longer.

    Returns
    -------
    bool
        Whether there is a figure: it takes two variants.
    """
    out = check_format(out)
    with style(), as_written():
        return save_if(draw_variants(outcomes, control), out)


@style()
@as_written()
def draw_variants(outcomes: Sequence[ArmOutcome], control: str) -> Figure | None:
    """Return the figure that `plot_variants` saves, or None if there is none."""
    blocks = _blocks(outcomes)
    if len(blocks) < 2:
        return None
    arms = list(dict.fromkeys(name(each) for _, members in blocks for each in members))
    of_life = of_lives(outcomes)
    values = np.full((len(arms), len(blocks)), np.nan)
    texts = np.full(values.shape, "no deaths", object)
    for column, (_, members) in enumerate(blocks):
        for each in members:
            assert each.against is not None
            found = each.against.gained if of_life else each.against.prevented
            if found.value is None:
                continue
            row, scale = arms.index(name(each)), 1 / YEAR if of_life else 100.0
            values[row, column] = scale * found.value
            texts[row, column] = _text(found, scale, 1 if of_life else 0)
    title, label = (
        ("Longer life of a motor neuron", "Years gained")
        if of_life
        else ("Share of deaths prevented", "Deaths prevented (%)")
    )
    figure, axes = _map(values, texts, arms, [variant for variant, _ in blocks], label)
    axes.set_title(f"{title}, against {control}")
    return figure


def _text(found: Estimate, scale: float, digits: int) -> str:
    ends = [
        f"{round(scale * end, digits) + 0.0:.{digits}f}"  # no -0
        for end in (found.value, found.low, found.high)
        if end is not None
    ]
    return ends[0] if len(ends) < 3 else f"{ends[0]}\n[{ends[1]}, {ends[2]}]"


def _map(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    texts: np.ndarray[tuple[int, int], np.dtype[np.object_]],
    arms: list[str],
    variants: list[str],
    label: str,
) -> tuple[Figure, Axes]:
    size = (3.4 + 1.25 * len(variants), 1.9 + 0.42 * len(arms))
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine())
    axes = figure.add_subplot()
    axes.set_facecolor("0.88")
    # blue helps, red harms, white neither; a share of deaths prevented has no lower end, and twice the deaths
    # look as bad as any more
    most = 100.0 if "%" in label else max(_FEW_YEARS, float(np.nanmax(np.abs(values), initial=0.0)))
    norm = TwoSlopeNorm(0.0, -most, most)
    shown = axes.imshow(np.clip(values, -most, most), cmap="RdBu", norm=norm, aspect="auto")
    for (row, column), text in np.ndenumerate(texts):
        drawn = axes.text(column, row, text, ha="center", va="center", fontsize=7)
        drawn.set_path_effects([withStroke(linewidth=2, foreground="white")])
    axes.set_xticks(range(len(variants)), variants, rotation=30, ha="right")
    axes.set_yticks(range(len(arms)), arms)
    axes.tick_params(length=0)
    figure.colorbar(shown, ax=axes, extend="min" if "%" in label else "neither").set_label(label)
    return figure, axes
