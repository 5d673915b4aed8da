"""PyTorch modules of the shipped architectures, and the tools that count their operations.

Layers are built by the oracle of the tests, tests/twin.py; on the meta device nothing is allocated
and nothing is computed. Needs PyTorch.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import nn

from archcalc.api import Analysis
from archcalc.network.network import INPUT

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from torch_twins.shared import Twin
from twin import ACTIVATIONS, built, empty

Shape = tuple[int, ...]
COMPUTING = ("torchinfo on the CPU", "fvcore")


class Layer(nn.Module):  # type: ignore[misc, unused-ignore]
    """A function as a module, so that counters see it; holds the modules that it calls."""

    def __init__(self, twin: Twin) -> None:
        super().__init__()
        self.run = twin.run
        self.held = nn.ModuleList(twin.modules)

    def forward(self, *inputs: Any) -> Any:
        return self.run(*inputs)


NETWORK_INPUT = -1  # rows are numbered from 0, as the list of modules is


class Module(nn.Module):  # type: ignore[misc, unused-ignore]
    """The layers of an analysis, run in the order of the file."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self.feeds: list[tuple[int, ...]] = []
        self.rows = nn.ModuleList()
        self.last = NETWORK_INPUT
        names = {INPUT: NETWORK_INPUT}
        for index, row in enumerate(analysis.layers, INPUT + 1):
            self._append(
                built(row, [empty(volume) for volume in row.input_volumes]),
                tuple(names[i] for i in row.node.inputs),
            )
            if row.activation:
                activation = nn.ReLU() if row.activation == "relu" else None
                twin = Twin(activation or ACTIVATIONS[row.activation])
                self._append(twin, (self.last,))
            names[index] = self.last

    def _append(self, twin: Twin, feeds: Shape) -> None:
        self.rows.append(twin.run if isinstance(twin.run, nn.Module) else Layer(twin))
        self.feeds.append(feeds)
        self.last = len(self.rows) - 1

    def forward(self, x: Any) -> Any:
        outputs = {NETWORK_INPUT: x}
        for index, (row, feeds) in enumerate(zip(self.rows, self.feeds, strict=True)):
            outputs[index] = row(*(outputs[feed] for feed in feeds))
        return outputs[self.last]


def network(analysis: Analysis, tool: str = "") -> tuple[nn.Module, Shape]:
    """The module on the device that a tool can use, and the shape of its input."""
    with torch.device("cpu" if tool in COMPUTING else "meta"):
        module = Module(analysis).eval()
    return module, (1, analysis.input.channels, *analysis.input.spatial)


def forward(module: nn.Module, shape: Shape) -> None:
    with torch.no_grad():
        module(torch.empty(shape, device="meta"))


def torchinfo(module: nn.Module, shape: Shape) -> None:
    from torchinfo import summary

    str(summary(module, shape, device="meta", verbose=0))


def torchinfo_computing(module: nn.Module, shape: Shape) -> None:
    from torchinfo import summary

    str(summary(module, shape, device="cpu", verbose=0))


def fvcore(module: nn.Module, shape: Shape) -> None:
    """Traces, which the meta device refuses: it needs weights and computes."""
    from fvcore.nn import FlopCountAnalysis

    counter = FlopCountAnalysis(module, torch.empty(shape))
    counter.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()


def ptflops(module: nn.Module, shape: Shape) -> None:
    from ptflops import get_model_complexity_info

    get_model_complexity_info(
        module, shape[1:], print_per_layer_stat=False, backend="pytorch",
        input_constructor=lambda _: {"x": torch.empty(shape, device="meta")},
    )  # fmt: skip


def thop(module: nn.Module, shape: Shape) -> None:
    from thop import profile

    profile(module, (torch.empty(shape, device="meta"),), verbose=False)


def calflops(module: nn.Module, shape: Shape) -> None:
    from calflops import calculate_flops

    calculate_flops(
        module, args=[torch.empty(shape, device="meta")], print_results=False,
        print_detailed=False,
    )  # fmt: skip


TOOLS: Mapping[str, Callable[[nn.Module, Shape], None]] = {
    "torchinfo": torchinfo,
    "torchinfo on the CPU": torchinfo_computing,
    "fvcore": fvcore,
    "ptflops": ptflops,
    "thop": thop,
    "calflops": calflops,
}


def installed() -> list[str]:
    return [name for name in TOOLS if find_spec(name.split()[0])]


@contextlib.contextmanager
def quiet() -> Any:
    """Keeps what the tools say off the streams."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
