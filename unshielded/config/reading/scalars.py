"""What a plain YAML scalar means: the core schema of YAML 1.2.

PyYAML follows YAML 1.1, where ``no`` is false, ``012`` is ten, ``1:30`` is ninety, ``1e-3`` is
text and ``2001-01-01`` a date. Here they are text, twelve, text, a number and text.
"""

from __future__ import annotations

import re
from typing import Final

import yaml

Scalar = str | int | float | bool | None

#: Longer numbers are nothing that a person wrote, and slow to convert.
LONGEST_NUMBER: Final = 100

_NULL = re.compile(r"(?:null|Null|NULL|~|)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+]?)\.(?:(inf|Inf|INF)|(?:nan|NaN|NAN))\Z")


def plain_scalar(text: str) -> Scalar:
    """Return the value of a plain (unquoted) scalar.

    Raises
    ------
    ValueError
        If it is a number of more than `LONGEST_NUMBER` characters.

    Examples
    --------
    >>> [plain_scalar(t) for t in ("no", "012", "1:30", "1e-3", "0x1F", "~", "2001-01-01")]
    ['no', 12, '1:30', 0.001, 31, None, '2001-01-01']
    """
    if _NULL.match(text):
        return None
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    if special := _SPECIAL.match(text):
        return float(special[1] + ("inf" if special[2] else "nan"))
    is_number = _FLOAT.match(text) or _BASED.match(text)
    if is_number and len(text) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(text)} characters")
    if _DECIMAL.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if is_number:
        return float(text)
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes exactly the text that `plain_scalar` would read as something else."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def ignore_aliases(self, data: object) -> bool:
        return True


for _tag, _pattern in (
    ("null", _NULL),
    ("bool", _TRUE),
    ("bool", _FALSE),
    ("int", _DECIMAL),
    ("int", _BASED),
    ("float", _FLOAT),
    ("float", _SPECIAL),
):
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, None)


def to_yaml(data: object) -> str:
    """Write plain data as YAML that reads back as the same data."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
