"""Style of all figures: colour-blind safe colours, units, saving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from unshielded.arrays import AnyArray
from unshielded.durations import suited
from unshielded.store.format.files import StoreError, write_atomically

LineStyle: TypeAlias = Literal["-", "--", "-.", ":"]

DPI = 150
FORMATS = (".png", ".svg", ".pdf")
_LEAST_SHARE = 5.0  # of an axis of percentages
MOST_POINTS = 2000  # of a line; more cannot be seen

# The circuit's populations keep their colour in all figures. Chosen so that any two of them stay
# apart (20 or more in CIELAB) in normal vision and with any kind of colour blindness; told apart by
# dashes and marks as well, for grey prints. In the circuit's order.
_LOOKS: tuple[tuple[str, LineStyle, str], ...] = (
    ("#0072B2", "-", "o"),
    ("#E5C100", "-", "v"),
    ("#EE3F14", "--", "s"),
    ("#4A0A06", "-", "^"),
    ("#A366FF", "-", "<"),
    ("#00AB50", "-.", "D"),
    ("#14106A", "--", "P"),
    ("#E06D9C", "-.", "X"),
    ("#B4CB98", "-", "p"),
    ("#6600B8", "-.", ">"),
    ("#3D00FF", ":", "d"),
    ("#290A29", "--", "H"),
    ("#2FD6F2", "--", "h"),
    ("#6E6241", ":", "*"),
)
_SPARE = ("#000000", "#9A9A9A", "#E69F00", *(colour for colour, _, _ in _LOOKS))

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "svg.hashsalt": "unshielded",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the project's style, and leave the caller's settings alone."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


@cache
def _look() -> dict[str, tuple[str, LineStyle, str]]:
    # Imported here so that figures of anything else do without the model.
    from unshielded.circuit.populations import POPULATIONS

    return dict(zip(POPULATIONS, _LOOKS, strict=False))


def colours(names: Iterable[str]) -> dict[str, str]:
    """Give each population its colour."""
    look, spare = _look(), iter(_SPARE * 20)
    return {name: look[name][0] if name in look else next(spare) for name in names}


def dashes(name: str) -> LineStyle:
    """Give the line style of a population."""
    return _look()[name][1] if name in _look() else "-"


def mark(name: str) -> str:
    """Give the marker of a population."""
    return _look()[name][2] if name in _look() else "o"


def unit(text: str) -> str:
    """Write a unit as it is printed: ``" (µM)"``, or nothing where there is none."""
    printed = {"uM": "µM", "um": "µm", "us": "µs"}.get(text, text)
    return f" ({printed})" if printed not in ("", "1", "dimensionless") else ""


def time_axis(duration: float) -> tuple[float, str]:
    """Give the factor from seconds to the unit that suits `duration`, and the axis label."""
    seconds, name = suited(duration)
    return 1.0 / seconds, f"Time ({name})"


def thin(*values: AnyArray) -> tuple[AnyArray, ...]:
    """Keep as many points of a line as can be seen, the last one included."""
    length = len(values[0])
    if length <= MOST_POINTS:
        return values
    kept = np.linspace(0, length - 1, MOST_POINTS).astype(np.int64)
    return tuple(v[kept] for v in values)


def head(axes: Axes, letter: str, title: str) -> None:
    """Put the letter of a panel and what it shows above it."""
    axes.set_title(title)
    axes.annotate(
        letter,
        xy=(0, 1),
        xycoords="axes fraction",
        xytext=(-30, 4),
        textcoords="offset points",
        fontsize=11,
        fontweight="bold",
        va="bottom",
        ha="left",
    )
    axes.grid(True, axis="y", color="0.9", linewidth=0.6)


def share_axis(axes: Axes, least: float, most: float) -> None:
    """Fit an axis of percentages to what is drawn: little room beyond it, and five percent at least.

    Examples
    --------
    >>> axes = Figure().add_subplot()
    >>> share_axis(axes, 100.0, 100.0)
    >>> [round(float(end), 1) for end in axes.get_ylim()]
    [94.8, 100.2]
    """
    short = max(0.0, _LEAST_SHARE - (most - least))
    down = min(short, least) if most > 50 else 0.0
    least, most = least - down, most + short - down
    room = 0.04 * (most - least)
    axes.set_ylim(least - room, most + room)


def ends(panels: Iterable[Axes]) -> tuple[float, float]:
    """Return the lowest and the highest value that lines and bands of panels show."""
    found = [np.zeros(0)]
    for axes in panels:
        found += [np.asarray(line.get_ydata(), float) for line in axes.lines]
        for band in axes.collections:
            found += [np.asarray(path.vertices, float)[:, 1] for path in band.get_paths()]
    values = np.concatenate(found)
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (100.0, 100.0)


def remark(axes: Axes, text: str) -> None:
    """Say inside an empty panel why it is empty."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color="0.4")
    axes.set_yticks([])


def check_format(out: Path | str) -> Path:
    """Refuse early what cannot be saved."""
    out = Path(out)
    if out.suffix.lower() not in FORMATS:
        raise StoreError(
            f"{out}: cannot save a figure as {out.suffix or 'a file without ending'!r}; "
            f"expected one of {', '.join(FORMATS)}"
        )
    return out


def save_if(figure: Figure | None, out: Path) -> bool:
    """Write a figure if there is one; tell whether there is."""
    if figure is not None:
        save(figure, out)
    return figure is not None


def save(figure: Figure, out: Path) -> None:
    """Write a figure in the format that its ending names, whole or not at all."""
    kind = out.suffix.lower().lstrip(".")
    # a date would make every file differ from the last
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
    with write_atomically(out) as partial:
        figure.savefig(partial, format=kind, dpi=DPI, metadata=metadata)
