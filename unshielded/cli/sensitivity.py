"""``unshielded sensitivity``."""

from __future__ import annotations

import csv
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from unshielded.cli.bifurcation import MembraneMode, MembraneOption, OptionalConfig, parameters
from unshielded.cli.options import SetOption
from unshielded.cli.output import Format, FormatOption, log, number, show, table, write_json

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.single_cell import Cell
    from unshielded.single_cell.sensitivity import Dying


#: The default load, relative to the firing rate at which the healthy state is lost.
_OVER = 1.8
#: What less and more of an amount, and of a time, are.
_AMOUNT, _DURATION = ("lower", "higher"), ("shorter", "longer")
#: Elasticities below this are not printed; all are in the files.
_SMALL = 0.05


def sensitivity(
    config: OptionalConfig = None,
    population: Annotated[
        str | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Cell class.",
            show_default="motor neurons of fast, fatigue-resistant units",
        ),
    ] = None,
    load: Annotated[
        str | None,
        typer.Option(
            "--load",
            metavar="RATE",
            help="Firing rate, for example '40 Hz'.",
            show_default="1.8 times the rate at which the healthy state disappears",
        ),
    ] = None,
    horizon: Annotated[
        str, typer.Option("--horizon", metavar="TIME", help="Longest simulated time.")
    ] = "2 h",
    most: Annotated[
        int,
        typer.Option(
            "--parameters",
            metavar="N",
            min=0,
            help="Number of parameters that get Sobol indices; 0 for none.",
        ),
    ] = 8,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", metavar="N", min=2, help="Size of the base sample; a power of two."
        ),
    ] = 128,
    spread: Annotated[
        float,
        typer.Option(
            "--range",
            metavar="SHARE",
            min=0.001,
            max=0.9,
            help="Relative range of each parameter, to either side.",
        ),
    ] = 0.1,
    membrane: MembraneOption = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the sample.")] = 1,
    jobs: Annotated[
        int | None,
        typer.Option(
            "-j",
            "--jobs",
            min=1,
            metavar="N",
            help="Number of processes.",
            show_default="all cores",
        ),
    ] = None,
    overrides: SetOption = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for results.")] = Path(
        "runs/sensitivity"
    ),
    style: FormatOption = Format.TEXT,
) -> None:
    """Find the parameters that a cell's time of death depends on, locally and over ranges."""
    from unshielded.circuit.populations import TYPICAL
    from unshielded.cli.counting import counting
    from unshielded.interrupt import interruptible
    from unshielded.mechanism.units import to_si
    from unshielded.plot.sensitivity import plot_sensitivity
    from unshielded.plot.words import name_of
    from unshielded.processes import cores
    from unshielded.single_cell import cell
    from unshielded.single_cell import sensitivity as analysis
    from unshielded.single_cell.cell import CATALOGUE

    if most and find_spec("SALib") is None:
        raise typer.BadParameter(
            "Sobol's indices need SALib, which is not installed: pip install "
            "'unshielded[analysis]', or leave them out with --parameters 0"
        )
    if samples & (samples - 1):
        raise typer.BadParameter(f"{samples} is not a power of two", param_hint="'--samples'")
    population = population or TYPICAL
    values, preparation = parameters(config, overrides, population)
    held = () if membrane is MembraneMode.FREE else ("membrane_potential",)
    resting = cell(population, values, held, preparation=preparation)
    rate = _default(resting) if load is None else to_si(load, "Hz")
    dying = analysis.Dying(population, values, rate, held, to_si(horizon, "s"), preparation)
    movable = analysis.candidates(dying)
    total = 1 + 2 * len(movable) + (samples * (most + 2) + 4 * most if most else 0)
    found = None
    with (
        interruptible(),
        counting("cells", total) as done,
        analysis.mapping(jobs or cores(), done) as mapper,
    ):
        time, local = analysis.local(dying, movable, limits=CATALOGUE, mapper=mapper)
        if most:
            free = [each for each in local if each.name not in analysis.TIED]
            widest = {e.name: e.value for e in free[: 2 * most]}
            bounds = analysis.ranges(widest, spread, CATALOGUE)
            chosen = analysis.solvable(dying, bounds, mapper=mapper)[:most]
            bounds = {name: bounds[name] for name in chosen}
            found = analysis.sobol(
                dying, bounds, samples=samples, horizon=dying.horizon, seed=seed, mapper=mapper
            )
    rows = [{**analysis.as_json(each), "evidence": _evidence(each.name, dying)} for each in local]
    indices = [] if found is None else _indices(found)
    data = {
        "population": population,
        "firing_rate_Hz": rate,
        "membrane": "clamped" if held else "free",
        "horizon_s": dying.horizon,
        "time_of_death_s": time,
        "range": spread,
        "evaluations": None if found is None else found.evaluations,
        "censored": None if found is None else found.censored,
        "unsolved": None if found is None else found.unsolved,
        "local": rows,
        "sobol": indices,
    }
    names = [out / f"sensitivity_{population}.{kind}" for kind in ("json", "csv", "png")]
    _write(data, names[0], names[1])
    plot_sensitivity(
        rows, indices, f"{name_of(population)} at {rate:.3g} Hz: death at {time:.0f} s", names[2]
    )
    if style is Format.JSON:
        write_json(data)
        return
    show(f"{population} at {rate:.4g} Hz: death at {time:.0f} s", "", _table(rows, indices), "")
    if found is not None:
        show(
            f"{found.evaluations} cells, each parameter uniform within ±{100 * spread:g} %; "
            f"{100 * found.censored:.1f} % live past {dying.horizon:g} s and count as dying then; "
            f"{found.unsolved} could not be solved",
            "",
        )
    show(*map(str, names))
    if found is not None and found.censored > 0.1:
        log("note: many cells live past the horizon; a longer horizon or a higher load says more")


def _default(resting: Cell) -> float:
    """A firing rate that kills the unchanged cell."""
    from unshielded.mechanism import MechanismError
    from unshielded.single_cell.fixed_points import LOADS
    from unshielded.single_cell.margin import margin

    found = margin(resting, LOADS["firing_rate"], check=False)
    if found.critical is None:
        raise MechanismError(
            f"a {resting.population} cell bears any firing rate up to {LOADS['firing_rate'].highest:g} Hz; "
            "give a rate with --load"
        )
    return _OVER * found.critical


def _indices(found: Any) -> list[dict[str, Any]]:
    columns = ("low", "high", "first", "first_confidence", "total", "total_confidence")
    rows = [
        {"name": name, **{column: float(getattr(found, column)[i]) for column in columns}}
        for i, name in enumerate(found.names)
    ]
    return sorted(rows, key=lambda row: -row["total"])


def _table(rows: list[dict[str, Any]], indices: list[dict[str, Any]]) -> Table:
    made = table(
        "parameter",
        "evidence",
        "d ln T / d ln p",
        "first order",
        "total",
        "remark",
        numbers=range(2, 5),
    )
    by_name = {row["name"]: row for row in indices}
    for row in rows:
        slope, sobol = row["elasticity"], by_name.get(row["name"])
        if slope is not None and abs(slope) < _SMALL and sobol is None:
            continue
        made.add_row(
            row["name"],
            row["evidence"],
            number(slope, 2),
            *(
                "" if sobol is None else f"{sobol[kind]:.2f} ± {sobol[f'{kind}_confidence']:.2f}"
                for kind in ("first", "total")
            ),
            _remark(row),
        )
    return made


def _evidence(name: str, dying: Dying) -> str:
    """Say what the number that the cell has rests on."""
    from unshielded.model import default

    return (
        "given" if name in dying.values else default(name, dying.preparation, dying.population).kind
    )


def _is_duration(name: str) -> bool:
    from unshielded.mechanism.units import dimensionality
    from unshielded.model import PARAMETERS

    return dimensionality(PARAMETERS[name].unit) == dimensionality("s")


def _remark(row: dict[str, Any]) -> str:
    words = _DURATION if _is_duration(row["name"]) else _AMOUNT
    ends = [word for word, end in zip(words, ("low", "high"), strict=True) if row[end] is None]
    if ends:
        return f"no time of death when {' or '.join(ends)}"
    return "from one side" if row["one_sided"] else ""


def _write(data: dict[str, Any], whole: Path, flat: Path) -> None:
    from unshielded.store.format.files import write_atomically

    with write_atomically(whole) as partial:
        partial.write_text(json.dumps(data, indent=1, allow_nan=False), encoding="utf-8")
    by_name = {row["name"]: row for row in data["sobol"]}
    extra = ("first", "first_confidence", "total", "total_confidence")
    rows = [
        {**row, **{k: by_name.get(row["name"], {}).get(k) for k in extra}} for row in data["local"]
    ]
    with write_atomically(flat) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
