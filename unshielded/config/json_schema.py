"""The JSON schema (draft-07) of a config, so that editors complete and check as one types."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from unshielded.config.names import LISTS, Names, Schema
from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.sections.quantity import write_quantity
from unshielded.config.sections.schema import config_model

#: Of the form of a config; raise it when a setting comes, goes or means something else. Which
#: names there are of parameters, populations and pathways does not count: the model says so.
SCHEMA_VERSION: Final = 1


def json_schema(catalogue: Catalogue | None = None) -> Schema:
    """Return the draft-07 schema of a config file.

    Parameters
    ----------
    catalogue
        The names to offer; the model's own if not given.
    """
    catalogue = catalogue or real_catalogue()
    raw = config_model(catalogue).model_json_schema(ref_template="#/definitions/{model}")
    schema: Schema = _draft_07(raw)
    definitions = schema.pop("$defs")
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "a config, relative to this file, that this one changes",
    }
    # With `extends`, the base may have what is required.
    schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required")}]
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"urn:unshielded:config:{SCHEMA_VERSION}",
        "title": "unshielded experiment",
        **schema,
        "definitions": definitions,
    }
    definitions["Setting"] = _setting(Names(whole), catalogue)
    return whole


@cache
def names(catalogue: Catalogue) -> Names:
    """Return the names of all settings that a config may have."""
    return Names(json_schema(catalogue))


def _setting(known: Names, catalogue: Catalogue) -> Schema:
    """Return the schema of a dotted path to a setting; those that are many, as patterns."""
    own = [name for name, parameter in catalogue.parameters.items() if parameter.per_cell]
    entries = {n: [p.removeprefix(f"{n}.0.") for p in known.entry(n, 0)] for n in LISTS}
    patterns = [
        rf"parameters\.{_one_of(catalogue.parameters)}",
        rf"circuit\.populations\.{_one_of(catalogue.populations)}\.parameters\.{_one_of(own)}",
        *(rf"{name}\.[0-9]+(\.{_one_of(below)})?" for name, below in entries.items()),
    ]
    return {
        "description": "a dotted path to a setting, such as drive.level or bath.0.concentration",
        "anyOf": [
            {"enum": [path for path in known.paths if "parameters." not in path]},
            *({"pattern": f"^{pattern}$"} for pattern in patterns),
        ],
    }


def _one_of(texts: Iterable[str]) -> str:
    return f"({'|'.join(text.replace('.', '[.]') for text in texts)})"


def _draft_07(node: Any) -> Any:
    """Put a reference beside nothing, as draft-07 wants it, and drop what says nothing."""
    if isinstance(node, list):
        return [_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"anyOf": [{"type": kind} as only, {"type": "null"}], **rest}:
            kinds = kind if isinstance(kind, list) else [kind]
            node = {**only, **rest, "type": [*kinds, "null"]}
    plain: Schema = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):  # the keys below are names
            plain[key] = {name: _draft_07(child) for name, child in value.items()}
        elif key != "title":
            plain[key] = _draft_07(value)
    if about := plain.pop("x-quantity", None):
        meaning = plain.get("description")
        plain["description"] = f"{meaning} ({about})" if meaning else about
    if "prefixItems" in plain:
        plain["items"] = plain.pop("prefixItems")
    default, unit = plain.get("default"), plain.get("x-unit") or _unit_of_entries(plain)
    if isinstance(default, dict):  # the defaults inside say the same
        del plain["default"]
    elif unit and isinstance(default, float):
        plain["default"] = write_quantity(default, unit)
    elif unit and isinstance(default, list):
        plain["default"] = [write_quantity(value, unit) for value in default]
    if "$ref" in plain and len(plain) > 1:
        plain["allOf"] = [{"$ref": plain.pop("$ref")}]
    return plain


def _unit_of_entries(schema: Schema) -> str:
    entries = schema.get("items")
    return entries.get("x-unit", "") if isinstance(entries, dict) else ""
