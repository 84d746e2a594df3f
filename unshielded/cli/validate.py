"""``unshielded validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.options import SetOption
from unshielded.cli.output import log, show, size, table

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.config import Experiment

INVALID = 2


def validate(
    configs: Annotated[
        list[str], typer.Argument(metavar="CONFIG...", help="The experiments: YAML config files.")
    ],
    overrides: SetOption = None,
) -> None:
    """Check configs, and that their cells have a start; predict the memory, disk space and time of their runs."""
    from unshielded.config import ConfigError, load
    from unshielded.engine.errors import NotFinite
    from unshielded.running.start import check_starts

    bad = False
    for config in configs:
        try:
            experiment = load(config, overrides or ())
            check_starts(single.config for _, _, single in experiment.points())
        except ConfigError as error:
            log(str(error))
            bad = True
        except NotFinite as error:
            log(f"{config}: {error}")
            bad = True
        else:
            show(f"{config}: good", needs(experiment))
    if bad:
        raise typer.Exit(INVALID)


def needs(experiment: Experiment) -> Table:
    """Show how many runs an experiment has, how large they are and what they take."""
    from unshielded.assemble.predict import ASSUMED_RATE_HZ, COMPILER_BYTES, predict

    points = list(experiment.points())
    runs = [predict(single.config) for _, _, single in points]
    minutes = [single.config.duration / 60 for _, _, single in points]
    seeds = len({seed for _, seed, _ in points})
    memory = max(run.memory_bytes for run in runs)
    of_disk = sum(
        run.disk_bytes_per_second * m * 60 for run, m in zip(runs, minutes, strict=True)
    ) / sum(minutes)
    scratch = max(run.scratch_bytes for run in runs)
    of_scratch = max(run.scratch_bytes_per_second for run in runs)

    made = table("", "")
    made.show_header = False
    made.add_row(
        "  runs", f"{len(runs)} ({_count(len(runs) // seeds, 'point')} × {_count(seeds, 'seed')})"
    )
    made.add_row("  neurons", _range([run.neurons for run in runs]))
    made.add_row("  cells", f"{_range([run.cells for run in runs])} with calcium and energy")
    made.add_row("  synapses", _range([run.synapses for run in runs]))
    made.add_row(
        "  memory",
        f"{size(memory)} a run, however long it is; "
        f"{size(COMPILER_BYTES)} for each core while compiling, once",
    )
    made.add_row(
        "  disk",
        f"{size(sum(run.disk_bytes for run in runs))} in all, "
        f"growing by {size(of_disk)} per run and simulated minute",
    )
    made.add_row(
        "  scratch",
        f"{size(scratch)} a run, only while it runs, "
        f"growing by {size(of_scratch * 60)} per simulated minute",
    )
    made.add_row("", f"at an assumed mean rate of {ASSUMED_RATE_HZ:g} Hz")
    return made


def _range(values: list[int]) -> str:
    low, high = min(values), max(values)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
