"""The experiment that tests run: one small structure, so that one program serves them all."""

from pathlib import Path

TINY = Path(__file__).with_name("tiny.yaml")


def hostile(mark: Path) -> str:
    """A ``brian_preferences`` that leaves a mark when it is executed."""
    return f"codegen.target = __import__('pathlib').Path({str(mark)!r}).touch() or 'numpy'\n"
