"""The numbers of the model in a preparation, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unshielded.cli.output import show, table

if TYPE_CHECKING:
    from unshielded.preparations import Preparation


def show_in_preparation(rows: Iterable[dict[str, Any]], preparation: Preparation) -> None:
    """Show a table for each mechanism."""
    rows = list(rows)
    celsius = f"{preparation.temperature:g} °C"
    for mechanism in dict.fromkeys(row["mechanism"] for row in rows):
        title = f"{mechanism} in {preparation.name}, {celsius}"
        shown = table("parameter", "value", "factor", "becomes", "because", title=title)
        for row in rows:
            if row["mechanism"] == mechanism:
                shown.add_row(row["name"], *_cells(row["told"], row["unit"]))
                for population, own in row["populations"].items():
                    shown.add_row(f"  {population}", *_cells(own["told"], row["unit"]))
        show(shown, "")


def _cells(told: dict[str, Any], unit: str) -> tuple[str, str, str, str]:
    becomes = "unknown" if told["value"] is None else f"{told['value']:g} {unit}".strip()
    factor = "" if told["factor"] is None else f"{told['factor']:.4g}"
    at = f"{told['from']:g} {unit}".strip()
    if told["temperature"] is not None:
        at += f" at {told['temperature']:g} °C"
    return at, factor, becomes, told["because"]
