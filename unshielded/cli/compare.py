"""``unshielded compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

if TYPE_CHECKING:
    from rich.table import Table

#: Of a pair, at most so many settings are shown to people.
_MOST = 40

_CAUTION = (
    "* the interval excludes zero. There are many intervals: of those without effect, one in "
    "twenty excludes zero by chance."
)

_NAMES = {
    "burned_out_percent": "burned out",
    "mean_rate_hz": "mean rate",
    "doomed": "doomed at the end",
    "lost": "lost",
    "mean_time_to_death_s": "mean time to death",
    "median_time_to_death_s": "median time to death",
}


def compare(
    a: Annotated[
        Path,
        typer.Argument(
            metavar="A", help="First result: a results.h5, a run's folder or a folder of runs."
        ),
    ],
    b: Annotated[Path, typer.Argument(metavar="B", help="Second result, of the same kinds as A.")],
    style: FormatOption = Format.TEXT,
) -> None:
    """Compare two runs or sweeps: settings and outcomes that differ, with 95 % intervals.

    Runs that differ only in the seed are averaged. With two or more common seeds they are
    paired by seed.
    """
    from unshielded.cli.counting import counting
    from unshielded.cli.plot import find
    from unshielded.results.comparison import compare as compare_places

    first, second = find(a), find(b)
    with counting("read", len(first) + len(second)) as advance:
        found = compare_places(first, second, advance)
    if style is Format.JSON:
        write_json({"a": str(a), "b": str(b), **found})
        return
    parts: list[str | Table] = [f"A  {a}", f"B  {b}"]
    for pair in found["pairs"]:
        parts += ["", *_pair(pair)]
    for name, rest in found["unpaired"].items():
        other = "B" if name == "a" else "A"
        parts += [f"only in {name.upper()}, nothing like it in {other}: {_at(v)}" for v in rest]
    if any(pair["outcomes"] for pair in found["pairs"]):
        parts += ["", _CAUTION]
    show(*parts)


def _pair(pair: dict[str, Any]) -> list[str | Table]:
    sides = [f"{name.upper()}: {_at(v)}" for name, v in pair["varied"].items() if v]
    heading = [" · ".join(sides)] if sides else []
    seeds = "; ".join(f"{name.upper()} {_seeds(found)}" for name, found in pair["seeds"].items())
    parts: list[str | Table] = [*heading, f"seeds: {seeds}"]
    for name, both in pair["made_by"].items():
        made = ", ".join(f"{side.upper()} {' and '.join(both[side])}" for side in ("a", "b"))
        parts.append(f"not made by the same {name}: {made}")
    if not pair["settings"]:
        parts.append("no setting differs")
    else:
        parts += ["", _settings(pair["settings"])]
        if len(pair["settings"]) > _MOST:
            parts.append(f"and {len(pair['settings']) - _MOST} more; --format json has them all")
    if not pair["outcomes"]:
        return [*parts, "no outcome differs"]
    parts += ["", _outcomes(pair["outcomes"]), ""]
    parts += list(dict.fromkeys(f"– {o['reason']}" for o in pair["outcomes"] if o["reason"]))
    return [*parts, f"The mean time to death is restricted to {pair['horizon_s']:g} s."]


def _settings(settings: Mapping[str, Mapping[str, Any]]) -> Table:
    made = table("setting", "A", "B")
    for path, found in list(settings.items())[:_MOST]:
        made.add_row(path, _value(path, found["a"]), _value(path, found["b"]))
    return made


def _outcomes(outcomes: Sequence[Mapping[str, Any]]) -> Table:
    made = table("population", "outcome", "A", "B", "B − A", "95 %", "", numbers=range(2, 5))
    for found in outcomes:
        unit = found["unit"]
        between = "–"
        if found["low"] is not None:
            clear = " *" if found["low"] > 0 or found["high"] < 0 else ""
            between = f"{found['low']:+.3g} to {found['high']:+.3g}{clear}"
        difference = "–" if found["difference"] is None else f"{found['difference']:+.3g} {unit}"
        made.add_row(
            found["population"],
            _NAMES[found["outcome"]],
            *("–" if found[side] is None else f"{found[side]:.4g} {unit}" for side in ("a", "b")),
            difference,
            between,
            found["method"] or "",
        )
    return made


def _value(path: str, value: Any) -> str:
    from unshielded.config.sections.quantity import write_quantity
    from unshielded.results.comparison import unit_of

    if value is None:
        return "–"
    unit = unit_of(path)
    quantity = unit and isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(write_quantity(float(value), unit) if quantity else value)


def _at(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{path} = {_value(path, value)}" for path, value in values.items()) or "all"


def _seeds(seeds: Sequence[int | None]) -> str:
    some = ", ".join(map(str, sorted(s for s in seeds if s is not None)[:10]))
    return f"{some}, … ({len(seeds)})" if len(seeds) > 10 else some or "unknown"
