"""``unshielded validate``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from unshielded.cli.cautions import caution
from unshielded.cli.options import SetOption
from unshielded.cli.output import log, show, size, table

if TYPE_CHECKING:
    from rich.table import Table

    from unshielded.api.experiments import Needs

INVALID = 2


def validate(
    configs: Annotated[
        list[str], typer.Argument(metavar="CONFIG...", help="The experiments: YAML config files.")
    ],
    overrides: SetOption = None,
) -> None:
    """Check configs, and that their cells have a start; predict the memory, disk space and time of their runs."""
    from unshielded.api.experiments import loaded, needs
    from unshielded.config import ConfigError
    from unshielded.engine.errors import NotFinite

    bad = False
    for config in configs:
        try:
            experiment = loaded(config, overrides or ())
            found = needs(experiment)
        except ConfigError as error:
            log(str(error))
            bad = True
        except NotFinite as error:
            log(f"{config}: {error}")
            bad = True
        else:
            show(f"{config}: good", described(found))
            caution(single.config for _, _, single in experiment.points())
    if bad:
        raise typer.Exit(INVALID)


def described(needs: Needs) -> Table:
    """Show how many runs an experiment has, how large they are and what they take."""
    from unshielded.assemble.predict import ASSUMED_RATE_HZ, COMPILER_BYTES

    points = _count(needs.runs // needs.seeds, "point")
    made = table("", "")
    made.show_header = False
    made.add_row("  runs", f"{needs.runs} ({points} × {_count(needs.seeds, 'seed')})")
    made.add_row("  neurons", _range(needs.neurons))
    made.add_row("  cells", f"{_range(needs.cells)} with calcium and energy")
    made.add_row("  synapses", _range(needs.synapses))
    made.add_row(
        "  memory",
        f"{size(needs.memory_bytes)} a run, however long it is; "
        f"{size(COMPILER_BYTES)} for each core while compiling, once",
    )
    made.add_row(
        "  disk",
        f"{size(needs.disk_bytes)} in all, "
        f"growing by {size(needs.disk_bytes_per_minute)} per run and simulated minute",
    )
    made.add_row(
        "  scratch",
        f"{size(needs.scratch_bytes)} a run, only while it runs, "
        f"growing by {size(needs.scratch_bytes_per_minute)} per simulated minute",
    )
    made.add_row("", f"at an assumed mean rate of {ASSUMED_RATE_HZ:g} Hz")
    return made


def _range(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
