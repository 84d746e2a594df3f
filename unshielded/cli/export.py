"""``unshielded export``."""

from __future__ import annotations

import difflib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.options import ConfigArgument, SetOption
from unshielded.cli.output import write

if TYPE_CHECKING:
    from unshielded.config import Config
    from unshielded.single_cell import Cell, Change


class ExportFormat(StrEnum):
    """What a cell can be exported to."""

    SBML = "sbml"


def export(
    config: ConfigArgument,
    population: Annotated[
        str,
        typer.Option("--class", metavar="NAME", help="Cell class, for example motor_fr."),
    ],
    to: Annotated[
        ExportFormat, typer.Option("--to", help="Format of the file.")
    ] = ExportFormat.SBML,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write; default: stdout.")
    ] = None,
    held: Annotated[
        list[str] | None,
        typer.Option(
            "--held",
            metavar="STATE",
            help="Keep a state constant, for example membrane_potential; repeat to hold several.",
        ),
    ] = None,
    overrides: SetOption = None,
) -> None:
    """Export one isolated cell of a config for other simulators, as SBML Level 3 Version 2.

    The cell has the config's parameters without between-cell spread. Bath changes become events.
    """
    from unshielded.config import load

    try:
        from unshielded.export import sbml, to_sbml
    except ModuleNotFoundError as error:
        if error.name != "libsbml":
            raise
        raise typer.BadParameter(
            f"{to} needs python-libsbml, which is not installed: pip install 'unshielded[sbml]'",
            param_hint="'--to'",
        ) from None
    chosen = load(config, overrides or ()).config
    lone = cell_of(chosen, population, held or ())
    about = (chosen.description, f"The {population} cell of the config {chosen.name!r}.")
    if out is None:
        write(sbml(lone, changes_of(chosen, population), f"{chosen.name}_{population}", about))
        return
    to_sbml(lone, out, changes_of(chosen, population), f"{chosen.name}_{population}", about)
    write(str(out))


def cell_of(config: Config, population: str, held: list[str] | tuple[str, ...] = ()) -> Cell:
    """Return the resting cell of a class with the parameters that a config gives it.

    Raises
    ------
    typer.BadParameter
        If there is no such class, or a held name is no state.
    """
    from unshielded.single_cell import cell
    from unshielded.single_cell.cell import equations_of

    classes = config.circuit.populations
    if population not in classes:
        raise typer.BadParameter(
            f"there is no class {population!r}, expected one of {', '.join(classes)}",
            param_hint="'--class'",
        )
    states = equations_of((), ()).states
    for name in held:
        if name not in states:
            near = difflib.get_close_matches(name, states, n=1) or ["membrane_potential"]
            raise typer.BadParameter(
                f"{name!r} is not a state of a cell, expected one such as {near[0]!r}",
                param_hint="'--held'",
            )
    values = {
        **config.parameters,
        **classes[population].parameters,
        "eaat2": config.glutamate.eaat2,
    }
    held = tuple(dict.fromkeys(held))
    return cell(population, values, held, preparation=config.preparation)


def changes_of(config: Config, population: str) -> list[Change]:
    """Return what the bath of a config sets around a cell of a population, and when, in SI.

    Magnetic pulses are left out: they act through fibres that a lone cell does not have.
    """
    from unshielded.assemble.layout import Layout
    from unshielded.assemble.schedule import schedule
    from unshielded.circuit.populations import POPULATIONS
    from unshielded.config.sections.places import EVERYWHERE, populations_at
    from unshielded.single_cell.cell import CATALOGUE

    values = {name: parameter.si for name, parameter in CATALOGUE.items()}
    rate = config.numerics.fast_steps_per_second
    around = tuple(
        entry.model_copy(update={"on": (EVERYWHERE,)})
        for entry in config.bath
        if population in populations_at(entry.on, POPULATIONS)
    )
    lone = config.model_copy(update={"stimulation": (), "bath": around})
    bath = schedule(lone, Layout.of({population: 1}, {population: True}), values)
    return [(e.tick / rate, {e.variable: e.value}) for e in bath]
