"""The report of a sweep, and of a trial."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from unshielded.api.sweeps import SweepResult
from unshielded.api.trials import TrialResult
from unshielded.plot.words import name_of
from unshielded.reports import deaths, evidence
from unshielded.reports.page import Drawing, Page, PageSection, PageTable, drawing
from unshielded.statistics.intervals import counted
from unshielded.store.format.files import StoreError
from unshielded.store.tables.levels import key, written
from unshielded.sweeps.labels import short

if TYPE_CHECKING:
    from unshielded.api.runs import RunResult
    from unshielded.results.trial import ArmOutcome
    from unshielded.statistics.intervals import Estimate

_ARM = (
    "Variant", "Arm", "From", "Seeds", "Alive", "Difference", "Deaths", "Hazard ratio",
    "Life gained", "Deaths prevented",
)  # fmt: skip
_ARM_OF_LIVES = ("Onset delayed", "Severe weakness delayed")


def sweep_page(sweep: SweepResult) -> Page:
    """Return the report of a sweep.

    Raises
    ------
    StoreError
        If none of its runs is done.
    """
    return _page(sweep, "Sweep", "sweep", [], _sweep_drawings(sweep))


def trial_page(trial: TrialResult) -> Page:
    """Return the report of a trial, every arm against the control.

    Raises
    ------
    StoreError
        If none of its runs is done.
    """
    if not trial.sweep.runs:
        raise _none_done(trial.sweep)
    text = f"Every arm is compared with {trial.control!r} on the same variant and seed."
    arms = PageSection(
        "Arms against the control",
        [text],
        [_arms(trial.compared)],
    )
    drawn = [
        drawing(caption, figure)
        for kind, caption in {
            "survival": "Motor neurons alive (Kaplan–Meier, all seeds together), by arm.",
            "forest": "Hazard ratio of every arm with its 95 % interval.",
            "starts": "What is gained against when treatment begins.",
            "map": "What each arm does on each variant, with 95 % intervals over seeds.",
        }.items()
        if (figure := trial._drawn(kind)) is not None  # type: ignore[arg-type]
    ]
    return _page(trial.sweep, "Trial", "trial", [arms], drawn)


def _page(
    sweep: SweepResult, kind: str, command: str, first: list[PageSection], drawings: list[Drawing]
) -> Page:
    runs = sweep.runs
    if not runs:
        raise _none_done(sweep)
    experiment = sweep.experiment
    listing = sweep.plan.listing
    about = [run.provenance for run in runs]
    recipe = experiment.recipe
    call = ["unshielded", command, recipe.config, *(f"--set={each}" for each in recipe.overrides)]
    if recipe.seed is not None:
        call.append(f"--seed={recipe.seed}")
    cautions = evidence.cautions(about)
    if len(runs) < len(sweep):
        cautions.append(f"Only {len(runs)} of {len(sweep)} runs are done.")
    paths = dict.fromkeys(path for values, _ in listing for path in values)
    return Page(
        experiment.config.name,
        f"{kind} of {len(sweep)} runs",
        experiment.config.description,
        cautions,
        [
            PageSection("What varies", [], [evidence.varied(listing)]),
            *first,
            PageSection("Who died, when and of what", [], [_deaths(sweep)]),
            PageSection("Populations", [], [_levels(sweep)]),
            PageSection("Figures", [], [], drawings),
            evidence.settings(experiment),
            evidence.numbers(experiment, paths),
            evidence.cited(experiment),
            evidence.repeated(call, {n: text for n, (_, text) in recipe.files.items()}, about),
        ],
    )


def _none_done(sweep: SweepResult) -> StoreError:
    return StoreError(
        f"{sweep.path}: no run is done, so there is nothing to report; "
        f"'unshielded resume {quote(str(sweep.path))}' computes them"
    )


def _deaths(sweep: SweepResult) -> PageTable:
    """Return a row for each point and population in which cells died, seeds together."""
    rows = [(_named(values), *row) for values, runs in _points(sweep) for row in _fates(runs)]
    note = f"All seeds of a point together. {deaths.NOTE}"
    return PageTable(("Point", *deaths.HEADS), rows, note)


def _fates(runs: Sequence[RunResult]) -> Iterator[tuple[str, ...]]:
    from unshielded.plot.survival import start_age

    longest = max(run.duration for run in runs)
    fate = deaths.fates([run.path for run in runs])
    if len(fate):
        yield from deaths.rows(fate, longest, deaths.Clock(longest, start_age(runs[0].path)))


def _points(sweep: SweepResult) -> Iterator[tuple[dict[str, Any], list[RunResult]]]:
    """Yield each point with its runs that are done."""
    found: dict[str, tuple[dict[str, Any], list[RunResult]]] = {}
    runs = iter(sweep.runs)
    for (values, _), result in zip(sweep.plan.listing, sweep._results, strict=True):
        if result is not None:
            found.setdefault(key(values), (values, []))[1].append(next(runs))
    yield from found.values()


def _named(values: dict[str, Any]) -> str:
    return ", ".join(f"{short(path)}={written(value)}" for path, value in values.items()) or "all"


def _levels(sweep: SweepResult) -> PageTable:
    """Return a row for each point and population, folded: means over seeds with intervals."""
    paths = list(dict.fromkeys(path for values, _ in sweep.plan.listing for path in values))
    rows = []
    for row in sweep.levels.to_dict("records"):
        if not row["n"]:
            continue
        clock = deaths.Clock(row["followed_s"])
        rows.append(
            (
                _named({path: row[path] for path in paths if path in row}),
                name_of(row["population"]),
                str(row["runs"]),
                counted(row["burned_out"], row["burned_out"] + row["alive"]),
                _mean(row, "mean_rate_hz", lambda rate: f"{rate:.3g} Hz"),
                _mean(row, "mean_time_to_death_s", clock),
            )
        )
    heads = ("Point", "Population", "Runs", "Died (95 %)", "Mean rate (95 %)", "Mean time to death (95 %)")  # fmt: skip
    note = (
        "Means over seeds with Student's 95 % intervals, where there are two seeds or more. Time to death "
        "is restricted to the length of the run: a cell that outlives it counts with all of it."
    )
    return PageTable(heads, rows, note, f"Every point and population ({len(rows)})")


def _mean(row: dict[str, Any], name: str, told: Any) -> str:
    value, low, high = (row[f"{name}_{end}"] for end in ("mean", "low", "high"))
    if value is None or not math.isfinite(value):
        return "–"
    if low is None or not math.isfinite(low):
        return str(told(value))
    return f"{told(value)} ({told(low)} to {told(high)})"


def _sweep_drawings(sweep: SweepResult) -> list[Drawing]:
    from unshielded.plot.sweep import draw_sweep
    from unshielded.plot.time_to_death import draw_time_to_death

    drawn = []
    if (outcome := draw_sweep(sweep._rows, sweep.path)) is not None:
        drawn.append(drawing("Outcome over what was varied; 95 % intervals.", outcome[1]))
    if (times := draw_time_to_death(sweep._rows)) is not None:
        drawn.append(
            drawing("Time to death, and deaths with the doomed, of each population.", times)
        )
    return drawn


def _arms(outcomes: Sequence[ArmOutcome]) -> PageTable:
    from unshielded.plot.trial_course import span_axis
    from unshielded.results.trial import of_lives

    lives = of_lives(outcomes)
    factor, label = span_axis(max(each.mean_life for each in outcomes), lives)
    unit = " " + label.partition("(")[2].rstrip(")")
    rows = []
    for each in outcomes:
        row = [each.variant or "–", each.arm, each.start or "–", str(each.seeds)]
        row.append(f"{each.alive:.1f} of {each.n:.0f}")
        if (against := each.against) is None:
            row += ["control", str(each.deaths), *["–"] * (3 + 2 * lives)]
        else:
            row += [
                _interval(against.alive, 1.0, ""),
                str(each.deaths),
                against.hazard.text(),
                _interval(against.gained, factor, unit),
                _interval(against.prevented, 100.0, " %"),
            ]
            if lives:
                row += [_interval(e, factor, unit) for e in (against.onset, against.severe)]
        rows.append(row)
    note = (
        "Motor neurons; means over seeds. Brackets: 95 % intervals over seeds of differences from the control "
        "with the same seed. Hazard ratios are of what happens after the start."
    )
    return PageTable((*_ARM, *(_ARM_OF_LIVES if lives else ())), rows, note)


def _interval(estimate: Estimate, scale: float, unit: str) -> str:
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{scale * estimate.value:+.3g}{unit}"
    ends = f"[{scale * estimate.low:.3g}, {scale * estimate.high:.3g}]"
    return f"{scale * estimate.value:+.3g}{unit} {ends}"
