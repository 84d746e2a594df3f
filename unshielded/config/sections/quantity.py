"""Quantities: text with a unit in the YAML, SI floats in Python.

`Quantity` annotates a float of a pydantic model::

    duration: Annotated[float, Quantity("s", above=0, high=3600)]
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from unshielded.config.reading.errors import show
from unshielded.mechanism.units import UnitError, dimensionality, factor, si_exponents, to_si

#: Serialisation context that asks for quantities as text with a unit.
WITH_UNITS: Final = "with_units"

_NUMBER = r"\s*[-+]?[.0-9]+(?:[eE][-+]?[0-9]+)?\s*"
_PERCENT = re.compile(rf"{_NUMBER}%?\s*\Z")
# Exponents of one digit and no power of a power: pint computes any other, however long it takes.
_POWER = r"(?:\s*(?:\^|\*\*)\s*-?[1-9](?![\d.]))?+"
_UNIT = re.compile(rf"{_NUMBER}(?:1\s*/)?(?:[()\s*/]|[A-Za-zµμ%Ω]++{_POWER})*+\Z")


def tidy(value: float) -> float:
    """Round to 14 significant digits, so that ``2 ms`` and ``0.002 s`` are one number."""
    return float(f"{value:.14g}") + 0.0  # + 0.0: there is one zero


def write_quantity(value: float, unit: str) -> str | float:
    """Write an SI value in `unit`, or in SI units where rounding would change it.

    Dimensionless values stay numbers.

    Examples
    --------
    >>> write_quantity(0.002, "ms")
    '2 ms'
    """
    if dimensionality(unit) == "dimensionless" and factor(unit) == 1:
        return value
    for digits in (12, 17):
        text = f"{value / factor(unit):.{digits}g} {unit}"
        if tidy(to_si(text, unit)) == value:
            return text
    names = {"[length]": "m", "[mass]": "kg", "[time]": "s", "[current]": "A",
             "[substance]": "mol", "[temperature]": "K", "[luminosity]": "cd"}  # fmt: skip
    powers = (f"{names[base]}^{power}" for base, power in si_exponents(unit).items())
    return f"{value!r} {' * '.join(powers)}"


def seconds(value: float) -> str:
    """Write a time as messages show it."""
    return str(write_quantity(value, "s"))


def config_error(what: str, expected: str = "", hint: str = "") -> PydanticCustomError:
    """Return the error that a validator raises; its parts survive until they are printed."""
    context = {"what": what, "expected": expected, "hint": hint}
    return PydanticCustomError("config", "{what}, expected {expected}", context)


@dataclass(frozen=True)
class Quantity:
    """A number with the dimension of `unit`, stored in SI units.

    Attributes
    ----------
    unit
        A unit of the dimension; empty for dimensionless. Messages and ``dump`` use it.
    low, high
        The accepted range in `unit`, both ends included.
    above
        An excluded lower end, in `unit`.
    meaning, note
        What it is, and what else is to know, for the JSON schema.
    """

    unit: str
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    meaning: str = ""
    note: str = ""

    @property
    def dimensionless(self) -> bool:
        """Whether a plain number is expected."""
        return dimensionality(self.unit) == "dimensionless"

    @property
    def bounds(self) -> str:
        """The range, in words; empty if there is none."""
        unit = f" {self.unit}" if self.unit else ""
        words = (("above", self.above), ("at least", self.low), ("at most", self.high))
        return ", ".join(f"{word} {b:.12g}{unit}" for word, b in words if math.isfinite(b))

    @property
    def expected(self) -> str:
        """What is expected, in words."""
        kind = "a number" if self.dimensionless else f"a quantity such as '1 {self.unit}'"
        return f"{kind} ({self.bounds})" if self.bounds else kind

    def read(self, value: object) -> float:
        """Return the SI value of what was written.

        Raises
        ------
        PydanticCustomError
            If it is not a quantity of this dimension or out of range.
        """
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise config_error(f"{show(value)} is not a quantity", self.expected)
        if isinstance(value, str):
            shape = _PERCENT if self.dimensionless else _UNIT
            if len(value) > 200 or not shape.match(value):
                raise config_error(f"{show(value)} is not a quantity", self.expected)
        try:
            si = tidy(to_si(value, self.unit))
        except UnitError as error:
            what, _, expected = str(error).rpartition(", expected ")
            raise config_error(what or expected, expected if what else self.expected) from None
        except OverflowError:
            raise config_error(f"{show(value)} is not finite", self.expected) from None
        scale = factor(self.unit)
        if si < tidy(self.low * scale) or si <= tidy(self.above * scale):
            raise config_error(f"{show(value)} is too small", self.bounds)
        if si > tidy(self.high * scale):
            raise config_error(f"{show(value)} is too large", self.bounds)
        return si

    def json_schema(self) -> dict[str, Any]:
        """Return the draft-07 schema of what may be written.

        ``x-unit`` and ``x-quantity`` (unit and range in words) are our own keywords.
        """
        what = f"quantity in {self.unit}" if self.unit else "number"
        schema: dict[str, Any] = {"description": self.meaning} if self.meaning else {}
        schema["x-quantity"] = "; ".join(filter(None, (what, self.bounds, self.note)))
        if not self.dimensionless:
            return {"type": "string", "pattern": r"^\s*[-+.0-9]", "x-unit": self.unit, **schema}
        bounds = {"minimum": self.low, "exclusiveMinimum": self.above, "maximum": self.high}
        finite = {keyword: bound for keyword, bound in bounds.items() if math.isfinite(bound)}
        return {"type": ["number", "string"], **finite, **schema}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def write(value: float, info: core_schema.SerializationInfo) -> str | float:
            wanted = isinstance(info.context, dict) and info.context.get(WITH_UNITS)
            return write_quantity(value, self.unit) if wanted else value

        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(write, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.json_schema()
