"""``unshielded status``."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, number, show, table, write_json
from unshielded.cli.sweep import FolderArgument


def status(
    folder: FolderArgument,
    every: Annotated[
        bool, typer.Option("--all", help="Also list finished and waiting points.")
    ] = False,
    style: FormatOption = Format.TEXT,
) -> None:
    """Show the progress of a sweep. Results are counted, not verified."""
    from unshielded.sweeps import Stage, read_plan, states
    from unshielded.sweeps.labels import label

    plan = read_plan(folder)
    found = states(plan)
    durations = plan.durations
    rows: list[dict[str, Any]] = []
    for place, ((values, seed), state) in enumerate(zip(plan.listing, found, strict=True)):
        running = state.stage is Stage.RUNNING
        rows.append(
            {
                "number": place,
                "point": values,
                "seed": seed,
                "stage": state.stage.value,
                "phase": state.phase or None,
                "percent": round(100 * state.time_s / durations[place], 1) if running else None,
                "alive": state.alive if running else None,
                "wall_s": state.wall_s,
                "error": state.error or None,
            }
        )
    counts = Counter(state.stage for state in found)
    counted = {stage.value: counts[stage] for stage in Stage}
    if style is Format.JSON:
        keys = {name.replace(" ", "_"): n for name, n in counted.items()}
        write_json({"folder": str(plan.folder), "points": len(plan), **keys, "states": rows})
        return
    made = table("point", "", "state", "", "", numbers=[0, 3])
    for row in rows:
        if every or row["stage"] in (Stage.RUNNING, Stage.FAILED):
            made.add_row(
                str(row["number"]),
                label(row["point"], row["seed"]),
                row["stage"],
                number(row["percent"], 0, " %") if row["percent"] is not None else "",
                row["error"] or row["phase"] or "",
            )
    line = f"{len(plan)} points: " + ", ".join(f"{n} {name}" for name, n in counted.items() if n)
    show(line)
    if made.row_count:
        show("", made)
