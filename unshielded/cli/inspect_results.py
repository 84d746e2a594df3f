"""``unshielded inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.output import Format, FormatOption, show, table, write_json

if TYPE_CHECKING:
    from rich.table import Table
    from rich.tree import Tree


def inspect(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A results.h5 or a run's folder.")],
    entry: Annotated[
        str | None,
        typer.Argument(
            metavar="[PATH]", help="Path of an entry, for example /populations/motor_fr/atp_mean."
        ),
    ] = None,
    style: FormatOption = Format.TEXT,
) -> None:
    """Show the contents of a result, or of one entry in it."""
    from unshielded.store.format.apart import apart

    place = Path(file)
    found = apart(place / "results.h5" if place.is_dir() else place, lambda: _look(place, entry))
    if style is Format.JSON:
        write_json(found)
    elif entry is None:
        show(*_whole(_printable(found)))
    else:
        show(_entry(_printable(found, keep="\n")))


def _look(place: Path, entry: str | None) -> dict[str, Any]:
    # Imported in the child only: this process has no use for HDF5.
    from unshielded.store.reading.read import inspect as look

    return look(place, entry)


def _printable(found: Any, keep: str = "") -> Any:
    """Return the data with every character escaped that would be a command to a terminal."""
    if isinstance(found, dict):
        return {_printable(name): _printable(value, keep) for name, value in found.items()}
    if isinstance(found, list):
        return [_printable(value, keep) for value in found]
    if isinstance(found, str):
        return "".join(c if c.isprintable() or c in keep else ascii(c)[1:-1] for c in found)
    return found


def _whole(found: dict[str, Any]) -> tuple[str | Table | Tree, ...]:
    about = (
        f"{found['path']}: {found['name']}, run {found['id']}, seed {found['seed']}, "
        f"{found['duration_s']:g} s recorded every {found['record_interval_s']:g} s"
    )
    heads = ("population", "neurons", "alive", "lost", "recorded spikes")
    populations = table(*heads, numbers=range(1, 5))
    for one in found["populations"]:
        spikes = f"{one['recorded_spikes']:,}"
        lost = "–" if one["lost"] is None else str(one["lost"])
        populations.add_row(one["name"], str(one["n"]), str(one["alive"]), lost, spikes)
    bath = [_application(entry) for entry in found["bath"]]
    return about, *bath, "", populations, "", _tree(found["tree"])


def _application(entry: dict[str, Any]) -> str:
    from unshielded.store.reading.bath import concentration

    until = "to the end" if entry["until_s"] is None else f"until {entry['until_s']:g} s"
    amount = concentration(entry["concentration_mM"])
    where = "" if entry["on"] == "all" else f" on {entry['on']}"
    return f"bath: {amount} {entry['agent']}{where} from {entry['from_s']:g} s {until}"


def _tree(entries: list[dict[str, Any]]) -> Tree:
    from rich.tree import Tree

    root = Tree("/")
    branches = {"": root}
    for entry in entries:
        parent, _, name = entry["path"].rstrip("/").rpartition("/")
        if not name:
            continue
        at = branches.get(parent, root)
        branches[f"{parent}/{name}"] = at.add(name + _outline(entry))
    return root


def _outline(entry: dict[str, Any]) -> str:
    if entry["kind"] == "unreadable":
        return f"  unreadable: {entry['why']}"
    if entry["kind"] == "group":
        return ""
    shape = "×".join(map(str, entry["shape"] or ())) or "1"
    unit = f" {entry['units']}" if entry["units"] not in (None, "", "1") else ""
    meaning = f"  {entry['long_name']}" if entry["long_name"] else ""
    return f"  {shape} {entry['dtype']}{unit}{meaning}"


def _entry(found: dict[str, Any]) -> Table:
    made = table("", "")
    made.show_header = False
    for name, value in found.items():
        if name == "attributes":
            for attribute, content in value.items():
                made.add_row(f"@{attribute}", str(content))
        elif name == "entries":
            made.add_row(name, "\n".join(value))
        else:
            made.add_row(name, _plain(value))
    return made


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return "–" if value is None else str(value)
