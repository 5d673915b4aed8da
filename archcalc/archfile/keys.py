"""The keys of a file beside those of the layer types: what each means and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.network.kinds import POSITIVE, TRUTH, VOLUME, Integer, Kind, Text
from archcalc.record import Record


class Key(Record):
    """A key, its meaning, and its kind or, where it has an inner structure, its JSON Schema."""

    name: str
    doc: str
    kind: Kind[Any] | None = None
    schema: Mapping[str, Any] = {}
    required: bool = False


Section = Mapping[str, Key]


def section(*keys: Key) -> Section:
    return {key.name: key for key in keys}


NAME_TEXT = Text(200)
ENTRIES = {"$ref": "#/$defs/layers"}
ARGUMENTS = {"type": "object"}
# YAML readers take words such as 3_1, 1e3 and on for numbers and truth values; here they are names.
WORD = {"type": ["string", "number", "boolean"]}
REFERENCE = {"anyOf": [WORD, {"type": "array", "items": WORD, "minItems": 1}]}
NAME = {**WORD, "pattern": r"^(?!\d+$)(?!input$)[A-Za-z0-9_-]{1,64}$"}
BRANCHES = {
    "anyOf": [
        {"type": "array", "items": {"$ref": "#/$defs/sequence"}, "minItems": 1},
        {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/sequence"},
            "minProperties": 1,
        },
    ]
}

FILE = section(
    Key("name", "the network's name", NAME_TEXT, required=True),
    Key("description", "one line", Text()),
    Key("year", "year of publication", Integer(1900)),
    Key("source", "where the architecture is defined", Text()),
    Key("input", "height x width x channels, or {channels, size}", VOLUME, required=True),
    Key("outputs", "names of the outputs; left out, the last entry", schema=REFERENCE),
    Key("variables", "named values, which --set overrides", schema=ARGUMENTS),
    Key("blocks", "sequences of layers with arguments", schema={"$ref": "#/$defs/blocks"}),
    Key("layers", "the network, in order", schema=ENTRIES, required=True),
    Key("expect", "figures that must hold exactly", schema={"$ref": "#/$defs/expect"}),
    Key("budget", "upper bounds", schema={"$ref": "#/$defs/budget"}),
    Key("allow", "accepted findings, each with its reason", schema={"$ref": "#/$defs/allow"}),
    Key("published", "figures that somebody printed", schema={"$ref": "#/$defs/published"}),
)

ENTRY = section(
    Key("name", "letters, digits, _ and -; unique in its scope", schema=NAME),
    Key("from", "the name or names of what feeds it; left out, the entry before", schema=REFERENCE),
    Key("when", "the entry is left out where this is false", TRUTH),
)

LAYER = section(
    Key("type", "the layer type", required=True),
    *ENTRY.values(),
    Key("activation", "an activation after the layer, computed in place"),
)

MERGE = section(
    *LAYER.values(),
    Key("branches", "parallel sequences that start at the layer's input", schema=BRANCHES),
)

GROUP = section(
    Key("layers", "the group's entries", schema=ENTRIES, required=True),
    *ENTRY.values(),
    Key("repeat", "number of copies, one after the other", POSITIVE),
)

INSTANCE = section(
    Key("block", "the name of an entry of blocks", schema=NAME, required=True),
    *ENTRY.values(),
    Key("with", "arguments", schema=ARGUMENTS),
    Key("repeat", "number of copies, one after the other", POSITIVE),
    Key("first", "arguments that the first copy has instead", schema=ARGUMENTS),
)

BLOCK = section(
    Key("arguments", "names and defaults; `required` where there is none", schema=ARGUMENTS),
    Key("layers", "the block's entries", schema=ENTRIES, required=True),
)

ALLOWANCE = section(
    Key("rule", "the rule's id", Text(64), required=True),
    Key("at", "a path; left out, everywhere", Text()),
    Key("because", "the reason", Text(), required=True),
)

PUBLISHED = section(
    Key("quantity", "which quantity", Text(64), required=True),
    Key("value", "the figure as printed", required=True),
    Key("source", "where it is printed", Text(), required=True),
    Key("at", "the path of a layer or group; left out, the network", Text()),
    Key("input", "the input size that it was printed for", VOLUME),
    Key("note", "the arithmetic behind a difference, or that its cause is unknown", Text()),
)
