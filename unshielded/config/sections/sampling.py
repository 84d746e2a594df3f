"""Samples of a sweep: points between limits, the same ones in every process.

With u uniform in [0, 1), an axis from `low` to `high` takes the value

    linear:  low (1 - u) + high u          log:  low (high / low)^u

and the u of all axes come from independent random numbers (``random``), from a Latin hypercube
(each of n equal strata of each axis once; McKay, Beckman & Conover 1979) or from a scrambled
Sobol sequence (Owen 1998), both by :mod:`scipy.stats.qmc`.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo

from unshielded.config.reading.errors import show
from unshielded.config.sections.quantity import config_error
from unshielded.config.sections.section import MOST_POINTS, Section, Seed, Setting, power_of_two

Value = str | float

#: Significant digits of a value; more only where two points would become one.
DIGITS: Final = (6, 9, 12, 15)

_LIMIT: Final = re.compile(
    r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*(.*?)\s*\Z"
)


def parts(written: str | float) -> tuple[float, str]:
    """Return the number and the unit of a limit that was checked, or of a sampled value.

    Examples
    --------
    >>> parts("2.5 mM/s"), parts(0.5)
    ((2.5, 'mM/s'), (0.5, ''))
    """
    if not isinstance(written, str):
        return float(written), ""
    match = _LIMIT.match(written)
    assert match is not None
    return float(match[1]), " ".join(match[2].split())


def _limit(written: Any) -> Any:
    """Accept a number, or text that is a number and a unit; the setting says which unit."""
    kind = "a quantity such as '1 ms', or a number"
    if isinstance(written, bool) or not isinstance(written, (str, int, float)):
        raise config_error(f"{show(written)} is not a quantity", kind)
    if isinstance(written, str) and (len(written) > 200 or not _LIMIT.match(written)):
        raise config_error(f"{show(written)} is not a quantity", kind)
    try:
        finite = math.isfinite(parts(written)[0])
    except OverflowError:  # a whole number beyond all floats
        finite = False
    if not finite:
        raise config_error(f"{show(written)} is not finite", kind)
    return written


def _low(written: Any, info: ValidationInfo) -> Any:
    if info.data.get("scale") == "log" and parts(written)[0] <= 0:
        hint = "use 'scale: linear'"
        raise config_error(f"{show(written)} has no logarithm", "above 0 with 'scale: log'", hint)
    return written


def _high(written: Any, info: ValidationInfo) -> Any:
    low = info.data.get("low")
    if low is None:  # it is reported by itself
        return written
    (start, unit), (end, other) = parts(low), parts(written)
    if other != unit:
        found = f"has the unit {other!r}" if other else "has no unit"
        wanted = f"{unit!r}, the unit of 'low'" if unit else "none, as 'low'"
        raise config_error(f"{show(written)} {found}", wanted)
    if end <= start:
        raise config_error(f"{show(written)} is not above 'low'", f"above {low}")
    return written


_Limit = Annotated[Any, PlainValidator(_limit, json_schema_input_type=float | str)]


class SampleAxis(Section):
    """The limits of a setting that is sampled, in one unit."""

    # The order is that of validation: each looks at those before it.
    scale: Literal["linear", "log"] = Field(
        default="linear", description="log: as many points in each decade"
    )
    low: Annotated[_Limit, AfterValidator(_low)] = Field(description="lower limit")
    high: Annotated[_Limit, AfterValidator(_high)] = Field(
        description="upper limit, in the unit of 'low'"
    )


def _number(value: int, info: ValidationInfo) -> int:
    return power_of_two(value) if info.data.get("method") == "sobol" else value


class SamplingDesign(Section):
    """Points drawn between the limits of a few settings."""

    method: Literal["random", "latin_hypercube", "sobol"] = Field(
        description="how points are drawn"
    )
    n: Annotated[int, AfterValidator(_number)] = Field(
        ge=1, le=MOST_POINTS, description="number of points; a power of two for sobol"
    )
    seed: Seed = Field(default=1, description="of the points, not of the runs")
    axes: dict[Setting, SampleAxis] = Field(min_length=1, description="setting → its limits")


def draw(sample: SamplingDesign) -> list[tuple[Value, ...]]:
    """Return the points of a sample, one value per axis, as they would be written in a config.

    A value is text in the unit of `low`, or a float where `low` has none. It is rounded to six
    significant digits, or as many more as keep the points apart, and stays inside the limits.
    It depends on nothing but `sample`.
    """
    uniform = _uniform(sample.method, sample.n, len(sample.axes), sample.seed)
    axes = [(parts(axis.low), parts(axis.high)[0], axis.scale) for axis in sample.axes.values()]
    columns = [
        [_between(low, high, scale, row[place]) for row in uniform]
        for place, ((low, _), high, scale) in enumerate(axes)
    ]
    points: list[tuple[Value, ...]] = []
    for digits in DIGITS:
        written = [
            [_write(value, low, high, unit, digits) for value in column]
            for column, ((low, unit), high, _) in zip(columns, axes, strict=True)
        ]
        points = list(zip(*written, strict=True))
        if len(set(points)) == len(points):
            break
    return points


def _uniform(method: str, n: int, d: int, seed: int) -> list[list[float]]:
    """Return n points of the d-dimensional unit cube."""
    import numpy as np

    generator = np.random.default_rng(seed)
    if method == "random":
        points = generator.random((n, d))
    else:
        from scipy.stats import qmc  # takes a second: only where it is needed

        engine = qmc.Sobol if method == "sobol" else qmc.LatinHypercube
        points = engine(d, seed=generator).random(n)
    rows: list[list[float]] = points.tolist()
    return rows


def _between(low: float, high: float, scale: str, u: float) -> float:
    if scale == "log":
        return math.exp(math.log(low) * (1 - u) + math.log(high) * u)
    return low * (1 - u) + high * u


def _write(value: float, low: float, high: float, unit: str, digits: int) -> Value:
    rounded = min(max(float(f"{value:.{digits}g}"), low), high)
    return f"{rounded!r}".removesuffix(".0") + f" {unit}" if unit else rounded
