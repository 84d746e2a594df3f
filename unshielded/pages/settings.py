"""The page of the settings of a config, read from its JSON schema."""

from __future__ import annotations

import json
from typing import Any

from unshielded.config import json_schema
from unshielded.pages.rst import heading, prose, table

_INTRODUCTION = """\
Every setting, section by section, as ``unshielded schema`` has it. Numbers of the model itself, under ``parameters``,
are on the pages of their :doc:`mechanisms <mechanisms/index>`; :doc:`configs <docs/config>` explains how sections work
together.
"""

#: A section with more settings than these lists the numbers of the model, which have pages of their own.
_MOST = 60


def settings() -> str:
    """Return the page, in reStructuredText."""
    schema = json_schema()
    parts = [heading("Settings"), _INTRODUCTION, heading("The experiment", 2), _table(schema)]
    for name, section in _sections(schema).items():
        if section.get("description"):
            parts += [heading(name, 2), f"{prose(section['description'])}\n", _table(section)]
        else:
            parts += [heading(name, 2), _table(section)]
    return "\n".join(parts)


def _sections(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the sections that can be reached, each after one that refers to it."""
    found: dict[str, dict[str, Any]] = {}
    todo = [schema]
    while todo:
        for name in _referred(todo.pop(0).get("properties", {})):
            section = schema["definitions"][name]
            if name not in found and 0 < len(section.get("properties", {})) <= _MOST:
                found[name] = section
                todo.append(section)
    return found


def _referred(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"].rpartition("/")[2]] if "$ref" in node else []
        return own + [name for value in node.values() for name in _referred(value)]
    if isinstance(node, list):
        return [name for value in node for name in _referred(value)]
    return []


def _table(section: dict[str, Any]) -> str:
    rows = [
        (f"``{name}``", _kind(setting), _default(setting), prose(setting.get("description", "")))
        for name, setting in section.get("properties", {}).items()
    ]
    return table(("setting", "is", "default", "meaning"), rows)


def _kind(setting: dict[str, Any]) -> str:
    if "enum" in setting:
        return ", ".join(f"``{one}``" for one in setting["enum"])
    if setting.get("x-unit"):
        return f"quantity ({prose(setting['x-unit'])})"
    if "anyOf" in setting:
        kinds = [_kind(one) for one in setting["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in setting:
        return f"section {_referred(setting)[0]}"
    if items := _referred(setting.get("items", {})):
        return f"list of {items[0]}"
    kind = setting.get("type", "object")
    return "number" if isinstance(kind, list) else _KINDS.get(kind, kind)


_KINDS = {
    "string": "text",
    "array": "list",
    "object": "names with values",
    "integer": "whole number",
    "boolean": "true or false",
}


def _default(setting: dict[str, Any]) -> str:
    if "default" not in setting or setting["default"] in (None, "", [], {}):
        return ""
    text = json.dumps(setting["default"], ensure_ascii=False).strip('"')
    return f"``{text}``" if len(text) < 40 else "see the schema"
