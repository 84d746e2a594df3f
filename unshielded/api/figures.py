"""Figures for whoever draws on: axes in a window, or below the cell of a notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def shown(draw: Callable[[], Figure]) -> list[Axes]:
    """Draw a figure, hand it to pyplot, and return its axes.

    ``matplotlib.pyplot.show()`` shows it, a notebook does so by itself, and
    ``axes[0].figure.savefig(…)`` saves it.
    """
    from matplotlib import pyplot as plt

    from unshielded.plot.style import style

    plt.get_backend()  # is chosen now: what that sets would not outlast the style
    with style():
        figure = draw()
        figure.draw_without_rendering()  # ticks are made when they are drawn, in the style of then
    # pyplot numbers and shows what it made: it is given this one as what it makes
    plt.figure(FigureClass=lambda **ignored: figure)  # type: ignore[arg-type]
    return list(figure.axes)
