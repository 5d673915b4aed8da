"""Families of networks from one file each: what `--set` and `--input` make of it."""

from __future__ import annotations

from typing import Any

import pytest

import archcalc
from archcalc.analysis.analysis import Totals


def totals(name: str, input: str | None = None, **variables: Any) -> Totals:
    return archcalc.analyze(archcalc.load(name), input=input, variables=variables).totals


# Howard et al. 2017, tables 6 and 7: millions of multiply-adds, millions of parameters.
MOBILENET_V1 = [
    (1, 224, 569, "4.2"), (0.75, 224, 325, "2.6"), (0.5, 224, 149, "1.3"), (0.25, 224, 41, "0.5"),
    (1, 192, 418, "4.2"), (1, 160, 290, "4.2"), (1, 128, 186, "4.2"),
]  # fmt: skip


@pytest.mark.parametrize(("width", "size", "macs", "params"), MOBILENET_V1)
def test_mobilenet_v1_is_the_papers_tables(width: float, size: int, macs: int, params: str) -> None:
    found = totals("mobilenet-v1", f"{size}x{size}x3", width=width)
    assert abs(found.macs - macs * 10**6) < 10**6
    assert abs(found.params - float(params) * 10**6) < 10**5


# What torchvision 0.29.1 and FlopCounterMode say of its own networks.
TORCHVISION: list[tuple[str, int, dict[str, Any], int, int]] = [
    ("mobilenet-v2", 224, {"width": 1.4}, 6_108_776, 582_195_824),
    ("mobilenet-v2", 224, {"width": 0.75}, 2_636_424, 209_069_792),
    ("mobilenet-v2", 224, {"width": 0.5}, 1_968_680, 97_131_840),
    ("mobilenet-v2", 224, {"width": 0.35}, 1_677_128, 59_285_808),
    ("mobilenet-v2", 224, {"width": 0.1}, 1_367_080, 26_659_648),
    ("mobilenet-v3-large", 224, {"width": 0.75}, 3_377_576, 140_033_816),
    ("mobilenet-v3-large", 224, {"width": 1.25}, 8_164_744, 343_461_000),
    ("densenet121", 224, {"layers": [6, 12, 32, 32]}, 14_149_480, 3_359_843_328),
    ("densenet121", 224, {"layers": [6, 12, 48, 32]}, 20_013_928, 4_291_365_888),
    ("densenet121", 224, {"growth": 48, "layers": [6, 12, 36, 24]}, 28_681_000, 7_727_907_072),
    ("shufflenet-v2", 224, {"widths": [48, 96, 192]}, 1_366_792, 40_476_448),
    ("shufflenet-v2", 224, {"widths": [176, 352, 704]}, 3_503_624, 295_759_392),
    ("shufflenet-v2", 224, {"widths": [244, 488, 976], "last": 2048}, 7_393_996, 583_253_464),
    ("resnext50", 224, {"base": 8, "blocks": [3, 4, 23, 3]}, 88_791_336, 16_414_015_488),
    ("convnext-tiny", 224, {"blocks": [3, 3, 27, 3]}, 50_223_688, 8_683_712_256),
    ("convnext-tiny", 224, {"width": 128, "blocks": [3, 3, 27, 3]}, 88_591_464, 15_354_729_472),
    ("convnext-tiny", 224, {"width": 192, "blocks": [3, 3, 27, 3]}, 197_767_336, 34_361_433_600),
    ("efficientnet-b0", 240, {"depth": 1.1}, 7_794_184, 686_802_832),
    ("efficientnet-b0", 260, {"width": 1.1, "depth": 1.2}, 9_109_994, 993_561_872),
    ("efficientnet-b0", 300, {"width": 1.2, "depth": 1.4}, 12_233_232, 1_827_141_392),
    ("efficientnet-b0", 380, {"width": 1.4, "depth": 1.8}, 19_341_616, 4_393_771_024),
    ("efficientnet-b0", 456, {"width": 1.6, "depth": 2.2}, 30_389_784, 10_266_384_752),
    ("efficientnet-b0", 528, {"width": 1.8, "depth": 2.6}, 43_040_704, 19_067_593_536),
    ("efficientnet-b0", 600, {"width": 2, "depth": 3.1}, 66_347_960, 37_745_884_192),
]


@pytest.mark.parametrize(("name", "size", "variables", "params", "macs"), TORCHVISION)
def test_torchvision_scales_alike(
    name: str, size: int, variables: dict[str, Any], params: int, macs: int
) -> None:
    found = totals(name, f"{size}x{size}x3", **variables)
    assert (found.params, found.macs) == (params, macs)


@pytest.mark.parametrize(
    ("reduction", "params"), [(2, 45.7), (4, 35.7), (8, 30.7), (16, 28.1), (32, 26.9)]
)
def test_squeeze_and_excitation_is_the_papers_table(reduction: int, params: float) -> None:
    """Hu et al. 2017, table 10, in millions."""
    found = totals("seresnet50", reduction=reduction)
    assert abs(found.params - params * 10**6) < 10**5
