"""What a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unshielded.store.format.files import CorruptResult, StoreError
from unshielded.store.format.seal import check_seal

DAMAGED = CorruptResult.exit_code
IDENTICAL, DIFFERS, UNKNOWN = "identical", "differs", "cannot be compared"


@dataclass(frozen=True)
class FileProblem:
    """What is wrong with a file; 5 if it is damaged, 4 if it cannot be read."""

    path: Path
    what: str
    exit_code: int = DAMAGED


@dataclass(frozen=True)
class Again:
    """How a result that was computed again compares: bits are identical, differ, or need not agree."""

    id: str
    verdict: str
    why: str = ""


@dataclass
class Verdict:
    """What was found.

    Attributes
    ----------
    files
        How many were checked.
    populations
        Of each sound run: its seed and the outcome of its populations.
    notes
        What is not damage, but should be known.
    """

    files: int = 0
    problems: list[FileProblem] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    populations: dict[str, tuple[int | None, dict[str, Any]]] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0, or 5 for damage, or 4 if something could not be read."""
        return max((problem.exit_code for problem in self.problems), default=0)

    def report(self, path: Path, error: Exception) -> None:
        """Take note of an error; the path in front of its text is left out."""
        what = str(error).removeprefix(f"{path}: ").removeprefix(f"{path}:")
        code = error.exit_code if isinstance(error, StoreError) else DAMAGED
        self.problems.append(FileProblem(path, what.strip(), code))

    def as_json(self) -> dict[str, Any]:
        """What another process needs for `add`, as plain data; nothing is computed again there."""
        return {
            "files": self.files,
            "problems": [(str(p.path), p.what, p.exit_code) for p in self.problems],
            "notes": self.notes,
            "populations": self.populations,
        }

    def add(self, found: dict[str, Any]) -> None:
        """Take over what another process found."""
        self.files += found["files"]
        self.problems += [FileProblem(Path(path), *rest) for path, *rest in found["problems"]]
        self.notes += found["notes"]
        self.populations |= {id_: (run[0], run[1]) for id_, run in found["populations"].items()}


def check_sealed(path: Path, verdict: Verdict) -> None:
    """Check the checksum of any sealed file."""
    verdict.files += 1
    try:
        check_seal(path)
    except StoreError as error:
        verdict.report(path, error)


def by_path(problems: Iterable[FileProblem]) -> list[FileProblem]:
    """Sort problems by file."""
    return sorted(problems, key=lambda problem: str(problem.path))
