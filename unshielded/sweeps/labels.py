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


def short(path: str) -> str:
    """Return the last name of a path."""
    return path.rpartition(".")[2]
