"""The shipped architectures: their totals, and what tells variants of one network apart."""

from __future__ import annotations

from collections import Counter

import pytest

import archcalc
from archcalc import Analysis
from archcalc.api import builtin_names

STAGES = ((3, 256), (4, 512), (6, 1024), (3, 2048))
PARAMS = {
    "lenet300": 300 * 785 + 100 * 301 + 10 * 101,
    "lenet1": 4 * 26 + 12 * (4 * 25 + 1) + 10 * (12 * 16 + 1),
    "lenet5": 60_000,
    "lenet5-modern": 61_706,
    "mnist-conv6": 6 * 26 + 100 * (6 * 28 * 28 + 1) + 10 * 101,
    "mnist-conv6-pool": 6 * 26 + 100 * (6 * 14 * 14 + 1) + 10 * 101,
    "mnist-conv6-conv16": 6 * 26 + 16 * (6 * 25 + 1) + 100 * (16 * 7 * 7 + 1) + 10 * 101,
    "alexnet": 60_965_224,
    "alexnet-single": 62_378_344,
    "alexnet-torchvision": 61_100_840,
    "zfnet": 62_357_608,
    "zfnet-wide": 107_627_624,
    "vgg11": 132_863_336,
    "vgg11-lrn": 132_863_336,
    "vgg13": 133_047_848,
    "vgg16-c": 133_638_952,
    "vgg16": 138_357_544,
    "vgg16-torchvision": 138_357_544,
    "vgg19": 143_667_240,
    "googlenet": 6_998_552,
    "googlenet-aux": 13_378_280,
    "googlenet-torchvision": 6_624_904,
    "resnet18": 11_689_512,
    "resnet34": 21_797_672,
    "resnet50": 25_557_032,
    "resnet50-torchvision": 25_557_032,
    "resnet101": 44_549_160,
    "resnet101-torchvision": 44_549_160,
    "resnet152": 60_192_808,
    "resnet152-torchvision": 60_192_808,
    "xception": 22_855_952,
    "mobilenet-v1": 4_231_976,
    "mobilenet-v2": 3_504_872,
    "mobilenet-v3-large": 5_483_032,
    "densenet121": 7_978_856,
    "squeezenet": 1_248_424,
    "shufflenet-v2": 2_278_604,
    "efficientnet-b0": 5_288_548,
    "inception-v3": 23_834_568,
    "resnext50": 25_028_904,
    "seresnet50": 25_557_032 + sum(n * (c * c // 8 + c + c // 16) for n, c in STAGES),
    "convnext-tiny": 28_589_128,
    "deeplabv3-resnet50": 39_638_869,
    "ssd300": 35_641_826,
    "retinanet-resnet50-fpn": 34_068_119,
    "unet": 31_030_658,
    "yolov3": 61_949_149,
    "vit-b16": 86_567_656,
    "swin-t": 28_288_354,
    "mlp-mixer-b16": 59_880_472,
}
MACS = {
    "resnet50": 3_857_973_248,
    "resnet101": 7_570_194_432,
    "resnet152": 11_282_415_616,
    "resnet50-torchvision": 4_089_184_256,
    "resnet101-torchvision": 7_801_405_440,
    "resnet152-torchvision": 11_513_626_624,
    "mobilenet-v1": 568_740_352,
    "mobilenet-v2": 300_774_272,
    "mobilenet-v3-large": 216_589_760,
    "densenet121": 2_834_161_664,
    "squeezenet": 832_667_936,
    "shufflenet-v2": 144_907_992,
    "efficientnet-b0": 385_814_752,
    "inception-v3": 5_713_216_096,
    "resnext50": 4_230_479_872,
    "convnext-tiny": 4_455_531_264,
    "deeplabv3-resnet50": 168_652_962_240,
    "ssd300": 34_858_153_472,
    "retinanet-resnet50-fpn": 21_353_201_664 + 4_157_603_840 + 36_492_521_472,
    "unet": 150_428_424_448,
    "yolov3": 32_932_037_632,
    "vit-b16": 17_563_828_224,
    "swin-t": 4_490_566_656,
}


def network(name: str) -> Analysis:
    return archcalc.analyze(archcalc.load(name))


@pytest.mark.parametrize("name", PARAMS)
def test_totals(name: str) -> None:
    totals = network(name).totals
    assert totals.params == PARAMS[name]
    assert totals.macs == MACS.get(name, totals.macs)


@pytest.mark.parametrize(("name", "macs"), [("vit-b16", 715_327_488), ("swin-t", 140_141_568)])
def test_products_of_activations(name: str, macs: int) -> None:
    totals = network(name).totals
    assert totals.macs_of_activations == macs
    assert totals.macs_of_weights == totals.macs - macs


def test_the_bias_tables_of_swin() -> None:
    """13 x 13 for each of 3, 6, 12 and 24 heads, in 2, 2, 6 and 2 blocks."""
    tables = [row.weights for row in network("swin-t").layers if row.type == "attention"]
    assert sum(tables) == 169 * (2 * 3 + 2 * 6 + 6 * 12 + 2 * 24) == 23_322


@pytest.mark.parametrize("name", builtin_names())
def test_every_file_says_what_it_is_and_where_it_is_from(name: str) -> None:
    architecture = archcalc.load(name)
    assert architecture.name
    assert architecture.description
    assert "\n" not in architecture.description
    assert architecture.reference


def test_auxiliary_heads_are_outputs() -> None:
    plain, heads = network("googlenet"), network("googlenet-aux")
    assert [str(volume) for _, volume in heads.outputs] == ["1000", "1000", "1000"]
    assert heads.totals.depth == plain.totals.depth == 22
    names = {row.name for row in plain.layers}
    beside = [row for row in heads.layers if row.name not in names]
    assert Counter(row.name.split(".")[0] for row in beside) == {"loss1": 6, "loss2": 6}
    added = 128 * (512 + 1) + 128 * (528 + 1)
    added += 2 * (1024 * (4 * 4 * 128 + 1) + 1000 * (1024 + 1))
    assert heads.totals.params - plain.totals.params == added


def test_normalisation_adds_a_layer_and_no_parameters() -> None:
    plain, normed = network("vgg11"), network("vgg11-lrn")
    assert [row.type for row in normed.layers if row.type == "lrn"] == ["lrn"]
    assert normed.totals.layers == plain.totals.layers + 1
    assert normed.totals.macs == plain.totals.macs


def test_where_resnets_stride() -> None:
    """The paper in the first 1x1 convolution of a stage, torchvision in the 3x3 one."""

    def strided(name: str) -> set[str]:
        return {
            row.name.rsplit(".", 1)[-1]
            for row in network(name).layers
            if ".residual." in row.name and row.type == "conv" and row.geometry["stride"] == [2, 2]
        }

    assert strided("resnet50") == {"conv1"}
    assert strided("resnet50-torchvision") == {"conv2"}


@pytest.mark.parametrize("size", ["160x160x3", "299x299x3"])
def test_adaptive_pooling_takes_other_inputs(size: str) -> None:
    architecture = archcalc.load("vgg16-torchvision")
    assert archcalc.analyze(architecture, input=size).totals.params == PARAMS["vgg16"]


def test_dilation_keeps_the_map_at_an_eighth_of_any_input() -> None:
    analysis = archcalc.analyze(archcalc.load("deeplabv3-resnet50"), input="321x321x3")
    rows = {row.name: row for row in analysis.layers}
    assert str(rows["layer4.2.sum"].output) == "41x41x2048"
    assert str(rows["aspp.scales.image.upsample"].output) == "41x41x256"
    assert [str(volume) for _, volume in analysis.outputs] == ["321x321x21"]


def test_unet_cuts_the_border_off_what_it_joins() -> None:
    rows = {row.name: row for row in network("unet").layers}
    assert str(rows["down4.double.conv2"].output) == "28x28x1024"
    assert str(rows["up3.crop"].output) == str(rows["up3.upconv"].output) == "56x56x512"
    assert str(rows["classes"].output) == "388x388x2"


def test_ssd_has_8732_default_boxes() -> None:
    """Liu et al. 2016, section 3: four numbers for each."""
    boxes = [volume for name, volume in network("ssd300").outputs if name.endswith(".boxes")]
    assert sum(volume.elements for volume in boxes) == 4 * 8732


def test_retinanet_has_one_head_for_five_maps() -> None:
    rows = network("retinanet-resnet50-fpn").layers
    heads = {
        f"head{level}": [row for row in rows if row.name.startswith(f"head{level}.")]
        for level in range(3, 8)
    }
    params = {name: sum(row.params for row in found) for name, found in heads.items()}
    assert params == {"head3": 6_691_415, "head4": 0, "head5": 0, "head6": 0, "head7": 0}
    assert sum(row.macs for found in heads.values() for row in found) == 36_492_521_472
