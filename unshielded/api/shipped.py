"""Where the configs that come with the package lie, and what they are called."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]

#: As the configs call each other: the folder of examples, and the package beside it.
PLACES: Final = {"configs": _PACKAGE / "examples", "unshielded": _PACKAGE}


def names() -> list[str]:
    """Name every example, those in no folder first: they are to begin with."""
    folder = PLACES["configs"]
    paths = [*folder.glob("*.yaml"), *folder.glob("*/*.yaml")]
    found = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
    return sorted(found, key=lambda name: ("/" in name, name))
