"""``unshielded schema``."""

from __future__ import annotations

import json
from typing import Any

from unshielded.cli.output import write

_SHORT = 100


def schema() -> None:
    """Print the JSON schema of configs, for editors that complete and check."""
    write(text())


def text() -> str:
    """Return the schema as it is printed."""
    from unshielded.config import catalogue, json_schema

    return _text(json_schema(catalogue()))


def _text(value: Any, margin: str = "") -> str:
    """Write JSON with a line for each setting: what is short, or has no object inside, is not broken."""
    whole = json.dumps(value, allow_nan=False)
    inner = list(value.values()) if isinstance(value, dict) else value
    if len(whole) <= _SHORT or not isinstance(inner, list) or not any(map(_has_object, inner)):
        return whole
    texts = [_text(each, f"{margin}  ") for each in inner]
    if isinstance(value, dict):
        texts = [f"{json.dumps(key)}: {text}" for key, text in zip(value, texts, strict=True)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    lines = f",\n{margin}  ".join(texts)
    return f"{start}\n{margin}  {lines}\n{margin}{end}"


def _has_object(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(map(_has_object, value)))
