"""What can go wrong while compiling or running, with the exit code of each."""


class SimulationError(RuntimeError):
    """A run did not come to its end."""

    exit_code = 6


class CompileError(SimulationError):
    """The program could not be built."""


class NotFinite(SimulationError):
    """A variable became NaN or infinite."""

    exit_code = 3


class OutputError(SimulationError):
    """A file could not be written."""

    exit_code = 4


class Interrupted(SimulationError):
    """The run was stopped by a signal."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)  # what pickling makes it from again
        self.exit_code = 128 + signal

    def __str__(self) -> str:
        return "interrupted; start it again to continue"
