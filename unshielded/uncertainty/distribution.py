r"""How far a number may be from the truth, in standard deviations of what is not known.

.. math::
    x(z) = x_0\,w^z, \qquad x(z) = x_0 + w z, \qquad
    \frac{x(z)}{1 - x(z)} = \frac{x_0}{1 - x_0}\,w^z

for a log-normal, a normal and a logit-normal uncertainty of width :math:`w`, with :math:`z` standard normal and cut at
:data:`FURTHEST`. The result is cut to the range that a config accepts. One :math:`z` moves a number in all
populations alike: each keeps its ratio (difference, odds ratio) to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from unshielded.arrays import Array

#: Standard deviations beyond which no draw goes.
FURTHEST = 2.5

#: What a width is: a factor on the number, an amount in its unit, a factor on its odds; nothing for what is known.
Shape = Literal["log-normal", "normal", "logit-normal", "known"]


@dataclass(frozen=True)
class Uncertainty:
    """What is not known of one number.

    Attributes
    ----------
    shape
        ``log-normal``, ``normal``, ``logit-normal`` (shares between 0 and 1) or ``known``.
    width
        One standard deviation: a factor above 1 on the number or on its odds, or an amount above 0 in its
        unit; 0 for what is known.
    why
        Where the width comes from.
    by_hand
        Whether someone judged this number; otherwise the width follows from its kind.

    Raises
    ------
    ValueError
        If the width is not one of its shape, or nothing says why.

    Examples
    --------
    >>> Uncertainty("log-normal", 2.0, "an example").moved(10.0, 1.0)
    20.0
    >>> Uncertainty("logit-normal", 4.0, "an example").moved(0.5, 1.0)
    0.8
    """

    shape: Shape
    width: float
    why: str
    by_hand: bool = False

    def __post_init__(self) -> None:
        least = {"log-normal": 1.0, "logit-normal": 1.0, "normal": 0.0, "known": -1.0}[self.shape]
        if not least < self.width < float("inf") or (self.shape == "known" and self.width):
            raise ValueError(f"a {self.shape} uncertainty cannot be {self.width} wide")
        if not self.why:
            raise ValueError("an uncertainty says why it is so wide")

    def moved(
        self,
        value: float | Array,
        z: float | Array,
        low: float = float("-inf"),
        high: float = float("inf"),
    ) -> float | Array:
        """Return the number `z` standard deviations away from `value`, within `low` and `high`.

        Parameters
        ----------
        value
            The number as the model or a population has it.
        z
            Standard deviations; cut at :data:`FURTHEST` on both sides.
        low, high
            The range accepted from a config, in the unit of `value`.
        """
        z = np.clip(z, -FURTHEST, FURTHEST)
        if self.shape == "known":
            moved = np.asarray(value, float) + 0.0 * z
        elif self.shape == "normal":
            moved = value + self.width * z
        elif self.shape == "log-normal":
            moved = value * self.width**z
        else:
            with np.errstate(divide="ignore"):
                odds = np.divide(value, 1.0 - np.asarray(value)) * self.width**z
            moved = np.where(
                np.isinf(odds), 1.0, odds / (1.0 + np.where(np.isinf(odds), 0.0, odds))
            )
        cut: Array = np.clip(moved, low, high)
        return float(cut) if np.ndim(cut) == 0 else cut

    def words(self, unit: str = "") -> str:
        """Say it in a few characters: ``×/÷ 2``, ``± 5 mV``, ``odds ×/÷ 2``, ``known``."""
        if self.shape == "known":
            return "known"
        if self.shape == "normal":
            return f"± {self.width:g} {unit}".strip()
        return f"{'odds ' if self.shape == 'logit-normal' else ''}×/÷ {self.width:g}"
