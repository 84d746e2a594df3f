"""The JSON schema (draft-07) of a config, so that editors complete and check as one types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unshielded.config.sections.catalogue import Catalogue
from unshielded.config.sections.catalogue import catalogue as real_catalogue
from unshielded.config.sections.quantity import Quantity, write_quantity
from unshielded.config.sections.schema import Config, quantity_of
from unshielded.mechanism import Parameter

Schema = dict[str, Any]

_ENTRY_OF_A_LIST = (
    r"^(bath\.[0-9]+(\.(agent|concentration|from|until))?|stimulation\.[0-9]+(\.(at|intensity))?"
    r"|therapies\.[0-9]+(\.[A-Za-z -]+(\.[a-z_]+){0,2})?)$"
)


def json_schema(catalogue: Catalogue | None = None) -> Schema:
    """Return the draft-07 schema of a config file.

    Parameters
    ----------
    catalogue
        The names to offer; the model's own if not given.
    """
    names = catalogue or real_catalogue()
    raw = Config.model_json_schema(by_alias=True, mode="validation")
    schema: Schema = _plain(raw, raw.get("$defs", {}))
    circuit = schema["properties"]["circuit"]["properties"]
    circuit["populations"] = _closed(
        circuit["populations"],
        {
            name: _optional(
                circuit["populations"]["additionalProperties"],
                size=population.size,
                carries_calcium=population.carries_calcium,
            )
            for name, population in names.populations.items()
        },
    )
    for population in circuit["populations"]["properties"].values():
        inner = population["properties"]
        inner["parameters"] = _parameters(inner["parameters"], names, per_cell=True)
    circuit["pathways"] = _closed(
        circuit["pathways"],
        {
            name: _optional(
                circuit["pathways"]["additionalProperties"],
                in_degree=pathway.in_degree,
                weight=pathway.weight,
                delay=write_quantity(pathway.delay, "ms"),
            )
            for name, pathway in names.pathways.items()
        },
    )
    circuit["loss"] = _closed(
        circuit["loss"],
        dict.fromkeys(names.populations, circuit["loss"]["additionalProperties"]),
    )
    top = schema["properties"]
    top["parameters"] = _parameters(top["parameters"], names, per_cell=False)
    for option in top["culture"]["anyOf"]:
        if number := option.pop("additionalProperties", None):
            option["properties"] = dict.fromkeys(names.populations, number)
            option["additionalProperties"] = False
    top["bath"]["items"]["properties"]["agent"]["enum"] = list(names.agents)
    top["extends"] = {
        "type": "string",
        "description": "a config, relative to this file, that this one changes",
    }
    blocks = children(top["sweep"])
    known = {"anyOf": [{"enum": list(paths(schema))}, {"pattern": _ENTRY_OF_A_LIST}]}
    entries = next(option["items"] for option in blocks["list"]["anyOf"] if "items" in option)
    for axes in (blocks["grid"], blocks["zip"], entries, children(blocks["sample"])["axes"]):
        axes["propertyNames"] = known  # says nothing of null
    # With `extends`, the base may have what is required.
    required = schema.pop("required")
    schema["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "unshielded experiment",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def children(schema: Schema) -> Mapping[str, Schema]:
    """Return the keys that a mapping may have by `schema`, with their schemas."""
    for option in (schema, *schema.get("anyOf", ())):
        if "properties" in option:
            found: Mapping[str, Schema] = option["properties"]
            return found
    return {}


def below(schema: Schema, step: str) -> Schema:
    """Return the schema of a key of a mapping, or of an entry of a list; empty if none."""
    if "items" in schema and step.isdecimal():
        schema = schema["items"]
        return schema
    return children(schema).get(step, {})


def paths(schema: Schema, prefix: str = "") -> Iterator[str]:
    """Yield the dotted path of every setting and section that a sweep may vary."""
    for key, child in children(schema).items():
        if not prefix and key in ("name", "description", "extends", "seed", "sweep", "trial"):
            continue
        yield f"{prefix}{key}"
        yield from paths(child, f"{prefix}{key}.")


def _plain(node: Any, definitions: Mapping[str, Any]) -> Any:
    """Resolve references (draft-07 ignores what stands beside one) and drop clutter."""
    if isinstance(node, list):
        return [_plain(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rsplit("/", 1)[-1]]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    plain: Schema = {}
    for key, value in node.items():
        if key == "properties":  # the keys below are names of settings
            plain[key] = {name: _plain(child, definitions) for name, child in value.items()}
        elif key != "$defs" and not (key == "title" and isinstance(value, str)):
            plain[key] = _plain(value, definitions)
    if note := plain.get("x-quantity"):
        meaning = plain.get("description")
        plain["description"] = f"{meaning} ({note})" if meaning else note
    default = plain.get("default")
    if isinstance(default, dict):  # the defaults inside say the same
        del plain["default"]
    elif "x-unit" in plain and isinstance(default, float):
        plain["default"] = write_quantity(default, plain["x-unit"])
    return plain


def _closed(section: Schema, properties: Mapping[str, Schema]) -> Schema:
    return {**section, "properties": dict(properties), "additionalProperties": False}


def _optional(section: Schema, **defaults: object) -> Schema:
    """Return a section of which a config may give any part, the rest being known."""
    properties = {
        key: {**child, "default": defaults[key]} if key in defaults else child
        for key, child in section["properties"].items()
    }
    kept = {key: value for key, value in section.items() if key != "required"}
    return {**kept, "properties": properties}


def _parameters(section: Schema, names: Catalogue, *, per_cell: bool) -> Schema:
    properties = {
        name: _parameter(parameter, quantity_of(parameter))
        for name, parameter in names.parameters.items()
        if parameter.per_cell or not per_cell
    }
    return _closed(section, properties)


def _parameter(parameter: Parameter, quantity: Quantity) -> Schema:
    schema = quantity.json_schema()
    unit = f" {parameter.unit}" if parameter.unit else ""
    schema["description"] = (
        f"{parameter.meaning} ({schema['x-quantity']}; "
        f"default {parameter.value:g}{unit}, {parameter.kind})"
    )
    return schema
