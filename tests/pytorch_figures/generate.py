"""Writes `networks.json` and `receptive_fields.json` from an installed PyTorch.

With ``--check`` it writes nothing, and exits with 1 where a file differs. It also asks PyTorch
again for the sizes and refusals of `geometry.json`, whose windows were drawn at random once.

The networks are those of `definitions.py`; no formula of archcalc is used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from definitions import NETWORKS, Add, Concat  # type: ignore[import-not-found]  # beside it
from torch import nn
from torch.nn import functional as F

FOLDER = Path(__file__).parent
KINDS = {
    nn.Conv2d: "conv",
    nn.Linear: "linear",
    nn.BatchNorm2d: "batchnorm",
    nn.MaxPool2d: "pool",
    nn.AvgPool2d: "pool",
    nn.AdaptiveAvgPool2d: "pool",
}
LENGTH = 8192


def kind(module: Any) -> str | None:
    return next((name for known, name in KINDS.items() if isinstance(module, known)), None)


def leaves(network: Any) -> list[Any]:
    return [module for module in network.modules() if kind(module)]


def built(name: str) -> tuple[Any, list[tuple[str, list[int], int, int]]]:
    """A network and its rows in execution order: kind, output (C, H, W), parameters, MACs."""
    size, definition = NETWORKS[name]
    rows: list[tuple[str, list[int], int, int]] = []

    def record(module: Any, inputs: Any, output: Any) -> None:
        shape = list(output.shape[1:])
        weights = module.weight.numel() if kind(module) in ("conv", "linear") else 0
        positions = output[0, 0].numel() if kind(module) == "conv" else 1
        params = sum(p.numel() for p in module.parameters())
        rows.append((str(kind(module)), shape, params, weights * positions))

    with torch.device("meta"):
        network = definition().eval()
        network(torch.empty(1, *size))
        for module in leaves(network):
            module.register_forward_hook(record)
        network(torch.empty(1, *size))
    return network, rows


def networks() -> dict[str, Any]:
    found = {}
    for name, (size, _) in NETWORKS.items():
        _, rows = built(name)
        totals = {"params": sum(row[2] for row in rows), "macs": sum(row[3] for row in rows)}
        found[name] = {"input": list(size), **totals, "layers": rows}
    return found


class Window(nn.Module):  # type: ignore[misc]
    """A convolution or pooling on one axis, with one channel and weights of 1."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.kind = kind(module)
        numbers = (module.kernel_size, module.stride, module.padding)
        self.kernel, self.stride, self.padding = (
            n if isinstance(n, int) else n[0] for n in numbers
        )

    def forward(self, x: Any) -> Any:
        ones = torch.ones(1, 1, self.kernel, dtype=torch.float64)
        return None if x is None else F.conv1d(x, ones, stride=self.stride, padding=self.padding)


class Same(nn.Module):  # type: ignore[misc]
    kind = "batchnorm"

    def forward(self, x: Any) -> Any:
        return x


class End(nn.Module):  # type: ignore[misc]
    """Everything after it sees the whole input."""

    def forward(self, x: Any) -> None:
        return None


class Sum(nn.ModuleList):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        first, *rest = (branch(x) for branch in self)
        return sum(rest, first)


def copy(module: Any) -> Any:
    """A positive linear copy on one axis, with one channel."""
    if isinstance(module, Add | Concat):
        return Sum([copy(branch) for branch in module])
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        return Window(module)
    if isinstance(module, nn.BatchNorm2d):
        return Same()
    if not list(module.children()):
        return module if isinstance(module, nn.Identity) else End()
    for name, child in list(module.named_children()):
        setattr(module, name, copy(child))
    return module


def fields(name: str) -> Iterator[tuple[str, int, int, int]]:
    """Kind, size, stride and start of every window and batch norm, by back-propagation."""
    network, _ = built(name)
    linear = copy(network)
    outputs: list[tuple[str, Any]] = []

    def record(module: Any, inputs: Any, output: Any) -> None:
        if output is not None:
            outputs.append((module.kind, output))

    for module in linear.modules():
        for hook in list(module._forward_hooks):
            del module._forward_hooks[hook]
        if isinstance(module, Window | Same):
            module.register_forward_hook(record)
    source = torch.ones(1, 1, LENGTH, dtype=torch.float64, requires_grad=True)
    linear(source)
    for what, output in outputs:
        middle = output.shape[2] // 2
        (first, last), (after, _) = (read(source, output, o) for o in (middle, middle + 1))
        yield what, last - first + 1, after - first, first - middle * (after - first)


def read(source: Any, output: Any, position: int) -> tuple[int, int]:
    (gradient,) = torch.autograd.grad(output[0, 0, position], source, retain_graph=True)
    places = gradient[0, 0].nonzero().flatten()
    return int(places[0]), int(places[-1])


def receptive_fields() -> dict[str, Any]:
    return {name: list(fields(name)) for name, (size, _) in NETWORKS.items() if len(size) > 1}


def geometry(row: dict[str, Any]) -> int | None:
    """The size that PyTorch gives a window, the same on all axes; None where it refuses."""
    axes = row["nd"]
    x = torch.empty(1, 2, *[row["N"]] * axes, device="cpu")
    common = {"stride": row["s"], "padding": row["p"]}
    try:
        if row["op"] == "conv":
            weight = torch.empty(4, 2, *[row["k"]] * axes)
            function = (F.conv1d, F.conv2d, F.conv3d)[axes - 1]
            output = function(x, weight, dilation=row["d"], **common)
        elif row["op"] == "convtranspose":
            weight = torch.empty(2, 4, *[row["k"]] * axes)
            function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[axes - 1]
            extra = row["outp"]
            output = function(x, weight, dilation=row["d"], output_padding=extra, **common)
        elif row["op"] == "maxpool":
            function = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[axes - 1]
            output = function(x, row["k"], dilation=row["d"], ceil_mode=row["ceil"], **common)
        else:
            function = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[axes - 1]
            output = function(x, row["k"], ceil_mode=row["ceil"], **common)
    except (RuntimeError, ValueError):
        return None
    return int(output.shape[2])


def main(arguments: list[str]) -> int:
    stale = []
    for name, content in (("networks", networks()), ("receptive_fields", receptive_fields())):
        path = FOLDER / f"{name}.json"
        lines = (f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items())
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    rows = json.loads((FOLDER / "geometry.json").read_text(encoding="utf-8"))["rows"]
    if any(geometry(row) != row["out"] for row in rows):
        stale.append("geometry.json, which this script does not write")
    sys.stdout.write("".join(f"differs: {name}\n" for name in stale))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
