"""The outcome of a sweep, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unshielded.cli.output import number, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from unshielded.config import Experiment
    from unshielded.sweeps import PointResult

#: Rates of at most so many pools in which cells died are shown.
_POOLS = 4

_NOTE = (
    "died: of those at the start that were not lost, with the 95 % interval of the share (Wilson; cells "
    "of one circuit are not\nindependent, so it is too narrow). doomed: alive at the end, with most "
    "pores open or out of ATP. Mean time to death: up to\nthe end of the run, which is all that a "
    "survivor counts with; 95 % interval over seeds."
)


def outcomes(experiment: Experiment, points: Sequence[PointResult]) -> list[Table | str]:
    """Show time to death, deaths and doomed at each level; rates; and a control that dies."""
    from unshielded.results.summary import dose_response
    from unshielded.store.tables.levels import leading

    populations = experiment.config.circuit.populations
    axes = leading([point.values for point in points])
    rows = dose_response([point.as_json() for point in points])
    levels: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        key = repr([row[axis] for axis in axes])
        levels.setdefault(key, {})[row["population"]] = row
    present = [name for name, p in populations.items() if p.size]
    dying = [name for name in present if populations[name].carries_calcium]
    shown: list[Table | str] = []
    if dying:
        shown += [_deaths(list(levels.values()), axes, dying), _NOTE, ""]
    shown.append(_rates(list(levels.values()), axes, present))
    return [*shown, *_hints([row for row in rows if row["population"] in dying], axes)]


def _hints(rows: Sequence[dict[str, Any]], axes: Sequence[str]) -> list[str]:
    """Say of which controls cells died or will: then the loss alone is not what kills."""
    from unshielded.results.time_to_death import controls, deaths, told
    from unshielded.store.tables.levels import written

    found: dict[str, list[str]] = {}
    for control in controls(rows, axes):
        if told(control):
            at = ", ".join(f"{_short(axis)}={written(control[axis])}" for axis in axes)
            words = f"{control['population']} {deaths(control)} dead, {control['doomed']} doomed"
            found.setdefault(at, []).append(words)
    return [
        f"hint: in the control ({at}) cells die or soon will: {'; '.join(words)}"
        for at, words in found.items()
    ]


def _deaths(
    levels: Sequence[Mapping[str, dict[str, Any]]], axes: Sequence[str], dying: Sequence[str]
) -> Table:
    """One line for each population with deaths or doomed cells, one for all others together."""
    from unshielded.results.summary import at_risk
    from unshielded.results.time_to_death import deaths, mean_time, median_time, span, told
    from unshielded.store.tables.levels import written

    heads = [*(_short(axis).replace("_", "\n") for axis in axes), "population", "died", "doomed"]
    made = table(*heads, "mean time\nto death", "median", numbers=range(len(axes)))
    for row in levels:
        at = [written(next(iter(row.values()))[axis]) for axis in axes]
        of_it = {name: row[name] for name in dying if name in row}
        for name, each in of_it.items():
            if told(each):
                doomed = "–" if each["doomed"] is None else str(each["doomed"])
                made.add_row(*at, name, deaths(each), doomed, mean_time(each), median_time(each))
                at = [""] * len(axes)
        others = [each for each in of_it.values() if not told(each) and at_risk(each)]
        if others:
            whose = "others" if any(map(told, of_it.values())) else "all"
            lived = f"0 of {sum(at_risk(each) for each in others)}"
            end = span(min(each["followed_s"] for each in others))
            made.add_row(*at, whose, lived, "0", f"no death in {end}", f"> {end}")
    return made


def _rates(
    levels: Sequence[Mapping[str, dict[str, Any]]], axes: Sequence[str], present: Sequence[str]
) -> Table:
    """Rates of the neurons that are alive and not lost, mean ± sd over seeds; and how many are lost."""
    from unshielded.circuit.populations import PERISOMATIC, TYPICAL, UPPER
    from unshielded.store.tables.levels import written

    dead = [n for n in present if any(row[n]["burned_out"] for row in levels if n in row)]
    pools = [n for n in dead if n not in (*UPPER, *PERISOMATIC)] or [TYPICAL]
    shown = [n for n in (*UPPER, *PERISOMATIC, *pools[:_POOLS]) if n in present] or list(present)
    heads = [
        *(_short(axis).replace("_", "\n") for axis in axes),
        "runs",
        "lost, of\nneurons",
        *(f"{name}\nHz" for name in shown),  # the others are in sweep.csv
    ]
    made = table(*heads, numbers=range(len(heads)))
    for row in levels:
        some = next(iter(row.values()))
        counts = [each["lost"] for each in row.values()]
        lost = "–" if None in counts else str(sum(counts))
        made.add_row(
            *(written(some[axis]) for axis in axes),
            str(some["runs"]),
            f"{lost} of {sum(each['n'] for each in row.values())}",
            *(_mean(row[name]) if name in row else "–" for name in shown),
        )
    return made


def _mean(row: dict[str, Any]) -> str:
    mean, deviation = row["mean_rate_hz_mean"], row["mean_rate_hz_sd"]
    return number(mean) + (f"±{deviation:.1f}" if deviation is not None else "")


def _short(path: str) -> str:
    from unshielded.sweeps.labels import short

    return short(path)
