"""The command line: commands, and how each kind of error ends.

Exit codes: 0 done · 1 a sweep finished with failed runs · 2 usage or config · 3 a value was not
finite · 4 a file could not be read or written · 5 a result is damaged · 6 compiler or engine ·
70 an error of the program itself · 130, 143 interrupted · 141 the reader of stdout has gone.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from unshielded.cli import output
from unshielded.cli.activity import activity
from unshielded.cli.bifurcation import bifurcation
from unshielded.cli.calibrate import calibrate
from unshielded.cli.compare import compare
from unshielded.cli.doctor import doctor
from unshielded.cli.examples import examples
from unshielded.cli.export import export
from unshielded.cli.init import init
from unshielded.cli.inspect_results import inspect
from unshielded.cli.lifespans import lifespans
from unshielded.cli.params import params
from unshielded.cli.plot import plot
from unshielded.cli.point import point
from unshielded.cli.report import report
from unshielded.cli.run import run as run_command
from unshielded.cli.schema import schema
from unshielded.cli.screen import screen
from unshielded.cli.sensitivity import sensitivity
from unshielded.cli.status import status
from unshielded.cli.sweep import resume, sweep
from unshielded.cli.tms import tms
from unshielded.cli.trial import trial
from unshielded.cli.validate import validate
from unshielded.cli.validate_science import validate_science
from unshielded.cli.verify import verify
from unshielded.interrupt import Stop

#: Where the command runs; on the second nobody has tried it.
_PLATFORMS = ("linux", "darwin")
_ELSEWHERE = (
    "error: unshielded runs on Linux, and untested on macOS, not on {}: it needs POSIX locks, signals and "
    "processes; on Windows use WSL 2"
)

USAGE, INPUT_OUTPUT, BUG, READER_GONE = 2, 4, 70, 141

#: The base of all errors in how the command was typed; typer does not export it.
_UsageError = typer.BadParameter.__mro__[2]

app = typer.Typer(
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Simulate a spiking motor circuit whose neurons can die of excitotoxicity.",
    epilog="Begin with: unshielded examples, unshielded init NAME, unshielded run NAME.yaml",
)

#: Group → command, its name and an example of it.
COMMANDS: dict[str, tuple[tuple[Callable[..., None], str, str], ...]] = {
    "Begin": (
        (examples, "examples", "examples"),
        (init, "init", "init mine --like two_hits"),
        (validate, "validate", "validate mine.yaml"),
        (params, "params", "params mine.yaml"),
        (schema, "schema", "schema > unshielded.schema.json"),
        (doctor, "doctor", "doctor --quick"),
    ),
    "Compute": (
        (run_command, "run", "run mine.yaml --set duration='5 min' --seed 2"),
        (sweep, "sweep", "sweep mine.yaml -j 4 --dry-run"),
        (trial, "trial", "trial mine.yaml -j 4"),
        (tms, "tms", "tms mine.yaml -j 4"),
        (status, "status", "status runs/mine"),
        (resume, "resume", "resume runs/mine"),
        (point, "point", "point runs/mine 3"),
    ),
    "Look at results": (
        (inspect, "inspect", "inspect runs/mine/*/results.h5 /fate"),
        (plot, "plot", "plot runs/mine --survival"),
        (activity, "activity", "activity runs/mine/*"),
        (compare, "compare", "compare runs/healthy runs/mine"),
        (lifespans, "lifespans", "lifespans runs/sod1 runs/fus --out lifespans.png"),
        (report, "report", "report runs/mine"),
        (verify, "verify", "verify runs/mine"),
    ),
    "One cell": (
        (bifurcation, "bifurcation", "bifurcation --load firing_rate"),
        (sensitivity, "sensitivity", "sensitivity --class motor_fr -j 4"),
        (screen, "screen", "screen --class motor_fr"),
        (calibrate, "calibrate", "calibrate --draws 256"),
        (export, "export", "export mine.yaml --class motor_fr --out motor.xml"),
    ),
    "The model against experiments": (
        (validate_science, "validate-science", "validate-science --only V1"),
    ),
}
for group, members in COMMANDS.items():
    for command, name, shown in members:
        example = f"Example: unshielded {shown}"
        app.command(name, rich_help_panel=group, epilog=example)(command)


def _version(wanted: bool) -> None:
    if wanted:
        import unshielded

        output.write(f"unshielded {unshielded.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    if context.invoked_subcommand is None and (text := context.get_help()):
        output.write(text)  # with rich it is printed by now


def run() -> None:
    """Run the command with the arguments of the process, and end the process."""
    if not sys.platform.startswith(_PLATFORMS):
        output.log(_ELSEWHERE.format(sys.platform))
        sys.exit(USAGE)
    output.open_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show µ shows ?
    code = main(sys.argv[1:])
    output.settle()
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=list(arguments), prog_name="unshielded", standalone_mode=False)
        output.flush()
    except output.ReaderGone:
        output.abandon_stdout()
        return READER_GONE
    except Stop as stop:
        output.log(str(stop))
        return stop.exit_code
    except (KeyboardInterrupt, typer.Abort):
        output.log("interrupted")
        return 130
    except Exception as error:
        code, text = explain(error)
        if "--debug" in arguments:
            output.log("".join(traceback.format_exception(error)).rstrip())
        output.log(f"error: {text}")
        if isinstance(error, OSError):
            output.abandon_stdout()
    return code if isinstance(code, int) else 0


def explain(error: Exception) -> tuple[int, str]:
    """Return the exit code of an error and what to tell about it."""
    # Imported here: most commands need none of this before something goes wrong.
    from unshielded.config.reading.errors import ConfigError
    from unshielded.engine.errors import SimulationError
    from unshielded.mechanism import MechanismError, UnitError
    from unshielded.store.format.files import StoreError

    match error:
        case ConfigError():
            return USAGE, str(error)
        case SimulationError() | StoreError():
            return error.exit_code, str(error)
        case MechanismError() | UnitError():
            return USAGE, str(error)
        case OSError():
            return INPUT_OUTPUT, f"{error.filename or 'stdout'}: {error.strerror or error}"
    if isinstance(error, _UsageError):
        context = getattr(error, "ctx", None)
        hint = f"\ntry '{context.command_path} --help'" if context else ""
        return USAGE, error.format_message() + hint  # type: ignore[attr-defined]
    kind = type(error).__name__
    hint = "this is an error of unshielded itself; 'unshielded --debug …' shows where"
    return BUG, f"{kind}: {error}\n{hint}"
