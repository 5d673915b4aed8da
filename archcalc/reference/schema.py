"""The JSON Schema of the architecture file, from the declarations of keys and layer types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archcalc.analysis.quantities import QUANTITIES, VOCABULARY
from archcalc.archfile import keys
from archcalc.network.layers import ACTIVATIONS, LAYERS, Layer
from archcalc.network.values import ValueType
from archcalc.wording import shown

Schema = dict[str, Any]

EXPRESSION: Schema = {
    "type": "string",
    "pattern": r"^\$([A-Za-z_][A-Za-z0-9_]*|\(.*\))$",
    "description": "$name, or $(arithmetic) over arguments and variables",
}


def render() -> str:
    return json.dumps(schema(), indent=2) + "\n"


def schema() -> Schema:
    """The whole schema, JSON Schema draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "archcalc architecture file",
        **_file(),
        "$defs": {
            "expression": EXPRESSION,
            "layers": {"type": "array", "items": {"$ref": "#/$defs/entry"}, "minItems": 1},
            "sequence": {"type": "array", "items": {"$ref": "#/$defs/entry"}},
            "entry": _entry(),
            "branch": _section(keys.BRANCH),
            "group": _section(keys.GROUP),
            "instance": _section(keys.INSTANCE),
            **{f"layer.{name}": _layer(kind) for name, kind in LAYERS.items()},
            "blocks": {
                "type": "object",
                "propertyNames": keys.NAME,
                "additionalProperties": _section(keys.BLOCK),
            },
            "expect": _parts("layers", VOCABULARY.of_network, VOCABULARY.of_layers),
            "budget": _parts("groups", VOCABULARY.bounded, VOCABULARY.bounded_of_layers),
            "allow": {"type": "array", "items": _section(keys.ALLOWANCE)},
            "published": {"type": "array", "items": _published()},
            "train": _section(keys.TRAIN),
            "sweep": {"type": "object", "additionalProperties": _swept()},
            "code": {"anyOf": [keys.CALL.schema(), _section(keys.CODE)]},
        },
    }


def _file() -> Schema:
    """A file has one input, or several by name."""
    file = _section(keys.FILE)
    file["required"].remove("input")
    return {**file, "oneOf": [{"required": ["input"]}, {"required": ["inputs"]}]}


def _section(section: keys.Section) -> Schema:
    return {
        "type": "object",
        "properties": {key.name: _key(key) for key in section.values()},
        "required": [key.name for key in section.values() if key.required],
        "additionalProperties": False,
    }


def _key(key: keys.FileKey) -> Schema:
    declared = key.takes.schema() if key.takes else dict(key.schema)
    return {"description": key.doc, **declared}


def _entry() -> Schema:
    """One of type, block and layers; by the type, the keys of that layer."""
    return {
        "type": "object",
        "oneOf": [{"required": ["type"]}, {"required": ["block"]}, {"required": ["layers"]}],
        "properties": {
            "type": {
                "description": "the layer type",
                "anyOf": [{"enum": list(LAYERS)}, keys.EXPRESSION],
            }
        },
        "allOf": [
            *(_when("type", name, f"layer.{name}") for name in LAYERS),
            {"if": {"required": ["block"]}, "then": {"$ref": "#/$defs/instance"}},
            {"if": {"required": ["layers"]}, "then": {"$ref": "#/$defs/group"}},
        ],
    }


def _when(key: str, value: str, definition: str) -> Schema:
    return {
        "if": {"properties": {key: {"const": value}}, "required": [key]},
        "then": {"$ref": f"#/$defs/{definition}"},
    }


def _layer(kind: type[Layer]) -> Schema:
    declared = {}
    for key in kind.keys().values():
        default = {} if key.required or key.default is None else {"default": _plain(key.default)}
        declared[key.name] = {"description": key.doc, **default, **key.takes.schema()}
    common = _section(keys.MERGE if kind.merges else keys.LAYER)
    common["properties"]["type"] = {"const": kind.type}
    common["properties"]["activation"] = {
        "description": "computed after the layer, in place",
        "anyOf": [{"enum": list(ACTIVATIONS)}, {"$ref": "#/$defs/expression"}],
    }
    if kind.splits:
        del common["properties"]["activation"]
    common["properties"] |= declared
    common["required"] = ["type", *(key.name for key in kind.keys().values() if key.required)]
    return {"description": kind.summary, **common}


def _plain(default: Any) -> Any:
    """A default as JSON: an exact decimal as the number that it is written as."""
    return default if isinstance(default, bool | int | str) else json.loads(shown(default))


def _figures(quantities: Mapping[str, ValueType[Any]]) -> Schema:
    found = {
        name: {"description": QUANTITIES[name].doc, **takes.schema()}
        for name, takes in quantities.items()
    }
    return {"type": "object", "properties": found, "additionalProperties": False}


def _published() -> Schema:
    entry = _section(keys.PUBLISHED)
    entry["properties"]["quantity"] = {
        "description": "which quantity",
        "enum": list(QUANTITIES),
    }
    return entry


def _swept() -> Schema:
    return {"anyOf": [{"type": "array", "minItems": 1}, _section(keys.RANGE)]}


def _parts(
    key: str, of_network: Mapping[str, ValueType[Any]], of_layers: Mapping[str, ValueType[Any]]
) -> Schema:
    """Figures of the network, and below a key those of paths."""
    whole = _figures(of_network)
    whole["properties"][key] = {"type": "object", "additionalProperties": _figures(of_layers)}
    return whole
