"""``unshielded calibrate``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

if TYPE_CHECKING:
    from unshielded.calibration import Calibration


def calibrate(
    problem: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROBLEM]",
            help="YAML file of priors and facts.",
            show_default="the lone cell's own",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=2, help="Number of draws; a power of two.")
    ] = 1024,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the draws.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the plausible set as JSON.")
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Draw cells from the priors and keep those that explain the facts.

    Every draw is a cell. It is asked one fact after the other, until it misses one. Those that miss none
    are the plausible set.

    Example: unshielded calibrate --draws 256
    """
    from unshielded.calibration import calibrate as run
    from unshielded.calibration import load_problem
    from unshielded.cli.counting import counting
    from unshielded.interrupt import interruptible

    if draws & (draws - 1):
        raise typer.BadParameter(f"{draws} is not a power of two", param_hint="'--draws'")
    asked = load_problem(problem)
    with interruptible(), counting("facts", len(asked.facts)) as done:
        found = run(asked, draws, seed, lambda _: done())
    data = _as_json(found, draws, seed)
    if out is not None:
        out.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    if style is Format.JSON:
        write_json(data)
        return
    facts = table("fact", "expected", "asked", "met", "dead", numbers=range(2, 5))
    for row in data["facts"]:
        facts.add_row(*(str(row[key]) for key in ("name", "expect", "asked", "met", "dead")))
    priors = table(
        "parameter", "unit", "prior", "plausible", "90 %", "central", "in use", numbers=range(2, 7)
    )
    for row in data["parameters"]:
        middle, low, high, central = row["median"], row["low"], row["high"], row["central"]
        known = middle is not None
        priors.add_row(
            row["name"],
            row["unit"],
            f"{row['prior']:.3g} ×/÷ {row['factor']:g}",
            f"{middle:.3g}" if known else "",
            f"{low:.3g}–{high:.3g}" if known else "",
            f"{central:.3g}" if known else "",
            f"{row['in_use']:.3g}",
        )
    show(facts, "", priors, "", f"{data['plausible']} of {draws} draws explain every fact")
    if out is not None:
        show(str(out))


def _as_json(found: Calibration, draws: int, seed: int) -> dict[str, Any]:
    import numpy as np

    from unshielded.calibration.problem import REFERENCE
    from unshielded.single_cell.cell import CATALOGUE, numbers

    kept = found.plausible
    central = found.central() if kept.any() else None
    in_use = numbers(REFERENCE)
    parameters = []
    for name, prior in found.problem.priors.items():
        scale = CATALOGUE[name].si / CATALOGUE[name].value
        values = found.draws[name][kept] / scale
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95]) if kept.any() else [None] * 3
        parameters.append(
            {
                "name": name,
                "unit": CATALOGUE[name].unit,
                "prior": prior.median / scale,
                "factor": prior.factor,
                "median": median,
                "low": low,
                "high": high,
                "central": None if central is None else float(found.draws[name][central] / scale),
                "in_use": float(in_use[name] / scale),
                "values": [float(v) for v in values],
            }
        )
    facts = [
        {
            "name": name,
            "expect": fact.expect,
            "asked": int(np.sum(~np.isnan(found.courses[name].death))),
            "met": int(found.met[name].sum()),
            "dead": int(np.isfinite(found.courses[name].death).sum()),
            "source": list(fact.source),
        }
        for name, fact in found.problem.facts.items()
    ]
    text = json.dumps([parameters, facts], sort_keys=True)
    return {
        "draws": draws,
        "seed": seed,
        "plausible": int(kept.sum()),
        "digest": hashlib.sha256(text.encode()).hexdigest()[:16],
        "facts": facts,
        "parameters": parameters,
    }
