"""What the commands for layers and for several networks print is there in Python as well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from process import run

import archcalc


@pytest.fixture(scope="module")
def lenet() -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load("lenet5"))


def test_explain_is_what_the_command_prints(lenet: archcalc.Analysis) -> None:
    assert archcalc.explain(lenet, "c1") == run("explain", "lenet5", "c1").out
    assert archcalc.explain(lenet, "c1", "markdown").startswith("## c1")
    with pytest.raises(ValueError, match="there is no layer"):
        archcalc.explain(lenet, "c11")


def test_diff_is_what_the_command_prints(lenet: archcalc.Analysis) -> None:
    other = archcalc.analyze(archcalc.load("lenet5"), input=36)
    assert archcalc.diff(lenet, lenet) == "no difference\n"
    assert json.loads(archcalc.diff(lenet, other, "json"))["version"] == 1
    small, large = (archcalc.analyze(archcalc.load(name)) for name in ("vgg16", "vgg19"))
    assert archcalc.diff(small, large) == run("diff", "vgg16", "vgg19").out


def test_compare_is_what_the_command_prints(lenet: archcalc.Analysis) -> None:
    alexnet = archcalc.analyze(archcalc.load("alexnet"))
    named = {"lenet5": lenet, "alexnet": alexnet}
    assert archcalc.compare(named) == run("compare", "lenet5", "alexnet").out
    assert "LeNet-5" in archcalc.compare([lenet, alexnet], "markdown")


@pytest.mark.parametrize(
    "call",
    [
        lambda lenet: archcalc.explain(lenet, "c1", "html"),
        lambda lenet: archcalc.diff(lenet, lenet, "pdf"),
        lambda lenet: archcalc.compare([lenet], "html"),
        lambda _: archcalc.compare([]),
    ],
)
def test_wrong_values_are_refused(call: Any, lenet: archcalc.Analysis) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own message
        call(lenet)


def test_what_is_no_analysis_is_said() -> None:
    architecture: Any = archcalc.load("lenet5")
    with pytest.raises(TypeError, match="an analysis is what analyze returns"):
        archcalc.diff(architecture, architecture)


def test_a_layer_shows_itself_in_one_line() -> None:
    conv, relu = archcalc.LAYERS["conv"], archcalc.LAYERS["relu"]
    assert repr(conv(filters=64, kernel=3)) == "Conv(filters=64, kernel=3)"
    padded = conv(filters=64, kernel=[1, 7], padding="same", bias=False)
    assert repr(padded) == "Conv(filters=64, kernel=(1, 7), padding='same', bias=False)"
    assert repr(relu()).endswith("()")


def test_memory_takes_the_keys_of_train() -> None:
    analysis = archcalc.analyze(archcalc.load("lenet1"), batch=4)
    assert "adamw, bfloat16 autocast" in archcalc.memory(
        analysis, optimizer="adamw", amp="bfloat16"
    )
    document = json.loads(archcalc.memory(analysis, "json", fit="1MB", reserve=1000))
    assert (document["fit"], document["reserve"], document["batch"]) == (10**6, 1000, 4)
    assert json.loads(archcalc.memory(analysis, "json", inference=True))["training"] is None
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"optimiser": "adam"}, "memory takes optimizer, weight_decay,"),
        ({"optimizer": "adan"}, "optimizer takes one of sgd"),
        ({"reserve": "1GB"}, "reserve is taken from fit"),
        ({"checkpoint": "layer9"}, "no group or instance"),
    ]
    for wrong, message in wrongs:
        with pytest.raises(ValueError, match=message):
            archcalc.memory(analysis, **wrong)
