"""The shipped networks written a second time, as PyTorch modules, from their sources.

Activations, dropout and local response normalisation are left out: nothing here is counted of them.
Channels that come in are found by PyTorch (lazy modules).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import LazyBatchNorm2d as Norm
from torch.nn import LazyConv2d as Conv
from torch.nn import LazyLinear as Linear
from torch.nn import Sequential

Module = Any


class Concat(nn.ModuleList):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        return torch.cat([branch(x) for branch in self], dim=1)


class Add(nn.ModuleList):  # type: ignore[misc]
    def forward(self, x: Any) -> Any:
        first, *rest = (branch(x) for branch in self)
        return sum(rest, first)


class Head(nn.Module):  # type: ignore[misc]
    """Something beside the main path: run, and left there."""

    def __init__(self, *layers: Module) -> None:
        super().__init__()
        self.layers = Sequential(*layers)

    def forward(self, x: Any) -> Any:
        self.layers(x)
        return x


def pool(kernel: int, stride: int, padding: int = 0, ceil_mode: bool = False) -> Module:
    return nn.MaxPool2d(kernel, stride, padding, ceil_mode=ceil_mode)


def classifier(*units: int) -> list[Module]:
    return [nn.Flatten(), *(Linear(count) for count in units)]


def lenet5() -> Module:
    return Sequential(
        Conv(6, 5), nn.AvgPool2d(2), Conv(16, 5), nn.AvgPool2d(2), Conv(120, 5), *classifier(84, 10)
    )


def lenet1() -> Module:
    return Sequential(Conv(4, 5), nn.AvgPool2d(2), Conv(12, 5), nn.AvgPool2d(2), *classifier(10))


def mnist(*filters: int, pooled: bool = True) -> Module:
    stages = [
        layer
        for count in filters
        for layer in (Conv(count, 5, padding=2), *([nn.MaxPool2d(2)] if pooled else []))
    ]
    return Sequential(*stages, *classifier(100, 10))


def alexnet(groups: int) -> Module:
    """Also with pooling before normalisation: neither changes a size."""
    return Sequential(
        Conv(96, 11, stride=4), pool(3, 2), Conv(256, 5, padding=2, groups=groups), pool(3, 2),
        Conv(384, 3, padding=1), Conv(384, 3, padding=1, groups=groups),
        Conv(256, 3, padding=1, groups=groups), pool(3, 2), *classifier(4096, 4096, 1000),
    )  # fmt: skip


def alexnet_torchvision() -> Module:
    return Sequential(
        Conv(64, 11, stride=4, padding=2), pool(3, 2), Conv(192, 5, padding=2), pool(3, 2),
        Conv(384, 3, padding=1), Conv(256, 3, padding=1), Conv(256, 3, padding=1), pool(3, 2),
        nn.AdaptiveAvgPool2d(6), *classifier(4096, 4096, 1000),
    )  # fmt: skip


def zfnet(conv3: int, conv4: int, conv5: int) -> Module:
    return Sequential(
        Conv(96, 7, stride=2, padding=1), pool(3, 2, 1), Conv(256, 5, stride=2), pool(3, 2, 1),
        Conv(conv3, 3, padding=1), Conv(conv4, 3, padding=1), Conv(conv5, 3, padding=1), pool(3, 2),
        *classifier(4096, 4096, 1000),
    )  # fmt: skip


def vgg(kernels: list[list[int]], adaptive: bool = False) -> Module:
    layers: list[Module] = []
    for filters, stage in zip((64, 128, 256, 512, 512), kernels, strict=True):
        layers += [Conv(filters, kernel, padding=kernel // 2) for kernel in stage]
        layers.append(pool(2, 2))
    layers += [nn.AdaptiveAvgPool2d(7)] if adaptive else []
    return Sequential(*layers, *classifier(4096, 4096, 1000))


INCEPTIONS = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64), "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128), "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip


def inception(name: str, conv: Callable[..., Module], wide: int, ceil_mode: bool) -> Module:
    c1, r3, c3, r5, c5, project = INCEPTIONS[name]
    return Concat([
        conv(c1, 1),
        Sequential(conv(r3, 1), conv(c3, 3, padding=1)),
        Sequential(conv(r5, 1), conv(c5, wide, padding=wide // 2)),
        Sequential(pool(3, 1, 1, ceil_mode), conv(project, 1)),
    ])  # fmt: skip


def googlenet(heads: bool = False) -> Module:
    """Of the paper: convolutions with biases, ceil-mode poolings."""

    def stage(*names: str) -> list[Module]:
        return [inception(name, Conv, 5, ceil_mode=False) for name in names]

    def head() -> list[Module]:
        inside = (nn.AvgPool2d(5, 3), Conv(128, 1), *classifier(1024, 1000))
        return [Head(*inside)] if heads else []

    return Sequential(
        Conv(64, 7, stride=2, padding=3), pool(3, 2, 0, True), Conv(64, 1),
        Conv(192, 3, padding=1), pool(3, 2, 0, True), *stage("3a", "3b"), pool(3, 2, 0, True),
        *stage("4a"), *head(), *stage("4b", "4c", "4d"), *head(), *stage("4e"),
        pool(3, 2, 0, True), *stage("5a", "5b"), nn.AvgPool2d(7, 1), *classifier(1000),
    )  # fmt: skip


def normed(filters: int, kernel: int, **more: int) -> Module:
    return Sequential(Conv(filters, kernel, bias=False, **more), Norm())


def googlenet_torchvision() -> Module:
    def stage(*names: str) -> list[Module]:
        return [inception(name, normed, 3, ceil_mode=True) for name in names]

    return Sequential(
        normed(64, 7, stride=2, padding=3), pool(3, 2, 0, True), normed(64, 1),
        normed(192, 3, padding=1), pool(3, 2, 0, True), *stage("3a", "3b"), pool(3, 2, 0, True),
        *stage("4a", "4b", "4c", "4d", "4e"), pool(2, 2, 0, True), *stage("5a", "5b"),
        nn.AdaptiveAvgPool2d(1), *classifier(1000),
    )  # fmt: skip


def basic(width: int, stride: int, project: bool) -> Module:
    residual = Sequential(normed(width, 3, stride=stride, padding=1), normed(width, 3, padding=1))
    return Add([residual, normed(width, 1, stride=stride) if project else nn.Identity()])


def bottleneck(first: bool) -> Callable[[int, int, bool], Module]:
    """The stride in the first 1x1 convolution (the paper) or in the 3x3 one (torchvision)."""

    def block(width: int, stride: int, project: bool) -> Module:
        outer, inner = (stride, 1) if first else (1, stride)
        residual = Sequential(
            normed(width, 1, stride=outer),
            normed(width, 3, stride=inner, padding=1),
            normed(4 * width, 1),
        )
        return Add([residual, normed(4 * width, 1, stride=stride) if project else nn.Identity()])

    return block


def resnet(block: Callable[[int, int, bool], Module], counts: list[int], wide: bool) -> Module:
    layers = [normed(64, 7, stride=2, padding=3), pool(3, 2, 1)]
    for number, count in enumerate(counts):
        for copy in range(count):
            stride = 2 if number and not copy else 1
            layers.append(block(64 * 2**number, stride, not copy and (wide or number > 0)))
    return Sequential(*layers, nn.AdaptiveAvgPool2d(1), *classifier(1000))


def deep(depth: int, first: bool) -> Module:
    counts = {50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}[depth]
    return resnet(bottleneck(first), counts, wide=True)


def separable(filters: int, channels: int) -> Module:
    return Sequential(Conv(channels, 3, padding=1, groups=channels, bias=False), normed(filters, 1))


def xception() -> Module:
    def down(channels: int, middle: int, filters: int) -> Module:
        residual = Sequential(
            separable(middle, channels), separable(filters, middle), pool(3, 2, 1)
        )
        return Add([residual, normed(filters, 1, stride=2)])

    def middle() -> Module:
        return Add([Sequential(*(separable(728, 728) for _ in range(3))), nn.Identity()])

    return Sequential(
        normed(32, 3, stride=2), normed(64, 3), down(64, 128, 128), down(128, 256, 256),
        down(256, 728, 728), *(middle() for _ in range(8)), down(728, 728, 1024),
        separable(1536, 1024), separable(2048, 1536), nn.AdaptiveAvgPool2d(1), *classifier(1000),
    )  # fmt: skip


A, B, C = [[3], [3], [3, 3], [3, 3], [3, 3]], [[3, 3]] * 5, [[3, 3]] * 2 + [[3, 3, 1]] * 3
D, E = [[3, 3]] * 2 + [[3, 3, 3]] * 3, [[3, 3]] * 2 + [[3, 3, 3, 3]] * 3
IMAGE = (3, 224, 224)

Definition = tuple[tuple[int, ...], Callable[[], Module]]

NETWORKS: dict[str, Definition] = {
    "lenet300": ((784,), lambda: Sequential(Linear(300), Linear(100), Linear(10))),
    "lenet1": ((1, 28, 28), lenet1),
    "lenet5-modern": ((1, 32, 32), lenet5),
    "mnist-conv6": ((1, 28, 28), lambda: mnist(6, pooled=False)),
    "mnist-conv6-pool": ((1, 28, 28), lambda: mnist(6)),
    "mnist-conv6-conv16": ((1, 28, 28), lambda: mnist(6, 16)),
    "alexnet": ((3, 227, 227), lambda: alexnet(groups=2)),
    "alexnet-single": ((3, 227, 227), lambda: alexnet(groups=1)),
    "alexnet-torchvision": (IMAGE, alexnet_torchvision),
    "zfnet": (IMAGE, lambda: zfnet(384, 384, 256)),
    "zfnet-wide": (IMAGE, lambda: zfnet(512, 1024, 512)),
    "vgg11": (IMAGE, lambda: vgg(A)),
    "vgg13": (IMAGE, lambda: vgg(B)),
    "vgg16-c": (IMAGE, lambda: vgg(C)),
    "vgg16": (IMAGE, lambda: vgg(D)),
    "vgg19": (IMAGE, lambda: vgg(E)),
    "vgg16-torchvision": (IMAGE, lambda: vgg(D, adaptive=True)),
    "googlenet": (IMAGE, googlenet),
    "googlenet-aux": (IMAGE, lambda: googlenet(heads=True)),
    "googlenet-torchvision": (IMAGE, googlenet_torchvision),
    "resnet18": (IMAGE, lambda: resnet(basic, [2, 2, 2, 2], wide=False)),
    "resnet34": (IMAGE, lambda: resnet(basic, [3, 4, 6, 3], wide=False)),
    **{
        f"resnet{depth}{suffix}": (IMAGE, partial(deep, depth, first=not suffix))
        for suffix in ("", "-torchvision")
        for depth in (50, 101, 152)
    },
    "xception": ((3, 299, 299), xception),
}  # fmt: skip
