"""Names of points, as people read them."""

from __future__ import annotations

from typing import Any

from unshielded.store.tables.levels import written


def label(values: dict[str, Any], seed: int) -> str:
    """Name a point.

    Examples
    --------
    >>> label({"circuit.interneuron_loss": 0.5}, 1)
    'interneuron_loss=0.5 seed=1'
    """
    return " ".join([*(f"{short(p)}={written(v)}" for p, v in values.items()), f"seed={seed}"])


#: Names that say little without the one before.
_VAGUE = {"loss", "of", "from", "until", "size"}


def short(path: str) -> str:
    """Return the last name of a path, with the one before where the last says little.

    Examples
    --------
    >>> short("circuit.scale"), short("circuit.interneuron_loss.of")
    ('scale', 'interneuron_loss.of')
    """
    *_, before, last = ("", *path.split("."))
    return f"{before}.{last}" if before and last in _VAGUE else last
