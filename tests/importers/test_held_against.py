"""Files held against model files and code, with what a person forgets: each is found and placed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archcalc import analyze, load, loads
from archcalc.diagnostics import Diagnostic
from archcalc.importers.comparing import compared
from archcalc.importers.sources import Request, imported
from archcalc.views.findings import Checked

FILES = Path(__file__).parent / "onnx_files"


def found(text: str, source: str) -> list[Diagnostic]:
    analysis = analyze(loads(text))
    checked = Checked(analysis.network.source, (), (), 0)
    return list(compared(analysis, checked, Request(source)).diagnostics)


def changed(text: str, old: str, new: str, place: int = 0) -> tuple[str, int]:
    """A text with one place changed, and the line of the change."""
    parts = text.split(old)
    assert len(parts) > place + 1, old
    before = old.join(parts[: place + 1])
    return before + new + old.join(parts[place + 1 :]), before.count("\n") + 1


def path_of(name: str) -> str:
    return str(FILES / f"{name}.onnx")


@pytest.mark.parametrize("name", ["resnet18-older", "shufflenet_v2_x0_5-older", "vit_b_16-older"])
def test_a_file_agrees_with_the_model_file_that_it_is_of(name: str) -> None:
    source = path_of(name)
    assert found(imported(Request(source)).text, source) == []


def test_a_removed_bias() -> None:
    source = path_of("resnet18-older")
    text, line = changed(imported(Request(source)).text, "padding: 3,", "padding: 3, bias: false,")
    (one,) = found(text, source)
    assert (one.layer, one.span and one.span.line) == ("conv1", line)
    assert one.message.startswith("params 9,408, there 9,472 (conv1 of ")


def test_a_dropped_block() -> None:
    source = path_of("resnet18-older")
    text, line = changed(imported(Request(source)).text, "    repeat: 2\n", "")
    (one,) = found(text, source)
    assert one.layer == "layer1"
    assert one.span
    assert line - 2 <= one.span.line <= line
    assert "has layer1.1.conv1, conv 56x56x64, and the file has not behind layer1" in one.message
    assert one.copies == 3  # and what else the block has


def test_swapped_inputs_of_a_concat() -> None:
    source = path_of("shufflenet_v2_x0_5-older")
    text = imported(Request(source), flat=True).text
    names = re.search(r"type: concat, .*from: \[(\w+), (\w+)\]", text)
    assert names
    text, line = changed(text, f"[{names[1]}, {names[2]}]", f"[{names[2]}, {names[1]}]")
    (one,) = found(text, source)
    assert one.span
    assert one.span.line == line
    assert one.message.startswith(f"reads {names[2]}, {names[1]}, there ")


TORCHVISION = "torchvision.models:resnet50"


@pytest.mark.torch
@pytest.mark.parametrize(
    ("old", "new", "layer", "fact"),
    [
        ("units: 1000", "units: 1000, bias: false", "fc", "params 2,048,000, there 2,049,000"),
        ("repeat: 6", "repeat: 5", "layer3.4.sum", "layer3.5"),
    ],
)
def test_the_shipped_file_with_a_mistake(old: str, new: str, layer: str, fact: str) -> None:
    pytest.importorskip("torchvision")
    text, _ = changed(load("resnet50-torchvision").source.text, old, new)
    first = found(text, TORCHVISION)[0]
    assert first.layer == layer
    assert fact in first.message
    assert first.span


@pytest.mark.torch
def test_swapped_inputs_of_a_concat_of_torchvision() -> None:
    pytest.importorskip("torchvision")
    source = "torchvision.models:shufflenet_v2_x0_5"
    text = imported(Request(source), flat=True).text
    names = re.search(r"type: concat, .*from: \[(\w+), (\w+)\]", text)
    assert names
    text, line = changed(text, f"[{names[1]}, {names[2]}]", f"[{names[2]}, {names[1]}]")
    (one,) = found(text, source)
    assert one.span
    assert one.span.line == line
