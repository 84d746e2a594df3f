"""The report of one run, or of one lifespan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from unshielded.api.runs import RunResult
from unshielded.plot.words import UNIT_TYPES, name_of, names_of
from unshielded.reports import deaths, evidence
from unshielded.reports.page import Drawing, Page, PageSection, PageTable, drawing

if TYPE_CHECKING:
    from unshielded.results import Life

#: Events of a lifespan, as its outcome names them → as they are told.
_EVENTS = {
    "first_death": "first death",
    "onset": "onset of weakness",
    "severe_weakness": "severe weakness",
    "end": "end of the simulation",
}


def page(run: RunResult) -> Page:
    """Return the report of a run."""
    from unshielded.plot.survival import start_age

    experiment = run.experiment
    age = start_age(run.path)
    clock = deaths.Clock(run.duration, age)
    fate, about = deaths.fates([run.path]), [run.provenance]
    length = deaths.Clock(run.duration)(run.duration)
    outcome = [deaths.sentence(fate, length)] if len(fate) else ["No cell of this run can die."]
    tables = [deaths.table(fate, run.duration, clock)] if len(fate) else []
    extra = [_life(run)] if age is not None else []
    return Page(
        run.name,
        f"{'Lifespan' if age is not None else 'Run'} of {length}, seed {run.seed}, identity {run.id}",
        experiment.config.description,
        evidence.cautions(about),
        [
            PageSection("Who died, when and of what", outcome, tables),
            *extra,
            PageSection("Populations", [], [_populations(run, clock)]),
            PageSection("Figures", [], [], _drawings(run, age)),
            evidence.settings(experiment),
            evidence.numbers(experiment),
            evidence.cited(experiment),
            evidence.repeated(
                ["unshielded", "run", "config.yaml"],
                {
                    "config.yaml (complete)": run.path.with_name("config.yaml").read_text(
                        encoding="utf-8"
                    )
                },
                about,
            ),
        ],
    )


def _populations(run: RunResult, clock: deaths.Clock) -> PageTable:
    rows = [
        (
            name_of(str(name)),
            str(name),
            *(_count(row[each]) for each in ("n", "alive", "burned_out", "lost", "doomed")),
            f"{row['mean_rate_hz']:.3g} Hz" if math.isfinite(row["mean_rate_hz"]) else "–",
        )
        for name, row in run.outcomes.iterrows()
    ]
    heads = ("Population", "In configs", "Neurons", "Alive", "Died", "Lost", "Doomed", "Mean rate")
    note = f"{UNIT_TYPES} Of one seed, so rates have no interval. Lost: taken away by the config. Rate: spikes per second lived."
    return PageTable(heads, rows, note)


def _count(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "–"


def _life(run: RunResult) -> PageSection:
    from unshielded.results import life

    found: Life = life(run.path)
    rows = [
        *((what, _age(found.age(event))) for event, what in _EVENTS.items()),
        *(
            (f"margin of the {name} falls to half", _age(age))
            for name, age in found.margins.items()
        ),
        ("order in which pools die", names_of(str(found.outcome.get("order_of_pools") or "–"))),
    ]
    return PageSection("Lifespan", [], [PageTable(("Event", "Age"), rows)])


def _age(age: float) -> str:
    return f"{age:.1f} years" if math.isfinite(age) else "did not happen"


def _drawings(run: RunResult, age: float | None) -> list[Drawing]:
    from unshielded.plot.lifespan import draw_lifespan
    from unshielded.plot.run import draw_run
    from unshielded.plot.survival import draw_survival
    from unshielded.results.survival import lifetimes, mortal

    if age is not None:
        drawn = [
            drawing(
                "Strength, living cells, margins and slow states over age.", draw_lifespan(run.path)
            )
        ]
    else:
        caption = "Spikes, rates, calcium, mitochondria, energy and survivors; mean and 5th to 95th percentile."
        drawn = [drawing(caption, draw_run(run.path))]
    found = {name: lifetimes([run.path], name) for name in mortal([run.path])}
    if any(len(each.died) for each in found.values()):
        caption = "Cells alive (Kaplan–Meier, 95 %), by population."
        drawn.append(drawing(caption, draw_survival(found, run.name, 1, age)))
    return drawn
