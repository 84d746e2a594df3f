"""The headline of the README, its figure and their table, from the runs of the main experiment.

``python docs/headline.py runs`` takes the tables of finished sweeps below ``runs`` and renews all of it;
without a folder it writes the README anew from the tables that are kept here. ``make headline`` does all.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from unshielded.config import load
from unshielded.model import digest
from unshielded.plot.time_to_death import plot_time_to_death
from unshielded.results.summary import Row, at_risk, dose_response, read_csv
from unshielded.results.time_to_death import deaths, mean_time, span
from unshielded.statistics.intervals import wilson
from unshielded.store.reading.read import open_run
from unshielded.sweeps.plan import SweepPlan
from unshielded.sweeps.tables import SWEEP_CSV

ROOT = Path(__file__).resolve().parent.parent
README, KEPT = ROOT / "README.md", ROOT / "docs" / "headline"
FIGURE, MODEL = KEPT / "interneuron_loss.png", KEPT / "model.json"
#: The main experiment, and its control for longer.
MAIN, CONTROL = "interneuron_loss", "interneuron_loss_control"
LOSS, KIND = "circuit.interneuron_loss", "parameters.synthase_maximum_rate"
#: Value of `KIND` → the kind of cells that the config means by it.
KINDS = {
    "12.5 mM/s": "healthy",
    "8.75 mM/s": "vulnerable, supply −30 %",
    "6.25 mM/s": "vulnerable, supply −50 %",
}
BEGIN, END = "<!-- headline: written by docs/headline.py -->", "<!-- end of the headline -->"


def take(runs: Path) -> None:
    """Keep the tables of finished sweeps, which model made them, and the figure."""
    KEPT.mkdir(exist_ok=True)
    models = {}
    for name in (MAIN, CONTROL):
        table = runs / name / SWEEP_CSV
        (KEPT / f"{name}.csv").unlink(missing_ok=True)
        if name == CONTROL and not table.exists():
            continue
        for row in read_csv(table):
            with open_run(runs / name / str(row["id"])) as run:
                models[str(row["id"])] = run.provenance()["model"]
        shutil.copy(table, KEPT / f"{name}.csv")
    if len(set(models.values())) != 1:
        raise SystemExit(
            f"the runs are of {len(set(models.values()))} models; run the sweeps again"
        )
    MODEL.write_text(json.dumps({"model": next(iter(models.values()))}, indent=1) + "\n")
    plot_time_to_death(read_csv(KEPT / f"{MAIN}.csv"), FIGURE, KINDS)


def is_of_now(name: str = MAIN) -> bool:
    """Tell whether a kept table is of the present model, and all of its runs of the present config."""
    if json.loads(MODEL.read_text())["model"] != digest():
        return False
    plan = SweepPlan(load(ROOT / "configs" / f"{name}.yaml"), ROOT / "runs")
    planned = {plan.point(number).identity for number in range(len(plan))}
    return {row["id"] for row in read_csv(KEPT / f"{name}.csv")} <= planned


def block() -> str:
    """Return what stands in the README between the two marks."""
    kept = [name for name in (MAIN, CONTROL) if (KEPT / f"{name}.csv").exists()]
    model = json.loads(MODEL.read_text())["model"][:12]
    lines = [f"{'; '.join(map(_origin, kept))}; model `{model}`.", ""]
    if not all(map(is_of_now, kept)):
        lines += [
            "**These numbers are of an earlier model or config than the present one;** `make headline` computes "
            "them anew.",
            "",
        ]
    lines += [
        "| cells | followed | interneurons lost | population | died (95 %) | doomed | mean time to death (95 %) |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in kept:
        lines += _table(read_csv(KEPT / f"{name}.csv"))
    return "\n".join([*lines, "", f"![Time to death]({FIGURE.relative_to(ROOT)})"])


def _origin(name: str) -> str:
    """Say which runs a kept table is of, and whether those are all."""
    seeds = len({row["seed"] for row in read_csv(KEPT / f"{name}.csv")})
    count = len(read_csv(KEPT / f"{name}.csv"))
    planned = len(SweepPlan(load(ROOT / "configs" / f"{name}.yaml"), ROOT / "runs"))
    words = "one seed" if seeds == 1 else f"{seeds} seeds"
    return f"{count} of the {planned} runs of `configs/{name}.yaml` ({words})"


def _table(rows: Sequence[Row]) -> list[str]:
    """One line for each level and population in which cells died, one for all others of a kind."""
    levels = [each for each in dose_response(rows) if each["mean_time_to_death_s_mean"] is not None]
    lines = []
    for kind, name in KINDS.items():
        mine = [each for each in levels if each[KIND] == kind]
        if not mine:
            continue
        for each in mine:
            if each["burned_out"]:
                lost = f"{100 * each[LOSS]:g} %"
                words = (each["population"], deaths(each), str(each["doomed"]), mean_time(each))
                lines.append(_line(name, span(each["followed_s"]), lost, *words))
        if others := [each for each in mine if not each["burned_out"]]:
            lines.append(_others(name, mine, others))
    return lines


def _others(
    name: str, mine: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]
) -> str:
    whole = len(others) == len(mine)
    losses = sorted({each[LOSS] for each in mine})
    lost = f"{100 * losses[0]:g}" + (f"–{100 * losses[-1]:g}" if losses[1:] else "") + " %"
    cells = sum(at_risk(each) for each in others)
    sure = wilson(0, cells)
    assert sure is not None
    end = span(min(each["followed_s"] for each in mine))
    died = f"0 of {cells} (< {100 * sure[1]:.2g} %)"
    doomed = str(sum(each["doomed"] or 0 for each in others))
    return _line(
        name, end, lost, "all" if whole else "all others", died, doomed, f"no death in {end}"
    )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def written(readme: str) -> str:
    """Return the README with the block as it should be."""
    before, _, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{README}: has no {BEGIN!r} and {END!r}; put them where the table goes")
    return f"{before}{BEGIN}\n{block()}\n{END}{after}"


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        take(Path(folder))
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
