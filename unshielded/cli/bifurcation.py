"""``unshielded bifurcation``."""

from __future__ import annotations

import csv
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.options import SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.single_cell import Cell
    from unshielded.single_cell.fixed_points import Load
    from unshielded.single_cell.margin import Check, Margin


class LoadName(StrEnum):
    """The load that is increased."""

    FIRING_RATE = "firing_rate"
    RELEASES = "releases"
    CALCIUM = "calcium"
    GLUTAMATE = "glutamate"
    SUPPLY = "supply"


class MembraneMode(StrEnum):
    """Whether the lone cell's membrane potential is clamped or free."""

    FREE = "free"
    CLAMPED = "clamped"


OptionalConfig = Annotated[
    str | None, typer.Argument(metavar="[CONFIG]", help="Use the parameters of this config.")
]
AtOption = Annotated[
    str, typer.Option("--at", metavar="RATE", help="Constant firing rate in addition to the load.")
]
MembraneOption = Annotated[
    MembraneMode | None,
    typer.Option(
        "--membrane",
        help="Clamp the membrane potential at rest, or let it follow the currents.",
        show_default="clamped for firing_rate and supply, else free",
    ),
]


def bifurcation(
    config: OptionalConfig = None,
    name: Annotated[LoadName, typer.Option("--load", help="The load to increase.")] = (
        LoadName.FIRING_RATE
    ),
    classes: Annotated[
        str | None,
        typer.Option(
            "--classes",
            metavar="NAME,…",
            help="Cell classes, separated by commas.",
            show_default="motor neurons, pyramidal cells, perisomatic interneurons",
        ),
    ] = None,
    up_to: Annotated[
        float | None,
        typer.Option(
            "--up-to", metavar="X", min=1e-9, help="Highest load, in the unit of the load."
        ),
    ] = None,
    at: AtOption = "0 Hz",
    membrane: MembraneOption = None,
    reference: Annotated[
        float | None,
        typer.Option(
            "--reference",
            metavar="X",
            min=1e-9,
            help="Express margins relative to this load, for example that of a sustained contraction.",
        ),
    ] = None,
    overrides: SetOption = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for results.")] = Path(
        "runs/bifurcation"
    ),
    style: FormatOption = Format.TEXT,
) -> None:
    """Find the load at which a cell's healthy steady state disappears."""
    from unshielded.circuit.populations import MOTOR_POOLS, PERISOMATIC, UPPER
    from unshielded.cli.counting import counting
    from unshielded.interrupt import interruptible
    from unshielded.plot.bifurcation import plot_bifurcation
    from unshielded.single_cell.fixed_points import LOADS
    from unshielded.single_cell.margin import as_json, margin

    load = LOADS[name]
    named = (*MOTOR_POOLS, *UPPER, *PERISOMATIC) if classes is None else classes.split(",")
    wanted = list(dict.fromkeys(part.strip() for part in named))
    clamped = membrane is MembraneMode.CLAMPED or (membrane is None and load.clamped)
    cells = [lone_cell(config, overrides, each, at, clamped) for each in wanted]
    found: list[Margin] = []
    with interruptible(), counting("classes", len(cells)) as done:
        for cell in cells:
            found.append(margin(cell, load, highest=up_to))
            done()
        data = [as_json(each) for each in found]
        places = [out / f"bifurcation_{name}.{kind}" for kind in ("json", "csv", "png")]
        write_files(data, places[0], places[1])
        plot_bifurcation(data, load.meaning, places[2])
    if style is Format.JSON:
        write_json(data)
    else:
        show(margins(found, load, reference), "", *map(str, places))
    for each in found:
        if each.confirmed is False:
            log(f"note: {each.population}: the simulations beside the tipping point do not agree")


def lone_cell(
    config: str | None, overrides: list[str] | None, population: str, at: str, clamped: bool
) -> Cell:
    """Return a cell of a class, with a config's parameters if there is one.

    Raises
    ------
    typer.BadParameter
        If there is no such class.
    """
    from unshielded.mechanism.units import to_si
    from unshielded.single_cell import cell

    held = ("membrane_potential",) if clamped else ()
    values, preparation = parameters(config, overrides, population)
    lone = cell(population, values, held, preparation=preparation)
    return lone.given(imposed_firing_rate=to_si(at, "Hz"))


def parameters(
    config: str | None, overrides: list[str] | None, population: str
) -> tuple[dict[str, float], str]:
    """Return what a config sets for a class, in SI, and its preparation."""
    from unshielded.circuit.populations import POPULATIONS
    from unshielded.config import load
    from unshielded.preparations import DEFAULT

    if population not in POPULATIONS:
        raise typer.BadParameter(
            f"there is no class {population!r}, expected one of {', '.join(POPULATIONS)}"
        )
    if config is None:
        if overrides:
            raise typer.BadParameter("--set needs a CONFIG to change")
        return {}, DEFAULT
    chosen = load(config, overrides or ()).config
    own = chosen.circuit.populations[population].parameters
    return {**chosen.parameters, **own, "eaat2": chosen.glutamate.eaat2}, chosen.preparation


def margins(found: list[Margin], load: Load, reference: float | None) -> Table:
    """Show the tipping points."""
    made = table(
        "class",
        f"critical\nload ({load.unit})",
        *([f"over\n{reference:g} {load.unit}"] if reference else []),
        "lost by",
        "Ca\nµM",
        "ΔΨm\nmV",
        "ATP\nmM",
        "ROS",
        "pores\nopen",
        "5 % below",
        "5 % above",
        numbers=range(1, 3 if reference else 2),
    )
    for each in found:
        at = {} if each.tipping is None else each.readings(each.tipping)
        over = f"up to {each.branch.points[-1].load:.3g}: none"
        made.add_row(
            each.population,
            over if each.critical is None else f"{each.critical:.4g}",
            *([number(each.critical and each.critical / reference, 2)] if reference else []),
            each.kind or "–",
            number(at.get("calcium_uM"), 2),
            number(at.get("potential_mV"), 0),
            number(at.get("atp_mM"), 2),
            number(at.get("ros"), 1),
            number(at.get("pore_open") and 100 * at["pore_open"], 0, " %"),
            checked(each.below),
            checked(each.above),
        )
    return made


def checked(check: Check | None) -> str:
    """Say what a simulation beside the tipping point showed."""
    if check is None:
        return "–"
    if check.death is not None:
        return f"{check.mode} at {check.death:.0f} s"
    state = "alive, not healthy" if check.left else "alive"
    return f"{state} for {check.watched / 3600:g} h"


def write_files(data: list[dict[str, Any]], whole: Path, branches: Path) -> None:
    """Write everything as JSON, and the branches as CSV, each whole or not at all."""
    from unshielded.store.format.files import write_atomically

    with write_atomically(whole) as partial:
        partial.write_text(json.dumps(data, indent=1, allow_nan=False), encoding="utf-8")
    rows = [{"population": each["population"], **row} for each in data for row in each["branch"]]
    with (
        write_atomically(branches) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
