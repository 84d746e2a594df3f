"""What a sweep would compute, and what that needs, before it is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unshielded.cli.cautions import caution
from unshielded.cli.output import Format, number, show, size, table, write_json

if TYPE_CHECKING:
    from unshielded.sweeps import SweepPlan

#: Rows shown; all of them as JSON.
_MOST = 40


def foresee(plan: SweepPlan, jobs: int, style: Format) -> None:
    """Print the points of a plan with time, memory and disk, predicted."""
    from unshielded.assemble.predict import predict
    from unshielded.sweeps import Stage
    from unshielded.sweeps.labels import label
    from unshielded.sweeps.state import state

    caution(plan.point(number).config for number in range(len(plan)))
    rows: list[dict[str, Any]] = []
    for place, (values, seed) in enumerate(plan.listing):
        single = plan.point(place)
        needs = predict(single.config)
        rows.append(
            {
                "number": place,
                "point": values,
                "seed": seed,
                "id": single.identity,
                "there": state(plan.folder / single.identity).stage is Stage.DONE,
                "seconds": round(needs.seconds, 1),
                "memory_bytes": round(needs.memory_bytes),
                "disk_bytes": round(needs.disk_bytes),
                "scratch_bytes": round(needs.scratch_bytes),
            }
        )
    missing = [row for row in rows if not row["there"]]
    largest = sorted((row["memory_bytes"] for row in missing), reverse=True)[:jobs]
    scratch = sorted((row["scratch_bytes"] for row in missing), reverse=True)[:jobs]
    longest = max((row["seconds"] for row in missing), default=0.0)
    total = {
        "points": len(rows),
        "there": len(rows) - len(missing),
        "jobs": jobs,
        # no sweep is over before its longest run
        "seconds": round(max(longest, sum(row["seconds"] for row in missing) / jobs), 1),
        "memory_bytes": sum(largest),
        "disk_bytes": sum(row["disk_bytes"] for row in missing),
        "scratch_bytes": sum(scratch),
    }
    if style is Format.JSON:
        write_json({**total, "list": rows})
        return
    made = table("", "point", "time", "memory", "disk", "", numbers=[0, 2, 3, 4])
    for row in rows[:_MOST]:
        made.add_row(
            str(row["number"]),
            label(row["point"], row["seed"]),
            _time(row["seconds"]),
            size(row["memory_bytes"]),
            size(row["disk_bytes"]),
            "is there" if row["there"] else "",
        )
    more = [f"… and {len(rows) - _MOST} more"] if len(rows) > _MOST else []
    show(
        made,
        *more,
        "",
        f"{total['points']} points, {total['there']} of them there. The rest, {jobs} at a time: "
        f"about {_time(total['seconds'])}, {size(total['memory_bytes'])} of memory, "
        f"{size(total['disk_bytes'])} of results and {size(total['scratch_bytes'])} of scratch.",
        "Times are for a core like the one they were measured on (docs/scaling.md); compiling, "
        "some 20 to 60 s once, is not in them.",
    )


def _time(seconds: float) -> str:
    """Write a time in its natural unit.

    Examples
    --------
    >>> _time(42.0), _time(600.0), _time(1e5)
    ('42 s', '10.0 min', '27.8 h')
    """
    if seconds < 120:
        return number(seconds, 0, " s")
    return number(seconds / 60, 1, " min") if seconds < 7200 else number(seconds / 3600, 1, " h")
