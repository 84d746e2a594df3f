"""What a trial found, as JSON and as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from unshielded.results.trial.compare import ArmOutcome, of_lives
from unshielded.statistics.intervals import Estimate
from unshielded.store.format.files import write_atomically

TRIAL_CSV, TRIAL_JSON = "trial.csv", "trial.json"

_COLUMNS = (
    "variant",
    "arm",
    "start",
    "begin_s",
    "seeds",
    "motor_neurons",
    "alive",
    "deaths",
    "force_kept",
    "mean_life_s",
    "pairs",
    "control_deaths",
    *(
        f"{name}{end}"
        for name in (
            "alive_difference",
            "force_difference",
            "hazard_ratio",
            "time_gained_s",
            "prevented",
        )
        for end in ("", "_low", "_high")
    ),
    "hazard_ratio_note",
    "time_gained_cells_low_s",
    "time_gained_cells_high_s",
)
#: Of trials over lifetimes besides.
_OF_LIVES = (
    "start_age_s",
    "weak",
    "severely_weak",
    *(
        f"{name}{end}"
        for name in ("onset_delayed_s", "severe_weakness_delayed_s")
        for end in ("", "_low", "_high")
    ),
)


def as_json(outcomes: Sequence[ArmOutcome], control: str) -> dict[str, Any]:
    """Return a trial as plain data: the control's name, and a row for every arm.

    Intervals are 95 %. ``null`` stands for what the data do not give.
    """
    return {"control": control, "arms": [row(each) for each in outcomes]}


def row(outcome: ArmOutcome) -> dict[str, Any]:
    """Return one arm as a flat row; what compares is None for the control.

    An arm of lifetimes has columns of its own at the end.
    """
    found: dict[str, Any] = {
        "variant": outcome.variant,
        "arm": outcome.arm,
        "start": outcome.start,
        "begin_s": outcome.begin,
        "seeds": outcome.seeds,
        "motor_neurons": outcome.n,
        "alive": outcome.alive,
        "deaths": outcome.deaths,
        "force_kept": outcome.force_kept,
        "mean_life_s": outcome.mean_life,
        "start_age_s": outcome.start_age,
        "weak": outcome.weak,
        "severely_weak": outcome.severely_weak,
    }
    if (against := outcome.against) is not None:
        ratio = Estimate(against.hazard.ratio, against.hazard.low, against.hazard.high)
        found |= {
            "pairs": against.seeds,
            "control_deaths": against.control_deaths,
            **_ends("alive_difference", against.alive),
            **_ends("force_difference", against.force),
            **_ends("hazard_ratio", ratio),
            **_ends("time_gained_s", against.gained),
            **_ends("prevented", against.prevented),
            "hazard_ratio_note": against.hazard.reason or None,
            "time_gained_cells_low_s": against.gained_cells.low,
            "time_gained_cells_high_s": against.gained_cells.high,
            **_ends("onset_delayed_s", against.onset),
            **_ends("severe_weakness_delayed_s", against.severe),
        }
    return {name: found.get(name) for name in _columns([outcome])}


def _columns(outcomes: Sequence[ArmOutcome]) -> tuple[str, ...]:
    return (*_COLUMNS, *_OF_LIVES) if of_lives(outcomes) else _COLUMNS


def write_report(outcomes: Sequence[ArmOutcome], control: str, folder: Path) -> list[Path]:
    """Write ``trial.csv`` and ``trial.json`` into a folder; return where they are.

    Raises
    ------
    StoreError
        If one cannot be written; an older one is then as it was.
    """
    places = [folder / TRIAL_CSV, folder / TRIAL_JSON]
    with (
        write_atomically(places[0]) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, _columns(outcomes), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row(each) for each in outcomes)
    text = json.dumps(as_json(outcomes, control), indent=1, allow_nan=False)
    with write_atomically(places[1]) as partial:
        partial.write_text(text + "\n", encoding="utf-8")
    return places


def _ends(name: str, estimate: Estimate) -> dict[str, float | None]:
    ends = asdict(estimate)
    return {name: ends["value"], f"{name}_low": ends["low"], f"{name}_high": ends["high"]}
