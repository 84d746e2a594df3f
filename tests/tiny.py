"""The experiment that tests run: one small structure, so that one program serves them all."""

from pathlib import Path

TINY = Path(__file__).with_name("tiny.yaml")

#: How many neurons it has, and how many of them carry calcium; the populations.
NEURONS, CELLS, POPULATIONS = 72, 44, 10


def hostile(mark: Path) -> str:
    """A ``brian_preferences`` that leaves a mark when it is executed."""
    return f"codegen.target = __import__('pathlib').Path({str(mark)!r}).touch() or 'numpy'\n"
