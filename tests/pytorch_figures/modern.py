"""More of the shipped networks written a second time: those that torchvision has not.

Activations are left out, as in `definitions.py`, and so is what else is not counted here.
"""

from __future__ import annotations

from typing import Any

import torch
from definitions import (  # type: ignore[import-not-found]  # beside it
    IMAGE,
    Add,
    Definition,
    Module,
    classifier,
    normed,
    resnet,
)
from torch import nn
from torch.nn import LazyConv2d as Conv
from torch.nn import Sequential


class SqueezeExcite(nn.Module):  # type: ignore[misc]
    def __init__(self, channels: int, filters: int) -> None:
        super().__init__()
        self.gate = Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(channels, filters, 1),
            nn.Conv2d(filters, channels, 1),
        )

    def forward(self, x: Any) -> Any:
        return x * self.gate(x)


def mobilenet_v1() -> Module:
    def separable(channels: int, filters: int, stride: int) -> Module:
        depthwise = normed(channels, 3, stride=stride, padding=1, groups=channels)
        return Sequential(depthwise, normed(filters, 1))

    layers = [normed(32, 3, stride=2, padding=1), separable(32, 64, 1)]
    channels = 64
    for filters, count in ((128, 2), (256, 2), (512, 6), (1024, 2)):
        for stride in (2, *[1] * (count - 1)):
            layers.append(separable(channels, filters, stride))
            channels = filters
    return Sequential(*layers, nn.AdaptiveAvgPool2d(1), *classifier(1000))


def seresnet50() -> Module:
    def bottleneck(width: int, stride: int, project: bool) -> Module:
        residual = Sequential(
            normed(width, 1, stride=stride),
            normed(width, 3, padding=1),
            normed(4 * width, 1),
            SqueezeExcite(4 * width, 4 * width // 16),
        )
        return Add([residual, normed(4 * width, 1, stride=stride) if project else nn.Identity()])

    return resnet(bottleneck, [3, 4, 6, 3], wide=True)


class UNet(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        widths = (64, 128, 256, 512, 1024)
        self.down = nn.ModuleList([self.double(width) for width in widths])
        self.pool = nn.MaxPool2d(2)
        self.halve = nn.ModuleList(
            [nn.LazyConvTranspose2d(width, 2, stride=2) for width in widths[-2::-1]]
        )
        self.up = nn.ModuleList([self.double(width) for width in widths[-2::-1]])
        self.classes = Conv(2, 1)

    def double(self, width: int) -> Module:
        return Sequential(Conv(width, 3), Conv(width, 3))

    def forward(self, x: Any) -> Any:
        skips = []
        for level, double in enumerate(self.down):
            x = double(self.pool(x) if level else x)
            skips.append(x)
        for halve, double, skip in zip(self.halve, self.up, skips[-2::-1], strict=True):
            x = halve(x)
            cut = (skip.shape[2] - x.shape[2]) // 2
            x = double(
                torch.cat([skip[:, :, cut : cut + x.shape[2], cut : cut + x.shape[3]], x], 1)
            )
        return self.classes(x)


class YOLOv3(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()

        def stage(width: int, count: int) -> Module:
            blocks = [
                Add([Sequential(normed(width // 2, 1), normed(width, 3, padding=1)), nn.Identity()])
                for _ in range(count)
            ]
            return Sequential(normed(width, 3, stride=2, padding=1), *blocks)

        def neck(width: int) -> Module:
            one, three = (width, 1), (2 * width, 3)
            return Sequential(
                *(normed(w, k, padding=k // 2) for w, k in (one, three, one, three, one))
            )

        first = normed(32, 3, padding=1)
        self.to_stage3 = Sequential(first, stage(64, 1), stage(128, 2), stage(256, 8))
        self.stage4, self.stage5 = stage(512, 8), stage(1024, 4)
        widths = (512, 256, 128)
        self.necks = nn.ModuleList([neck(width) for width in widths])
        self.heads = nn.ModuleList(
            [Sequential(normed(2 * width, 3, padding=1), Conv(255, 1)) for width in widths]
        )
        self.halve = nn.ModuleList([normed(width // 2, 1) for width in widths[:-1]])
        self.upsample = nn.Upsample(scale_factor=2)

    def forward(self, x: Any) -> Any:
        fine = self.to_stage3(x)
        middle = self.stage4(fine)
        x = self.necks[0](self.stage5(middle))
        outputs = [self.heads[0](x)]
        for number, skip in enumerate((middle, fine)):
            x = torch.cat([self.upsample(self.halve[number](x)), skip], dim=1)
            x = self.necks[number + 1](x)
            outputs.append(self.heads[number + 1](x))
        return outputs


NETWORKS: dict[str, Definition] = {
    "mobilenet-v1": (IMAGE, mobilenet_v1),
    "seresnet50": (IMAGE, seresnet50),
    "unet": ((1, 572, 572), UNet),
    "yolov3": ((3, 416, 416), YOLOv3),
}
