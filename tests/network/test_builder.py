"""Networks that are built in Python, without a file."""

from __future__ import annotations

import copy
import pickle

import pytest

import archcalc
from archcalc import LAYERS, Builder, Fault, Volume

FILE = """\
name: Small
input: 9x9x3
layers:
  - {type: conv, name: a, filters: 4, kernel: 3, stride: 2, activation: relu}
  - {type: separable_conv, name: b, filters: 4, kernel: 3, padding: 1}
  - {type: add, name: c, from: [a, b]}
  - {type: crop, name: d, crop: {like: c}, from: a}
  - {type: linear, name: e, units: 10}
outputs: [e, c]
"""


def built() -> archcalc.Network:
    """The network of the file."""
    builder = Builder("Small", "9x9x3")
    builder.add(LAYERS["conv"](filters=4, kernel=3, stride=2), name="a", activation="relu")
    builder.add(LAYERS["separable_conv"](filters=4, kernel=3, padding=1), name="b")
    builder.add(LAYERS["add"](), ["a", "b"], name="c")
    builder.add(LAYERS["crop"](crop={"like": "c"}), "a", name="d")
    builder.add(LAYERS["linear"](units=10), name="e")
    return builder.network(["e", "c"])


def test_a_network_is_what_its_file_would_be() -> None:
    by_hand, read = archcalc.analyze(built()).to_dict(), archcalc.analyze(archcalc.loads(FILE))
    document = read.to_dict()
    for layer in (*by_hand["layers"], *document["layers"]):
        layer.pop("line")
    assert by_hand == document


def test_a_layer_is_named_by_its_type_and_a_number() -> None:
    builder = Builder("n", Volume(3, (8, 8)))
    assert [builder.add(LAYERS["relu"]()) for _ in range(2)] == ["relu1", "relu2"]
    assert builder.volume("relu2") == Volume(3, (8, 8))


def test_a_layer_that_does_not_fit_is_refused_and_not_added() -> None:
    builder = Builder("n", "8x8x3")
    with pytest.raises(Fault, match="does not fit into 8"):
        builder.add(LAYERS["conv"](filters=4, kernel=9), name="a")
    builder.add(LAYERS["conv"](filters=4, kernel=7), name="a")
    assert builder.volume("a") == Volume(4, (8 - 7 + 1, 8 - 7 + 1))


@pytest.mark.parametrize(
    ("layer", "inputs", "name", "part"),
    [
        ("relu", "inputt", None, 'no layer before this one is named "inputt"'),
        ("relu", None, "input", "is the name of a layer already"),
        ("relu", ["input", "input"], None, "relu takes one input, not 2"),
        ("relu", None, "a.b", "is no name"),
    ],
)
def test_what_is_wrong_is_said(
    layer: str, inputs: str | list[str] | None, name: str | None, part: str
) -> None:
    with pytest.raises(Fault, match=part):
        Builder("n", "8x8x3").add(LAYERS[layer](), inputs, name=name)


def test_values_are_refused_in_the_words_that_a_file_gets() -> None:
    with pytest.raises(Fault, match="filters is -3; it must be at least 1"):
        LAYERS["conv"](filters=-3, kernel=3)


def test_suggestions_are_tried_without_a_file() -> None:
    builder = Builder("n", "7x7x3")
    builder.add(LAYERS["conv"](filters=4, kernel=3, stride=3))
    (finding,) = archcalc.check(archcalc.analyze(builder.network()))
    assert finding.rule == "illegal-stride"
    assert "`kernel: 4` gives 2x2" in finding.suggestions  # (7 - 4) / 3 + 1 = 2
    assert all(fix.edits == () for fix in finding.fixes)


def test_another_input_builds_the_network_again() -> None:
    analysis = archcalc.analyze(built(), input="11x11x3")
    assert str(analysis.layers[0].output) == "5x5x4"  # (11 - 3) / 2 + 1 = 5


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_networks_and_analyses_can_be_copied(copied: object) -> None:
    assert callable(copied)
    network, architecture = built(), archcalc.loads(FILE)
    analysis = archcalc.analyze(network)
    assert archcalc.analyze(copied(network)).to_dict() == analysis.to_dict()
    assert archcalc.check(copied(analysis)) == archcalc.check(analysis)
    assert archcalc.analyze(copied(architecture)).totals == analysis.totals
