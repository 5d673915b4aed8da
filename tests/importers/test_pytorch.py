"""PyTorch's modules as files of ours, with PyTorch installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from process import run

from archcalc import analyze
from archcalc.analysis.analysis import Analysis
from archcalc.importers import pytorch
from archcalc.importers.graph import Graph, Refused, flat_network
from archcalc.importers.readable import unfolded as flat
from archcalc.importers.verifying import verify
from archcalc.network.volume import Volume

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch
nn: Any = torch.nn


def imported(module: str, callable: str, input: Volume | None = None, **arguments: Any) -> Graph:
    graph = pytorch.read(module, callable, input, arguments)
    verify(flat(graph), graph)
    return graph


def convolution_macs(model: Any, input: Volume) -> int:
    """Multiply-adds of convolutions and fully connected layers, from the shapes in a real run."""
    counts: list[int] = []

    def count(module: Any, inputs: Any, output: Any) -> None:
        positions = output.numel() // (module.weight.shape[0])
        counts.append(module.weight.numel() * positions)

    for module in model.modules():
        if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.Linear):
            module.register_forward_hook(count)
    with torch.no_grad():
        model.eval()(torch.empty((1, input.channels, *input.spatial), device="meta"))
    return sum(counts)


# One of every family of convolutional networks that is quick to trace.
NETWORKS = (
    "alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "mnasnet0_5", "mobilenet_v2",
    "mobilenet_v3_small", "resnet18", "resnext50_32x4d", "shufflenet_v2_x0_5", "squeezenet1_1",
    "vgg11_bn",
)  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_torchvision_are_exact(name: str) -> None:
    models = pytest.importorskip("torchvision.models")
    input = Volume(3, (224, 224))
    totals = analyze(flat_network(imported("torchvision.models", name, input))).totals
    with torch.device("meta"):
        model = getattr(models, name)()
    assert totals.params == sum(p.numel() for p in model.parameters())
    assert totals.macs == convolution_macs(model, input)


def test_attention_is_exact() -> None:
    pytest.importorskip("torchvision")
    input = Volume(3, (224, 224))
    totals = analyze(flat_network(imported("torchvision.models", "vit_b_16", input))).totals
    assert totals.params == 86_567_656
    assert totals.macs == 17_563_828_224


def rows(analysis: Analysis) -> list[tuple[object, ...]]:
    return [
        (layer.type, layer.activation, layer.output, layer.params, layer.macs)
        for layer in analysis.layers
    ]


def test_resnet50_is_the_file_that_ships() -> None:
    pytest.importorskip("torchvision")
    import archcalc

    graph = imported("torchvision.models", "resnet50", Volume(3, (224, 224)))
    shipped = analyze(archcalc.load("resnet50-torchvision"))
    assert rows(analyze(flat_network(graph))) == rows(shipped)


CODE = """\
import torch
from torch import nn

print("loading")


class Odd(nn.Module):
    def __init__(self, width=4, kernel=3):
        super().__init__()
        self.spare = nn.Linear(7, 10)
        self.conv = nn.Conv2d(3, width, kernel, padding=kernel // 2)
        self.norm = nn.LocalResponseNorm(5)

    def forward(self, x):
        return self.norm(torch.relu(self.conv(x)))


def unsorted():
    class Sorts(nn.Module):
        def forward(self, x):
            return torch.fft.fft(torch.sort(x)[0]).real
    return Sorts()


def broken():
    raise KeyError("weights")


def raises():
    class Raises(nn.Module):
        def forward(self, x):
            return x.reshape(7)
    return Raises()


number = 3
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "nets.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_own_code_from_the_current_folder(code: Path) -> None:
    result = run("import", "nets:Odd", "--args", "width=8", "--input", "32x32x3", cwd=code)
    assert result.status == 0
    assert result.out.splitlines()[:3] == [
        "name: Odd",
        "input: 32x32x3",
        'code: {call: "nets:Odd", args: {width: 8}}',
    ]
    assert "this runs the code of nets" in result.err
    assert "forward does not use 80 parameters in 2 tensors, the first spare.weight" in result.err
    (code / "odd.yaml").write_text(result.out, encoding="utf-8")
    table = run("table", "odd.yaml", "--format", "csv", "--columns", "type,params", cwd=code)
    assert table.out.splitlines() == ["type,params", "conv,224", "lrn,0"]


def test_code_in_the_place_of_a_file(code: Path) -> None:
    result = run("table", "nets:Odd", "--input", "16", "--format", "csv", "--columns", "output",
                 cwd=code)  # fmt: skip
    assert result.out.splitlines() == ["output", "16x16x4", "16x16x4"]


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("unsorted", "has no layer type"),
        ("broken", "it cannot be built: KeyError: 'weights'"),
        ("raises", "PyTorch cannot trace it: RuntimeError"),
        ("number", "it is int, and nothing that makes a torch.nn.Module"),
        ("missing", 'it has no "missing"'),
    ],
)
def test_what_cannot_be_imported_is_said(code: Path, name: str, fact: str) -> None:
    result = run("import", f"nets:{name}", "-o", "net.yaml", cwd=code)
    assert (result.status, result.out) == (1, "")
    assert fact in result.err
    assert not (code / "net.yaml").exists()


def test_all_reasons_at_once() -> None:
    class Several(nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            return torch.sort(x)[0] + torch.cumsum(x, 1)

    globals()["several"] = Several
    with pytest.raises(Refused) as refused:
        pytorch.read(__name__, "several", Volume(3, (8, 8)))
    assert {reason.fact for reason in refused.value.reasons} == {
        "sort has no layer type",
        "cumsum has no layer type",
    }


def test_shipped_files_held_against_torchvision() -> None:
    pytest.importorskip("torchvision")
    source = ("--against", "torchvision.models:resnet50")
    agreed = run("check", "resnet50-torchvision", *source)
    assert agreed.status == 0
    assert "agrees with torchvision.models:resnet50 in 125 rows" in agreed.out
    told = run("check", "resnet50", *source, "--format", "github")
    assert told.status == 1
    stride, again, softmax = [line for line in told.out.splitlines() if "::error" in line]
    assert "layer2.0.sum.residual.conv1: stride 2, there 1" in stride
    assert "layer2.0.sum.residual.conv2: stride 1, there 2" in again
    assert "prob: softmax 1000 is not in torchvision.models:resnet50" in softmax


def test_files_held_against_the_code_that_they_name(code: Path) -> None:
    made = run("import", "nets:Odd", "--args", "width=8", "--input", "16x16x3", cwd=code)
    (code / "odd.yaml").write_text(made.out, encoding="utf-8")
    agreed = run("check", "odd.yaml", "--against-code", cwd=code)
    assert (agreed.status, "agrees with nets:Odd in 2 rows" in agreed.out) == (0, True)
    text = made.out.replace("width: 8", "width: 9")
    (code / "odd.yaml").write_text(text, encoding="utf-8")
    told = run("check", "odd.yaml", "--against-code", cwd=code)
    assert told.status == 1
    assert "output 16x16x8, there 16x16x9; params 224, there 252" in told.out
