"""The table of lone cells in the README: what each of some exposures does to the middle cell of a class.

``python docs/lone_cells.py compute`` computes the cells anew, a minute or two; without a word it writes the README
from what is kept here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from unshielded import calcium
from unshielded.calibration.courses import course
from unshielded.calibration.problem import Fact
from unshielded.circuit.populations import POPULATIONS
from unshielded.model import digest

ROOT = Path(__file__).resolve().parent.parent
README, KEPT = ROOT / "README.md", ROOT / "docs" / "headline" / "lone_cells.json"
BEGIN, END = "<!-- lone cells: written by docs/lone_cells.py -->", "<!-- end of lone cells -->"
CLASSES = {
    "motor_ff": "fatigable (FF)",
    "motor_fr": "fatigue-resistant (FR)",
    "motor_s": "slow (S)",
    "oculomotor": "oculomotor",
}
#: Experiment → preparation, hours, agents, parameters (SI) that differ. Spikes at each class's own rate come first.
FIRING = "firing for 8 h (20 Hz; oculomotor 97 Hz)"
EXPOSURES: dict[str, tuple[str, int, dict[str, str], dict[str, float]]] = {
    FIRING: ("adult_37C", 8, {}, {}),
    "AMPA, 1 µM for 24 h": ("culture_37C", 24, {"AMPA": "1 uM"}, {}),
    "AMPA, 3 µM": ("culture_37C", 24, {"AMPA": "3 uM"}, {}),
    "AMPA, 10 µM": ("culture_37C", 24, {"AMPA": "10 uM"}, {}),
    "AMPA, 30 µM": ("culture_37C", 24, {"AMPA": "30 uM"}, {}),
    "kainate, 30 µM": ("culture_37C", 24, {"kainate": "30 uM"}, {}),
    "… and NASPM, 10 µM": ("culture_37C", 24, {"kainate": "30 uM", "NASPM": "10 uM"}, {}),
    "… without calcium channels": (
        "culture_37C", 24, {"kainate": "30 uM"},
        {"calcium_channel_conductance": 0.0, "calcium_per_spike": 0.0},
    ),
    "kainate, 100 µM": ("culture_37C", 24, {"kainate": "100 uM"}, {}),
}  # fmt: skip


def fate(population: str, experiment: str) -> dict[str, Any]:
    """Return when (h) and of what the middle cell of a class dies; calcium (µM) and ATP (share of rest) if it lives."""
    preparation, hours, bath, changed = EXPOSURES[experiment]
    firing = experiment == FIRING
    fact = Fact.model_validate(
        {
            "population": population,
            "preparation": preparation,
            "duration": f"{hours} hour",
            "firing_rate": ("97 Hz" if population == "oculomotor" else "20 Hz") if firing else "0 Hz",
            "held_at": "-55 mV" if firing else None,
            "bath": bath,
            "expect": "any",
            "source": (),
            "why": "",
        }
    )  # fmt: skip
    own = {"buffer_capacity": POPULATIONS[population].parameters["buffer_capacity"].si, **changed}
    found = course(fact, {name: np.array([value]) for name, value in own.items()})
    if np.isfinite(found.death[0]):
        died = float(found.death[0]) / 3600
        return {"died": round(died, 2), "of": str(calcium.FATES[int(found.fate[0])])}
    return {
        "calcium": round(1e3 * float(found.calcium[0]), 3),
        "atp": round(float(found.atp[0]) / calcium.PARAMETERS["resting_atp"].si, 3),
    }


def compute() -> None:
    """Keep what becomes of every cell, and which model it is of."""
    table = {e: {p: fate(p, e) for p in CLASSES} for e in EXPOSURES}
    kept = {"model": digest(), "table": table}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def block() -> str:
    """Return what stands in the README between the two marks."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    return "\n".join(_lines(kept["table"], kept["model"] == digest()))


def _lines(table: dict[str, dict[str, Any]], of_now: bool) -> Iterator[str]:
    if not of_now:
        yield "**Of an earlier model than the present one;** `python docs/lone_cells.py compute` computes it anew."
        yield ""
    yield f"| experiment | {' | '.join(CLASSES.values())} |"
    yield "|---" * (len(CLASSES) + 1) + "|"
    for experiment, row in table.items():
        yield f"| {experiment} | {' | '.join(_words(row[each]) for each in CLASSES)} |"


def _words(found: dict[str, Any]) -> str:
    if "died" in found:
        return f"dies after {found['died']:g} h, {found['of']}"
    low = "" if found["atp"] > 0.8 else f", ATP {100 * found['atp']:.0f} %"
    return f"lives, calcium {found['calcium']:.2f} µM{low}"


def written(readme: str) -> str:
    """Return the README with the block as it should be."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{README}: has no {BEGIN!r} and {END!r}; put them where the table goes")
    return f"{before}{BEGIN}\n{block()}\n{END}{after}"


if __name__ == "__main__":
    if sys.argv[1:] == ["compute"]:
        compute()
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
