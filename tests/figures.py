"""What every figure must be: names written out, and axes at the size of the data."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from unshielded.circuit.populations import POPULATIONS
from unshielded.plot.style import ends, style

#: Names as code writes them: joined by underscores, or of one word and lower case.
_CODE = re.compile(
    r"\b\w+_\w+\b|\b(" + "|".join(n for n in POPULATIONS if n not in ("pyramidal", "oculomotor"))
    + r")\b"
)  # fmt: skip


def texts(figure: Figure) -> list[str]:
    """Return every text that a figure shows."""
    with style():
        figure.draw_without_rendering()  # texts of ticks are made when they are drawn
    return [t.get_text() for t in figure.findobj(Text) if t.get_visible() and t.get_text()]


def assert_fit_to_print(figure: Figure, names: tuple[str, ...] = ()) -> None:
    """Hold a figure to the rules: no names of the code, no panel of percentages beyond what is possible.

    `names` are the user's own, which are drawn as they are.
    """
    shown = [t for t in texts(figure) if _CODE.search(t) and t not in names]
    assert not shown, f"names of the code in a figure: {shown}"
    for axes in figure.axes:
        if "%" not in axes.get_ylabel() or not axes.lines or axes.get_yscale() == "log":
            continue
        low, high = sorted(axes.get_ylim())
        least, most = ends(_row(figure, axes))
        room = max(5.5, 0.2 * (most - least))
        assert least - low <= room, f"{axes.get_title()}: {low} below {least}"
        assert high - most <= room, f"{axes.get_title()}: {high} above {most}"
        ticks = [t for t in axes.get_yticks() if low <= t <= high]
        assert len(ticks) >= 2, f"{axes.get_title()}: ticks {ticks}"
        if least >= 0 and most <= 100:
            assert np.min(ticks) >= 0, f"{axes.get_title()}: a tick below 0"
            assert np.max(ticks) <= 100, f"{axes.get_title()}: a tick above 100 %"


def _row(figure: Figure, axes: Axes) -> list[Axes]:
    """Return the panels that share the y axis of one."""
    group = axes.get_shared_y_axes()
    return [other for other in figure.axes if other is axes or group.joined(axes, other)]
