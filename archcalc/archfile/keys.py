"""The keys of a file beside those of the layer types: what each means and what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.limits import NAME_LIMIT, TITLE_LIMIT
from archcalc.network.network import Code
from archcalc.network.training import HALVES, LOSSES, OPTIMIZERS
from archcalc.network.values import (
    BYTES,
    NATURAL,
    NUMBER,
    POSITIVE,
    TRUTH,
    VOLUME,
    WORDS,
    Choice,
    Integer,
    Schema,
    Text,
    ValueType,
)
from archcalc.record import Record


class FileKey(Record):
    """A key, its meaning, and what it takes or, where that is a structure, its JSON Schema."""

    name: str
    doc: str
    takes: ValueType[Any] | None = None
    schema: Mapping[str, Any] = {}
    required: bool = False


Section = Mapping[str, FileKey]


def section(*keys: FileKey) -> Section:
    return {key.name: key for key in keys}


NAME_TEXT = Text(TITLE_LIMIT)
ENTRIES = {"$ref": "#/$defs/layers"}
ARGUMENTS = {"type": "object"}
# YAML readers take words such as 3_1, 1e3 and on for numbers and truth values; here they are names.
WORD = {"type": ["string", "number", "boolean"]}
REFERENCE = {"anyOf": [WORD, {"type": "array", "items": WORD, "minItems": 1}]}
NAME = {**WORD, "pattern": rf"^(?!\d+$)(?!input$)[A-Za-z0-9_-]{{1,{NAME_LIMIT}}}$"}
EXPRESSION = {"$ref": "#/$defs/expression"}
SEQUENCE = {"$ref": "#/$defs/sequence"}
ONE_BRANCH = {"anyOf": [SEQUENCE, {"$ref": "#/$defs/branch"}]}
BRANCHES = {
    "anyOf": [
        {"type": "array", "items": ONE_BRANCH, "minItems": 1},
        {"type": "object", "additionalProperties": ONE_BRANCH, "minProperties": 1},
    ]
}

FILE = section(
    FileKey("name", "the network's name", NAME_TEXT, required=True),
    FileKey("description", "one line", Text()),
    FileKey("year", "year of publication", Integer(1900)),
    FileKey("source", "where the architecture is defined", Text()),
    FileKey(
        "input",
        "height x width x channels, or {channels, size}",
        schema=VOLUME.schema(),
        required=True,
    ),
    FileKey(
        "inputs",
        "in the place of input, several by name",
        schema={
            "type": "object",
            "propertyNames": {"allOf": [NAME, {"not": {"const": "channels"}}]},
            "additionalProperties": VOLUME.schema(),
            "minProperties": 1,
        },
    ),
    FileKey("outputs", "names of the outputs; left out, the last entry", schema=REFERENCE),
    FileKey("variables", "named values, which --set overrides", schema=ARGUMENTS),
    FileKey("blocks", "sequences of layers with arguments", schema={"$ref": "#/$defs/blocks"}),
    FileKey("layers", "the network, in order", schema=ENTRIES, required=True),
    FileKey("expect", "figures that must hold exactly", schema={"$ref": "#/$defs/expect"}),
    FileKey(
        "budget", "upper bounds; of largest_batch a lower one", schema={"$ref": "#/$defs/budget"}
    ),
    FileKey("allow", "accepted findings, each with its reason", schema={"$ref": "#/$defs/allow"}),
    FileKey("published", "figures that somebody printed", schema={"$ref": "#/$defs/published"}),
    FileKey("code", "the code that the file describes", schema={"$ref": "#/$defs/code"}),
    FileKey("sweep", "the values that `archcalc sweep` tries", schema={"$ref": "#/$defs/sweep"}),
    FileKey("train", "how it is trained, for what that takes", schema={"$ref": "#/$defs/train"}),
)


# The keys of a file whose inputs have names.
NAMED_INPUTS: Section = {**FILE, "input": FILE["input"]._replace(required=False)}


class CallType(ValueType[Code]):
    """A callable of a module, as ``torchvision.models:resnet50``."""

    text = "a module and a callable in it, as torchvision.models:resnet50"
    verbatim = True

    def check(self, value: Any) -> Code:
        parts = str(value).split(":") if isinstance(value, str) else []
        names = [name for part in parts for name in part.split(".")]
        if len(parts) != 2 or not all(name.isascii() and name.isidentifier() for name in names):
            raise self.wrong(value)
        return Code(parts[0], parts[1])

    def schema(self) -> Schema:
        name = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"
        return {"type": "string", "pattern": f"^{name}:{name}$"}


CALL = CallType()

CODE = section(
    FileKey("call", "a callable of a module, as torchvision.models:resnet50", CALL, required=True),
    FileKey("args", "what it is called with, by name", schema=ARGUMENTS),
)

TRAIN = section(
    FileKey("optimizer", "what holds state beside the parameters", Choice(OPTIMIZERS)),
    FileKey("weight_decay", "whether weights decay", TRUTH),
    FileKey("amp", "the half type of autocast", Choice(HALVES)),
    FileKey("checkpoint", "what runs again in the backward pass: blocks, stages, or paths", WORDS),
    FileKey("in_place", "whether activations overwrite what they read", TRUTH),
    FileKey("loss", "of the last output, of every output, or none", Choice(LOSSES)),
    FileKey("batch", "samples of a step", POSITIVE),
    FileKey("fit", "bytes that there are for a step", BYTES),
    FileKey("reserve", "bytes of them that are kept free", BYTES),
)

RANGE = section(
    FileKey("from", "the first number", NUMBER, required=True),
    FileKey("to", "the last number", NUMBER, required=True),
    FileKey("step", "from one to the next; left out, 1", NUMBER),
)

ENTRY = section(
    FileKey("name", "letters, digits, _ and -; unique in its scope", schema=NAME),
    FileKey(
        "from", "the name or names of what feeds it; left out, the entry before", schema=REFERENCE
    ),
    FileKey("when", "the entry is left out where this is false", TRUTH),
    FileKey("repeat", "number of copies, one after the other; 0 leaves the entry out", NATURAL),
    FileKey("share", "whose weights it uses; true: all copies use those of the first", schema=WORD),
    FileKey("frozen", "whether its weights are not trained", TRUTH),
)

LAYER = section(
    FileKey("type", "the layer type", required=True),
    *ENTRY.values(),
    FileKey("activation", "an activation after the layer, computed in place"),
)

MERGE = section(
    *LAYER.values(),
    FileKey("branches", "parallel sequences that start at the layer's input", schema=BRANCHES),
)

BRANCH = section(
    FileKey("layers", "the branch's entries", schema=SEQUENCE, required=True),
    FileKey("when", "the branch is left out where this is false", TRUTH),
)

GROUP = section(
    FileKey("layers", "the group's entries", schema=ENTRIES, required=True),
    *ENTRY.values(),
)

INSTANCE = section(
    FileKey(
        "block",
        "the name of an entry of blocks",
        schema={"anyOf": [NAME, EXPRESSION]},
        required=True,
    ),
    *ENTRY.values(),
    FileKey("with", "arguments", schema=ARGUMENTS),
    FileKey("first", "arguments that the first copy has instead", schema=ARGUMENTS),
    FileKey("last", "arguments that the last copy has instead", schema=ARGUMENTS),
)

BLOCK = section(
    FileKey("arguments", "names and defaults; `required` where there is none", schema=ARGUMENTS),
    FileKey("layers", "the block's entries", schema=ENTRIES, required=True),
)

ALLOWANCE = section(
    FileKey("rule", "the rule's id", Text(NAME_LIMIT), required=True),
    FileKey("at", "a path; left out, everywhere", Text()),
    FileKey("because", "the reason", Text(), required=True),
)

PUBLISHED = section(
    FileKey("quantity", "which quantity", Text(NAME_LIMIT), required=True),
    FileKey("value", "the figure as printed", required=True),
    FileKey("source", "where it is printed", Text(), required=True),
    FileKey("at", "the path of a layer or group; left out, the network", Text()),
    FileKey("input", "the input size that it was printed for", VOLUME),
    FileKey("with", "the values of variables that it was printed for", schema=ARGUMENTS),
    FileKey("note", "the arithmetic behind a difference, or that its cause is unknown", Text()),
)
