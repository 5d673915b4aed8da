"""Writes `networks.json` and `receptive_fields.json` from an installed PyTorch and torchvision.

With ``--check`` it writes nothing, and exits with 1 where a file differs. It also asks PyTorch
again for the sizes and refusals of `geometry.json`, whose windows were drawn at random once.

The networks are torchvision's own where it has them, and those of `definitions.py` and `modern.py`;
no formula of archcalc is used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import definitions  # type: ignore[import-not-found]  # this and the next are beside it
import modern  # type: ignore[import-not-found]
import torch
import torchvision_networks  # type: ignore[import-not-found]
from linear import copied, read  # type: ignore[import-not-found]
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

FOLDER = Path(__file__).parent
NETWORKS = {**definitions.NETWORKS, **modern.NETWORKS, **torchvision_networks.NETWORKS}
# Behind upsampling, neighbouring outputs see fields of different sizes.
UPSAMPLED = {"unet", "yolov3", "retinanet-resnet50-fpn"}
KINDS = {
    nn.Conv2d: "conv",
    nn.ConvTranspose2d: "conv",
    nn.Linear: "linear",
    nn.BatchNorm2d: "batchnorm",
    nn.LayerNorm: "layernorm",
}
aten = torch.ops.aten
POOLINGS = {
    aten.max_pool2d_with_indices.default, aten.avg_pool2d.default, aten.mean.dim,
    aten._adaptive_avg_pool2d.default,
}  # fmt: skip
Row = tuple[str, list[int], int, int]


class Rows(TorchDispatchMode):  # type: ignore[misc]
    """Kind, output (C, H, W), parameters and MACs of what a network computes, in order.

    Modules are asked by hooks; poolings, which networks also compute without a module, as PyTorch
    comes to them.
    """

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.counted: set[Any] = set()
        self.hooks = [module.register_forward_hook(self.record) for module in network.modules()]

    def __torch_dispatch__(
        self, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        output = function(*args, **(kwargs or {}))
        if function in POOLINGS:
            first = output[0] if isinstance(output, tuple) else output
            self.rows.append(("pool", list(first.shape[1:]), 0, 0))
        return output

    def record(self, module: Any, inputs: Any, output: Any) -> None:
        kind = next((name for known, name in KINDS.items() if isinstance(module, known)), None)
        own = list(module.parameters(recurse=False))
        if not (own or kind):
            return
        params = sum(p.numel() for p in own) if module not in self.counted else 0
        self.counted.add(module)
        if kind is None:  # a tensor of its own that scales the (first) output
            first = next(iter(output.values())) if isinstance(output, dict) else output
            self.rows.append(("scale", list(first.shape[1:]), params, 0))
            return
        if (
            kind in ("linear", "layernorm")
            and output.dim() == 4
            and output.shape[-1] == own[0].shape[0]
        ):
            # channels come last; a linear layer at every position is a convolution by 1x1
            output = output.movedim(-1, 1)
            kind = "conv" if kind == "linear" else kind
        macs = 0
        if kind in ("conv", "linear"):
            reads = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
            macs = module.weight.numel() * (reads[0, 0].numel() if kind == "conv" else 1)
        self.rows.append((kind, list(output.shape[1:]), params, macs))


def built(name: str) -> tuple[Any, list[Row]]:
    """A network and its rows in execution order."""
    size, definition = NETWORKS[name]
    with torch.device("meta"), torch.no_grad():
        network = definition().eval()
        network(torch.empty(1, *size))
        found = Rows(network)
        with found:
            network(torch.empty(1, *size))
        for hook in found.hooks:
            hook.remove()
    return network, found.rows


def networks() -> dict[str, Any]:
    found = {}
    for name, (size, _) in NETWORKS.items():
        network, rows = built(name)
        params = sum(p.numel() for p in network.parameters())
        totals = {"params": params, "macs": sum(row[3] for row in rows)}
        found[name] = {"input": list(size), **totals, "layers": rows}
    return found


def fields(name: str) -> Iterator[tuple[str, int, int, int]]:
    """Kind, size, stride and start of every window and norm, by back-propagation."""
    source, outputs = copied(built(name)[0])
    for kind, output in outputs:
        if output.shape[2] == 1:
            continue
        middle = output.shape[2] // 2
        (first, last), (after, _) = (read(source, output, o) for o in (middle, middle + 1))
        yield kind, last - first + 1, after - first, first - middle * (after - first)


def receptive_fields() -> dict[str, Any]:
    return {
        name: list(fields(name))
        for name, (size, _) in NETWORKS.items()
        if len(size) > 1 and name not in UPSAMPLED
    }


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
