"""Several inputs under ``inputs``: their names, sizes, fields, memory, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from language import analysis, mistake, mistakes, wiring
from process import run

import archcalc
from archcalc import LAYERS, Builder, Volume
from archcalc.analysis.published import verdicts
from archcalc.api import Analysis, check
from archcalc.network.steps import SAMPLE
from archcalc.network.training import Settings

PAIR = """\
name: pair
inputs: {left: 12x12x3, right: 9x9x3}
blocks:
  tower:
    layers:
      - {type: conv, filters: 4, kernel: 3, activation: relu}
      - {type: global_avgpool}
layers:
  - {block: tower, name: a, from: left}
  - {block: tower, name: b, from: right, share: a}
  - {type: subtract, name: d, from: [a, b]}
  - {type: linear, name: end, units: 1}
"""


def fields(found: Analysis) -> dict[str, Any]:
    return {row["name"]: row["receptive_field"] for row in found.to_dict()["layers"]}


def pair(layers: str, inputs: str = "{left: 8x8x3, right: 8x8x3}", head: str = "") -> str:
    return f"name: pair\ninputs: {inputs}\n{head}layers:\n{layers}"


def test_layers_read_the_inputs_by_name() -> None:
    names = wiring(PAIR)
    assert names["a.conv1"] == ("left",)
    assert names["b.conv1"] == ("right",)
    found = analysis(PAIR)
    assert found.inputs == {"left": Volume(3, (12, 12)), "right": Volume(3, (9, 9))}
    assert found.input == found.inputs["left"]
    outputs = {row.name: row.output.spatial for row in found.layers}
    assert (outputs["a.conv1"], outputs["b.conv1"]) == ((10, 10), (7, 7))
    assert found.totals.params == (27 * 4 + 4) + (4 + 1)
    assert found.totals.macs == 27 * 4 * (100 + 49) + 4


def test_json_has_all_inputs_and_input_is_the_first() -> None:
    found = analysis(PAIR).to_dict()
    assert found["input"] == {"channels": 3, "spatial": [12, 12]}
    assert found["inputs"] == [
        {"name": "left", "volume": {"channels": 3, "spatial": [12, 12]}},
        {"name": "right", "volume": {"channels": 3, "spatial": [9, 9]}},
    ]
    assert found["field_of"] == "left"
    one = analysis("name: one\ninput: 8\nlayers: [{type: relu}]\n").to_dict()
    assert not {"inputs", "field_of"} & one.keys()


def test_fields_are_of_the_first_input_or_of_the_one_asked_for() -> None:
    left, right = analysis(PAIR), analysis(PAIR, field_of="right")
    assert fields(left)["a.conv1"]["size"] == [3, 3]
    assert fields(left)["b.conv1"] is None
    assert fields(right)["a.conv1"] is None
    assert fields(right)["b.conv1"]["size"] == [3, 3]
    assert fields(left)["end"]["size"] == [12, 12]
    assert fields(right)["end"]["size"] == [9, 9]
    with pytest.raises(ValueError, match='no input "rihgt"; there are: left, right; did you mean'):
        analysis(PAIR, field_of="rihgt")


def test_a_vector_beside_a_map() -> None:
    text = pair(
        "  - {type: conv, name: c, filters: 4, kernel: 3, from: image}\n"
        "  - {type: linear, name: m, units: 4, from: facts}\n"
        "  - {type: multiply, name: both, from: [c, m]}\n",
        "{image: 8x8x3, facts: 10}",
    )
    assert analysis(text).layers[-1].output == Volume(4, (6, 6))
    assert fields(analysis(text))["both"]["size"] == [3, 3]
    of_facts = fields(analysis(text, field_of="facts"))
    assert of_facts["c"] is None
    assert of_facts["both"]["size"] == []


def test_memory_counts_every_input() -> None:
    layers = "  - {type: concat, name: c, from: [left, right]}\n"
    text = pair(layers, "{left: 10x3, right: 10x5}")
    found = analysis(text, batch=2)
    assert found.totals.activation_elements == 2 * (30 + 50 + 80)
    assert found.totals.peak_bytes == 4 * 2 * (30 + 50 + 80)
    trained = analysis(text + "  - {type: linear, units: 2}\n", batch=2, train=Settings()).training
    assert trained is not None
    assert trained.inputs == (4 * (30 + 50) + 8) * SAMPLE  # and a label


def test_neither_input_is_overwritten() -> None:
    found = analysis(pair("  - {type: relu, from: right}\n"))
    assert found.layers[0].activation_elements == 8 * 8 * 3


def test_a_group_or_branches_need_no_from_where_all_inside_say_what_they_read() -> None:
    group = "  - {name: g, layers: [{type: relu, name: r, from: right}]}\n"
    assert wiring(pair(group))["g.r"] == ("right",)
    branches = (
        "  - type: concat\n    name: c\n"
        "    branches: [[{type: relu, name: x, from: left}], [{type: elu, name: y, from: right}]]\n"
    )
    assert wiring(pair(branches))["c"] == ("c.0.x", "c.1.y")


def test_nothing_says_which_one_is_read() -> None:
    found = mistake(pair("  - {type: relu}\n"))
    assert found.rule == "missing-key"
    assert found.message == "nothing says which input it reads; there are: left, right"
    assert found.suggestions == ("name one, such as `from: left`",)
    for layers in (
        "  - {type: relu, from: input}\n",
        "  - {type: conv, from: left, kernel: 1, filters: $(input.channels)}\n",
        "  - {name: g, from: left, layers: [{type: relu, from: input}]}\n",
    ):
        found = mistake(pair(layers))
        assert (found.rule, found.message) == (
            "unknown-name",
            "the network's inputs have names: left, right",
        )
    empty = "  - {type: add, branches: [[], [{type: relu, from: left}]]}\n"
    assert mistake(pair(empty)).rule == "missing-key"
    assert mistake(pair("  - {type: relu, when: false, from: left}\n")).rule == "missing-key"


def test_input_in_a_block_is_what_feeds_it() -> None:
    head = "blocks: {b: {layers: [{type: conv, kernel: 1, filters: $(input.channels)}]}}\n"
    found = analysis(pair("  - {block: b, from: right}\n", "{left: 8x3, right: 8x5}", head))
    assert found.layers[0].output.channels == 5


def test_names_are_reserved() -> None:
    assert mistakes(pair("  - {type: relu, name: left, from: right}\n")) == [("name-clash", 4, 24)]
    within = "  - {name: g, from: left, layers: [{type: relu, name: right}]}\n"
    assert mistake(pair(within)).message == '"right" is the name of the input in line 2 already'
    clash = pair("  - {type: relu, from: left}\n", head="variables: {left: 1}\n")
    assert [rule for rule, *_ in mistakes(clash)] == ["name-clash"]
    number = pair("  - {type: relu, from: relu1}\n", "{relu1: 8, right: 8}")
    assert list(wiring(number)) == ["right", "relu2"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("inputs: {}", [("wrong-value", 2, 9)]),
        ("inputs: [8]", [("wrong-value", 2, 9)]),
        ("inputs: {channels: 8}", [("wrong-value", 2, 10)]),
        ("inputs: {3: 8}", [("wrong-value", 2, 10)]),
        ("input: 8\ninputs: {a: 8}", [("conflicting-keys", 3, 1)]),
        ("inputs: {a: 8, a: 9}", [("duplicate-key", 2, 16)]),
        ("inputs: {a: 0}", [("size-below-one", 2, 13)]),
        ("inputs: {a: {channels: $(a.channels)}}", [("wrong-value", 2, 13)]),
    ],
)
def test_what_inputs_cannot_be(head: str, expected: list[tuple[str, int, int]]) -> None:
    found = mistakes(f"name: x\n{head}\nlayers:\n  - {{type: relu, from: a}}\n")
    assert [one for one in found if one[0] not in ("unknown-name", "missing-key")] == expected


def test_an_input_that_nothing_reads_is_found() -> None:
    found = check(analysis(pair("  - {type: relu, from: left}\n", "{left: 8, right: 8, more: 8}")))
    assert [(d.rule, d.span and d.span.column) for d in found] == [
        ("unused-input", 26),
        ("unused-input", 35),
    ]
    assert 'nothing reads the input "right"' in found[0].message


def test_sizes_by_name() -> None:
    found = analysis(PAIR, input={"right": 15})
    assert found.inputs == {"left": Volume(3, (12, 12)), "right": Volume(3, (15, 15))}
    by_variables = pair(
        "  - {type: concat, from: [left, right]}\n",
        "{left: {channels: 1, size: $n}, right: {channels: 2, size: $n}}",
        "variables: {n: 6}\n",
    )
    assert analysis(by_variables).layers[0].output == Volume(3, (6, 6))
    changed = analysis(by_variables, variables={"n": 9}, input={"left": "9,channels=4"})
    assert changed.layers[0].output == Volume(6, (9, 9))
    with pytest.raises(ValueError, match="the network has several: left, right; say which"):
        analysis(PAIR, input=15)
    with pytest.raises(ValueError, match=r'there is no input "lefft".*did you mean `left`'):
        analysis(PAIR, input={"lefft": 15})
    one = "name: one\ninput: 8x8x3\nlayers: [{type: relu}]\n"
    assert analysis(one, input={"input": 9}).input == Volume(3, (9, 9))


def test_published_figures_are_of_the_inputs_of_the_file() -> None:
    claim = "published: [{quantity: params, value: 117, source: us}]\n"
    (verdict,) = verdicts(analysis(PAIR + claim, input={"left": 40}))
    assert verdict.agrees
    other = mistake(PAIR + claim.replace("source", "input: 8x8x3, source"))
    assert other.rule == "conflicting-keys"


def test_the_command_line(tmp_path: Any) -> None:
    path = tmp_path / "pair.yaml"
    path.write_text(PAIR)
    given = "--input", "left=20", "--input", "right=21x22,channels=3"
    table = run("table", str(path), *given, "--field-of", "right").out
    assert "inputs left 20x20x3 (height x width x channels), right 21x22x3" in table
    assert "elements with the inputs" in table
    refused = run("table", str(path), "--input", "20")
    assert refused.status == 2
    assert "say which, as left=20" in refused.err
    mixed = run("table", str(path), "--input", "left=20", "--input", "20")
    assert mixed.status == 2
    explained = run("explain", str(path), "b.conv1", "--field-of", "right", "--at", "0,0").out
    assert "Receptive field, in rows of the input right" in explained
    assert "sees of the input right" in explained
    assert "none: it does not depend on the input" in run("explain", str(path), "b.conv1").out
    swept = run("sweep", str(path), "--vary", "left=12,20", "--columns", "macs").out
    assert swept.splitlines()[1:] == [
        f"{size},{27 * 4 * ((size - 2) ** 2 + 49) + 4}" for size in (12, 20)
    ]
    assert "left, right" in run("sizes", str(path)).err
    changed = run("diff", str(path), str(path), "--input", "left=20")
    assert changed.status == 0
    page = tmp_path / "pair.md"
    assert run("report", str(path), "-o", str(page), "--inline").status == 0
    assert "Inputs: left 12x12x3 (height x width x channels), right 9x9x3" in page.read_text()
    for command, *more in (["memory"], ["check"], ["compare", "--conventions"]):
        assert run(command, str(path), *more).status == 0


def test_built_in_python() -> None:
    builder = Builder("pair", {"left": "12x12x3", "right": (9, 9, 3)})
    conv = LAYERS["conv"](filters=4, kernel=3)
    with pytest.raises(archcalc.Fault, match="which input is read; there are: left, right"):
        builder.add(conv)
    builder.add(conv, "left", name="a")
    builder.add(LAYERS["conv"](filters=4, kernel=3), "right", name="b")
    with pytest.raises(archcalc.Fault, match="is the name of"):
        builder.add(conv, "a", name="left")
    network = builder.network(["a", "b"])
    found = archcalc.analyze(network, input={"right": 20})
    assert [row.output.spatial for row in found.layers] == [(10, 10), (18, 18)]
    with pytest.raises(archcalc.Fault):
        Builder("none", {})
    with pytest.raises(archcalc.Fault):
        Builder("bad", {"channels": 8})
