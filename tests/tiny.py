"""The experiment that tests run: one small structure, so that one program serves them all."""

from pathlib import Path

from unshielded.config import load

TINY = Path(__file__).with_name("tiny.yaml")

_POPULATIONS = load(TINY).config.circuit.populations

#: How many neurons it has, and how many of them carry calcium; how many populations.
NEURONS = sum(p.size for p in _POPULATIONS.values())
CELLS = sum(p.size for p in _POPULATIONS.values() if p.carries_calcium)
POPULATIONS = len(_POPULATIONS)


def hostile(mark: Path) -> str:
    """A ``brian_preferences`` that leaves a mark when it is executed."""
    return f"codegen.target = __import__('pathlib').Path({str(mark)!r}).touch() or 'numpy'\n"
