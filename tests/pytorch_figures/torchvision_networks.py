"""The shipped networks that torchvision has, as its own modules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torchvision
from torch import nn

Module = Any


class Feature(nn.Module):  # type: ignore[misc]
    """One of the outputs of a network that has several."""

    def __init__(self, network: Module, name: str) -> None:
        super().__init__()
        self.network = network
        self.name = name

    def forward(self, x: Any) -> Any:
        return self.network(x)[self.name]


class Detector(nn.Module):  # type: ignore[misc]
    """The features and the heads, without what happens to images and boxes."""

    def __init__(self, network: Module) -> None:
        super().__init__()
        self.backbone = network.backbone
        self.classes = network.head.classification_head
        self.boxes = network.head.regression_head

    def forward(self, x: Any) -> Any:
        maps = list(self.backbone(x).values())
        for number, features in enumerate(maps):
            if hasattr(self.classes, "module_list"):  # SSD: a convolution per map
                self.classes.module_list[number](features)
                self.boxes.module_list[number](features)
            else:  # RetinaNet: the same for all maps
                self.classes.cls_logits(self.classes.conv(features))
                self.boxes.bbox_reg(self.boxes.conv(features))


def classifier(name: str, **more: Any) -> Module:
    return getattr(torchvision.models, name)(weights=None, **more)


def deeplabv3() -> Module:
    whole = torchvision.models.segmentation.deeplabv3_resnet50
    network = whole(weights=None, weights_backbone=None, num_classes=21, aux_loss=False)
    return Feature(network, "out")


def detector(name: str) -> Module:
    whole = getattr(torchvision.models.detection, name)
    return Detector(whole(weights=None, weights_backbone=None, num_classes=91))


IMAGE = (3, 224, 224)

NETWORKS: dict[str, tuple[tuple[int, ...], Callable[[], Module]]] = {
    "mobilenet-v2": (IMAGE, partial(classifier, "mobilenet_v2")),
    "mobilenet-v3-large": (IMAGE, partial(classifier, "mobilenet_v3_large")),
    "densenet121": (IMAGE, partial(classifier, "densenet121")),
    "squeezenet": ((3, 227, 227), partial(classifier, "squeezenet1_0")),
    "shufflenet-v2": (IMAGE, partial(classifier, "shufflenet_v2_x1_0")),
    "efficientnet-b0": (IMAGE, partial(classifier, "efficientnet_b0")),
    "inception-v3": (
        (3, 299, 299),
        partial(classifier, "inception_v3", aux_logits=False, init_weights=False),
    ),
    "resnext50": (IMAGE, partial(classifier, "resnext50_32x4d")),
    "convnext-tiny": (IMAGE, partial(classifier, "convnext_tiny")),
    "deeplabv3-resnet50": ((3, 513, 513), deeplabv3),
    "ssd300": ((3, 300, 300), partial(detector, "ssd300_vgg16")),
    "retinanet-resnet50-fpn": ((3, 512, 512), partial(detector, "retinanet_resnet50_fpn")),
}
