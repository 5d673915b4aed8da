"""The verdict of every figure that a shipped architecture has from a paper or a lecture."""

from __future__ import annotations

import pytest

import archcalc
from archcalc.analysis.published import Verdict, verdicts
from archcalc.api import builtin_names
from archcalc.views.verdicts import printed

IMAGE, HALF = 224 * 224, 112 * 112
FIRST_LAYER = 7 * 7 * 3 * 64

COUNTS = {
    "alexnet": 5, "alexnet-single": 13 + 3, "googlenet": 17 + 2 * 12 + 3, "googlenet-aux": 3,
    "lenet300": 8, "lenet5": 13, "lenet5-modern": 1, "mnist-conv6": 10, "mnist-conv6-conv16": 5,
    "mnist-conv6-pool": 5, "resnet101": 5, "resnet152": 6, "resnet18": 2, "resnet34": 2,
    "resnet50": 6, "vgg11": 1, "vgg11-lrn": 1, "vgg13": 1, "vgg16": 2 + 3 * 21 + 8, "vgg16-c": 1,
    "vgg19": 4, "xception": 1, "mobilenet-v1": 15, "mobilenet-v2": 9, "mobilenet-v3-large": 2,
    "densenet121": 3, "deeplabv3-resnet50": 1,
    "squeezenet": 11, "shufflenet-v2": 2, "efficientnet-b0": 2, "inception-v3": 2, "resnext50": 3,
    "seresnet50": 2, "convnext-tiny": 2, "unet": 1, "yolov3": 3,
    "vit-b16": 3, "swin-t": 4, "mlp-mixer-b16": 1,
}  # fmt: skip


def inception(inputs: int, c1: int, r3: int, c3: int, r5: int, c5: int, pool: int) -> int:
    """Weights and biases of an Inception module."""
    weights = inputs * (c1 + r3 + r5 + pool) + 9 * r3 * c3 + 25 * r5 * c5
    return weights + c1 + r3 + c3 + r5 + c5 + pool


VGG16_ELEMENTS = (
    IMAGE * 3
    + 2 * IMAGE * 64 + HALF * 64
    + 2 * HALF * 128 + 56 * 56 * 128
    + 3 * 56 * 56 * 256 + 28 * 28 * 256
    + 3 * 28 * 28 * 512 + 14 * 14 * 512
    + 3 * 14 * 14 * 512 + 7 * 7 * 512
    + 4096 + 4096 + 1000
)  # fmt: skip
CONV6_FC1 = 100 * 6 * 28 * 28
LENET300 = (300 * (784 + 1), 100 * (300 + 1), 10 * (100 + 1))
ALEXNET_ELEMENTS = (
    227 * 227 * 3
    + 2 * 55 * 55 * 96 + 27 * 27 * 96
    + 2 * 27 * 27 * 256 + 13 * 13 * 256
    + 2 * 13 * 13 * 384 + 13 * 13 * 256 + 6 * 6 * 256
    + 4096 + 4096 + 1000
)  # fmt: skip
LENET5_MODERN = 156 + 16 * (5 * 5 * 6 + 1) + 120 * (5 * 5 * 16 + 1) + 84 * (120 + 1) + 10 * (84 + 1)

DIFFERING = {
    "alexnet": {("network", "activation_bytes", "3MB"): 4 * ALEXNET_ELEMENTS},
    "googlenet": {
        ("conv1", "params", "2.7K"): FIRST_LAYER + 64,
        ("conv1", "macs", "34M"): FIRST_LAYER * HALF,
        ("inception4a", "params", "364K"): inception(480, 192, 96, 208, 16, 48, 64),
        ("inception4c", "params", "463K"): inception(512, 128, 128, 256, 24, 64, 64),
        ("inception4d", "params", "580K"): inception(512, 112, 144, 288, 32, 64, 64),
        ("inception4e", "params", "840K"): inception(528, 256, 160, 320, 32, 128, 128),
        ("inception5a", "params", "1072K"): inception(832, 256, 160, 320, 32, 128, 128),
        ("inception5a", "macs", "54M"): 7 * 7 * 1_042_432,
        ("inception5b", "params", "1388K"): inception(832, 384, 192, 384, 48, 128, 128),
        ("network", "params", "5M"): 6_998_552,
    },
    "lenet300": {
        ("fc1", "weights", "230k"): 300 * 784,
        ("network", "params", "260k"): sum(LENET300),
    },
    "lenet5-modern": {("network", "params", "60k"): LENET5_MODERN},
    "mnist-conv6": {
        ("conv1", "params", "60"): 6 * (5 * 5 + 1),
        ("fc1", "weights", "400k"): CONV6_FC1,
        ("network", "params", "400k"): 156 + CONV6_FC1 + 100 + 10 * (100 + 1),
        ("conv1", "macs", "86k"): 6 * 5 * 5 * 28 * 28,
        ("fc1", "macs", "400k"): CONV6_FC1,
        ("network", "macs", "486k"): 6 * 5 * 5 * 28 * 28 + CONV6_FC1 + 10 * 100,
    },
    "mnist-conv6-pool": {
        ("network", "params", "160k"): 156 + 100 * (6 * 14 * 14 + 1) + 10 * (100 + 1)
    },
    "mnist-conv6-conv16": {("conv2", "params", "2496"): 16 * (5 * 5 * 6 + 1)},
    "inception-v3": {("network", "depth", "42"): 5 + 3 * 3 + 3 + 4 * 5 + 4 + 2 * 3 + 1},
    # Of the widths 1.4 (the paper's, and Keras's), 0.5 and 1 (Keras's are without normalisation).
    "mobilenet-v2": {
        ("network", "params", "6.9M"): 6_108_776,
        ("network", "params", "6.06M"): 6_060_840 + 47_936,
        ("network", "params", "1.95M"): 1_950_136 + 18_544,
        ("network", "params", "3.47M"): 3_470_760 + 34_112,
    },
    # Printed with the auxiliary head of training.
    "deeplabv3-resnet50": {
        ("network", "params", "42004074"): 42_004_074 - (9 * 1024 * 256 + 2 * 256 + 21 * (256 + 1))
    },
    "mobilenet-v3-large": {("network", "macs", "219M"): 216_589_760},
    "shufflenet-v2": {("network", "macs", "146M"): 143_883_992 + 1024 * 1000},
    "resnet152": {("network", "depth", "151"): 1 + 3 * (3 + 8 + 36 + 3) + 1},
    "vgg16": {
        ("network", "activation_elements", "24M"): VGG16_ELEMENTS,
        ("network", "activation_bytes", "93MB"): 4 * VGG16_ELEMENTS,
    },
}


def found(name: str) -> list[Verdict]:
    return verdicts(archcalc.analyze(archcalc.load(name)))


@pytest.mark.parametrize("name", builtin_names())
def test_every_figure_has_the_expected_verdict(name: str) -> None:
    verdicts = found(name)
    differing = {
        (verdict.claim.at or "network", verdict.claim.quantity, printed(verdict)): verdict.computed
        for verdict in verdicts
        if not verdict.agrees
    }
    assert differing == DIFFERING.get(name, {})
    assert len(verdicts) == COUNTS.get(name, 0)


@pytest.mark.parametrize("name", DIFFERING)
def test_every_difference_has_a_note(name: str) -> None:
    for verdict in found(name):
        assert verdict.claim.note or verdict.agrees, verdict.claim


def test_a_figure_for_another_input_is_computed_for_it() -> None:
    (verdict,) = (verdict for verdict in found("googlenet") if verdict.claim.input)
    assert str(verdict.claim.input) == "227x227x3"
    assert verdict.computed == 1_599_884_032
