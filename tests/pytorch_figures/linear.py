"""Positive linear copies of networks on one axis: what their gradients reach, an output reads.

A map is 1 x channels x length x 1. Every window has weights of 1 and one output channel, and
norms, activations and what multiplies by a vector are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import torch
from definitions import Add, Concat  # type: ignore[import-not-found]  # these two are beside it
from modern import SqueezeExcite  # type: ignore[import-not-found]
from torch import nn
from torch.nn import functional as F
from torchvision.models.segmentation.deeplabv3 import ASPPPooling
from torchvision.ops import SqueezeExcitation

LENGTH = 8192
Outputs = list[tuple[str, Any]]


class Window(nn.Module):  # type: ignore[misc]
    """A convolution or pooling along the height, of all channels into one."""

    def __init__(self, kind: str, module: Any, outputs: Outputs) -> None:
        super().__init__()
        self.kind = kind
        self.outputs = outputs
        self.kernel, self.stride, self.padding, self.dilation = (
            n if isinstance(n, int) else n[0]
            for n in (
                module.kernel_size,
                module.stride,
                module.padding,
                getattr(module, "dilation", 1),
            )
        )

    def forward(self, x: Any) -> Any:
        if x is None:
            return None
        ones = torch.ones(1, 1, self.kernel, 1, dtype=torch.float64)
        windows = {"stride": (self.stride, 1), "padding": (self.padding, 0)}
        x = F.conv2d(x.sum(1, keepdim=True), ones, dilation=(self.dilation, 1), **windows)
        self.outputs.append((self.kind, x))
        return x


class Same(nn.Module):  # type: ignore[misc]
    """What reads its own position alone, also where channels come last."""

    def __init__(self, kind: str, outputs: Outputs) -> None:
        super().__init__()
        self.kind = kind
        self.outputs = outputs

    def forward(self, x: Any) -> Any:
        channels_last = x.shape[2] == 1 < x.shape[1]
        self.outputs.append((self.kind, x.movedim(3, 1) if channels_last else x))
        return x


class End(Same):
    """A linear layer: everything after it sees the whole input, unless it is one per position."""

    def forward(self, x: Any) -> Any:
        return super().forward(x) if x is not None and x.dim() == 4 else None


class Nothing(nn.Module):  # type: ignore[misc]
    """A branch that reads everything, and so says nothing about positions."""

    def forward(self, x: Any) -> Any:
        return x * 0


class Sum(nn.ModuleList):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        first, *rest = (branch(x) for branch in self)
        return sum(rest, first)


def copy(module: Any, outputs: Outputs) -> Any:
    if isinstance(module, Add | Concat):
        return Sum([copy(branch, outputs) for branch in module])
    if isinstance(module, SqueezeExcite | SqueezeExcitation):
        return nn.Identity()
    if isinstance(module, ASPPPooling):
        return Nothing()
    if isinstance(module, nn.Conv2d):
        return Window("conv", module, outputs)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return Window("pool", module, outputs)
    if isinstance(module, nn.BatchNorm2d):
        return Same("batchnorm", outputs)
    if isinstance(module, nn.LayerNorm):
        return Same("layernorm", outputs)
    if isinstance(module, nn.Linear):
        return End("conv", outputs)
    for name, parameter in list(module.named_parameters(recurse=False)):
        ones = torch.ones([1] * parameter.dim(), dtype=torch.float64)
        setattr(module, name, nn.Parameter(ones))
    for name, child in list(module.named_children()):
        setattr(module, name, copy(child, outputs))
    moves = isinstance(module, nn.Flatten | nn.AdaptiveAvgPool2d) or "Permute" in str(type(module))
    return module if moves or list(module.children()) else nn.Identity()


def copied(network: Any) -> tuple[Any, Outputs]:
    """The input of a network's copy, and the outputs of every window and norm."""
    outputs: Outputs = []

    def pooled(x: Any, kernel_size: int, stride: int, padding: int = 0) -> Any:
        return Window("pool", nn.AvgPool2d(kernel_size, stride, padding), outputs)(x)

    unchanged: Callable[[Any], Any] = lambda x: x  # noqa: E731
    linear = copy(network, outputs)
    source = torch.ones(1, 1, LENGTH, 1, dtype=torch.float64, requires_grad=True)
    with (
        patch.object(F, "max_pool2d", pooled),
        patch.object(F, "avg_pool2d", pooled),
        patch.object(F, "normalize", unchanged),
    ):
        linear(source)
    return source, outputs


def read(source: Any, output: Any, position: int) -> tuple[int, int]:
    """The first and last row of the input that an output reads."""
    (gradient,) = torch.autograd.grad(output[0, :, position].sum(), source, retain_graph=True)
    places = gradient[0, 0, :, 0].nonzero().flatten()
    return int(places[0]), int(places[-1])
