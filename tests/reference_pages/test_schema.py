"""The JSON Schema against files as an editor reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import archcalc
from archcalc.api import builtin_folder, builtin_names
from archcalc.network.layers import LAYERS
from archcalc.reference import schema, starter

VALIDATOR = Draft202012Validator(schema.schema())
HEAD = "name: x\ninput: 8x8x3\n"
RELU = "layers: [{type: relu}]\n"


def is_valid(text: str) -> bool:
    return VALIDATOR.is_valid(yaml.safe_load(text))


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema.schema())


def test_every_reference_leads_somewhere() -> None:
    whole = schema.schema()

    def references(node: Any) -> list[str]:
        if isinstance(node, dict):
            own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            return own + [found for child in node.values() for found in references(child)]
        if isinstance(node, list):
            return [found for child in node for found in references(child)]
        return []

    assert {name.removeprefix("#/$defs/") for name in references(whole)} == set(whole["$defs"])


@pytest.mark.parametrize("name", builtin_names())
def test_every_architecture_is_valid(name: str) -> None:
    text = Path(builtin_folder(), f"{name}.yaml").read_text(encoding="utf-8")
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text))) == []


def test_the_file_to_start_from_is_valid() -> None:
    assert is_valid(starter.render("mine"))


@pytest.mark.parametrize("name", LAYERS)
def test_the_example_of_every_layer_type_is_valid(name: str) -> None:
    example = LAYERS[name].example
    entries = example.entries
    text = f"name: x\ninput: {example.input}\nlayers:\n" + "".join(f"- {e}\n" for e in entries)
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text))) == []


GOOD = (
    HEAD + RELU,
    "name: 3\ninput: 784\n" + RELU,
    "name: on\ninput: {channels: 3, size: [8, 8]}\n" + RELU,
    "name: x\ninput: {channels: 3}\n" + RELU,
    "name: x\ninputs: {left: 8x8x3, right: {channels: $n}}\n" + RELU,
    HEAD + "year: 1998\ndescription: 1.5\nsource: yes\n" + RELU,
    HEAD + "layers: [{type: relu, name: 3a}, {type: relu, name: 3_1}, {type: relu, name: on}]\n",
    HEAD
    + "layers: [{type: relu, name: 1e3}, {type: relu, from: 1e3}, {type: relu, from: input}]\n",
    HEAD + "outputs: 3_1\nlayers: [{type: relu, name: 3_1}]\n",
    HEAD + "outputs: [a, b]\nlayers: [{type: relu, name: a}, {type: relu, name: b}]\n",
    HEAD + "variables: {w: 2}\nlayers: [{type: conv, filters: $w, kernel: $(w + 1)}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: [3, 1], padding: [[0, 1], [1, 0]]}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, padding: same, activation: relu}]\n",
    HEAD + "layers: [{type: dropout, rate: 0.5}, {type: dropout, rate: 1}]\n",
    HEAD + "layers: [{type: add, branches: [[], [{type: relu}]]}]\n",
    HEAD + "layers: [{type: add, branches: {a: [], b: [{type: relu}]}}]\n",
    HEAD + "layers: [{name: g, repeat: 2, layers: [{type: relu, repeat: 0}]}]\n",
    HEAD + "blocks: {b: {arguments: {k: required}, layers: [{type: relu, when: $(k > 1)}]}}\n"
    "layers: [{block: b, with: {k: 2}, repeat: 2, first: {k: 1}}]\n",
    HEAD + RELU + "expect: {params: 0, output: 8x8x3, layers: {relu1: {macs: 0, output: 8x8x3}}}\n",
    HEAD + RELU + "budget: {params: 5M, macs: 1.5G, peak_bytes: 8MB}\n",
    HEAD + RELU + "budget: {params: 5M, groups: {relu1: {macs: 1}}}\n",
    HEAD + RELU + "allow: [{rule: illegal-stride, because: so}]\n",
    HEAD + RELU + "published: [{quantity: params, value: 60M, source: p, note: n}]\n",
)


@pytest.mark.parametrize("text", GOOD)
def test_good_files(text: str) -> None:
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text))) == []


BAD = (
    "",
    "- a\n",
    "name: x\n" + RELU,
    "input: 8x8x3\n" + RELU,
    HEAD,
    HEAD + "layers: []\n",
    HEAD + "layers: relu\n",
    HEAD + RELU + "extra: 1\n",
    "name: x\ninput: 8 by 8\n" + RELU,
    "name: x\ninput: 0x8x3\n" + RELU,
    "name: x\ninput: 0\n" + RELU,
    "name: x\ninputs: {}\n" + RELU,
    "name: x\ninputs: {channels: 8}\n" + RELU,
    "name: x\ninputs: {a.b: 8}\n" + RELU,
    "name: x\ninput: 8\ninputs: {a: 8}\n" + RELU,
    "name: x\ninput: {size: 8}\n" + RELU,
    "name: x\ninput: {channels: 3, size: [1, 2, 3, 4]}\n" + RELU,
    "name: x\ninput: [8, 8, 3]\n" + RELU,
    HEAD + "layers: [{name: a}]\n",
    HEAD + "layers: [{type: conw}]\n",
    HEAD + "layers: [{type: conv, kernel: 3}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, strid: 2}]\n",
    HEAD + "layers: [{type: conv, filters: 0, kernel: 3}]\n",
    HEAD + "layers: [{type: conv, filters: 2.5, kernel: 3}]\n",
    HEAD + "layers: [{type: conv, filters: two, kernel: 3}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: [1, 2, 3, 4]}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, padding: sam}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, padding: -1}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, bias: 1}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, activation: rely}]\n",
    HEAD + "layers: [{type: conv, filters: 2, kernel: 3, activation: prelu}]\n",
    HEAD + "layers: [{type: dropout, rate: 2}]\n",
    HEAD + "layers: [{type: relu, name: a.b}]\n",
    HEAD + "layers: [{type: relu, name: input}]\n",
    HEAD + "layers: [{type: relu, name: '12'}]\n",
    HEAD + "layers: [{type: relu, first: {n: 2}, repeat: 2}]\n",
    HEAD + "layers: [{type: relu, branches: [[]]}]\n",
    HEAD + "layers: [{type: relu, block: b}]\n",
    HEAD + "layers: [{type: relu, when: maybe}]\n",
    HEAD + "layers: [{type: add, branches: []}]\n",
    HEAD + "layers: [{layers: [{type: relu}], repeat: -1}]\n",
    HEAD + "blocks: {b: {argument: {}, layers: [{type: relu}]}}\n" + RELU,
    HEAD + "blocks: {a.b: {layers: [{type: relu}]}}\n" + RELU,
    HEAD + RELU + "expect: {parms: 3}\n",
    HEAD + RELU + "expect: {layers: {a: {depth: many}}}\n",
    HEAD + RELU + "budget: {params: many}\n",
    HEAD + RELU + "budget: {output: 1}\n",
    HEAD + RELU + "budget: {groups: {a: {output: 1}}}\n",
    HEAD + RELU + "allow: [{rule: illegal-stride}]\n",
    HEAD + RELU + "published: [{quantity: parms, value: 60M, source: p}]\n",
    HEAD + RELU + "published: [{quantity: params, source: p}]\n",
)


@pytest.mark.parametrize("text", BAD)
def test_bad_files(text: str) -> None:
    """Both the schema and the reader refuse them."""
    assert not is_valid(text)
    with pytest.raises(archcalc.SpecError):
        archcalc.analyze(archcalc.loads(text))


def test_every_key_is_described() -> None:
    whole = schema.schema()
    sections = [whole, *(whole["$defs"][name] for name in whole["$defs"] if "layer." in name)]
    for section in sections:
        for name, key in section["properties"].items():
            assert key.get("description") or name == "type"


def test_defaults_are_those_of_the_layers() -> None:
    conv = schema.schema()["$defs"]["layer.conv"]["properties"]
    assert (conv["stride"]["default"], conv["bias"]["default"]) == (1, True)
    dropout = schema.schema()["$defs"]["layer.dropout"]["properties"]
    assert dropout["rate"]["default"] == 0.5
    assert "default" not in conv["filters"]
