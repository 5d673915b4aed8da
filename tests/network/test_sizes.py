"""Sizes from outside a file are read in the light of the network's input, and in one way only."""

from __future__ import annotations

from typing import Any

import pytest
from process import run

import archcalc
from archcalc import Builder, Fault, Volume
from archcalc.network.sizes import on_axes, resized, whole

IMAGE = Volume(3, (224, 224))
SIGNAL = Volume(1, (16000,))
CLIP = Volume(3, (16, 112, 112))
VECTOR = Volume(784)
FLOATS = Volume(3, (224.0, 224.0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "input", "volume"),
    [
        ("256", IMAGE, Volume(3, (256, 256))),
        (256, IMAGE, Volume(3, (256, 256))),
        ("256x320", IMAGE, Volume(3, (256, 320))),
        ("256x320x3", IMAGE, Volume(3, (256, 320))),
        ("256,320,3", IMAGE, Volume(3, (256, 320))),
        ("256X320X3", IMAGE, Volume(3, (256, 320))),
        ("(256, 320, 3)", IMAGE, Volume(3, (256, 320))),
        ("[256, 320]", IMAGE, Volume(3, (256, 320))),
        ((256, 320), IMAGE, Volume(3, (256, 320))),
        ([256, 320, 3], IMAGE, Volume(3, (256, 320))),
        ("channels=4", IMAGE, Volume(4, (224, 224))),
        ("256,channels=4", IMAGE, Volume(4, (256, 256))),
        ("256x320,channels=4", IMAGE, Volume(4, (256, 320))),
        ("256x320, channels = 4", IMAGE, Volume(4, (256, 320))),
        (Volume(4, (256, 320)), IMAGE, Volume(4, (256, 320))),
        ("8000", SIGNAL, Volume(1, (8000,))),
        ("8000x1", SIGNAL, Volume(1, (8000,))),
        ("64", CLIP, Volume(3, (64, 64, 64))),
        ("8x64x96", CLIP, Volume(3, (8, 64, 96))),
        ("8x64x96x3", CLIP, Volume(3, (8, 64, 96))),
        ("100", VECTOR, Volume(100)),
        ("channels=100", VECTOR, Volume(100)),
    ],
)
def test_sizes_keep_the_channels_of_the_input(given: Any, input: Volume, volume: Volume) -> None:
    assert resized(given, input) == volume


@pytest.mark.parametrize(
    ("given", "input", "fact"),
    [
        ("3x224x224", IMAGE, "channels come last: 224x224x3, or channels=224"),
        ("1x16000", SIGNAL, "channels come last: 16000x1, or channels=16000"),
        ("3x16x112x112", CLIP, "channels come last: 16x112x112x3, or channels=112"),
        ("224x224x4", IMAGE, "write 224x224 to keep them, or 224x224,channels=4"),
        ("1x3x224x224", IMAGE, "the batch is `--batch`"),
        ("1x3x224x224", IMAGE, "channels come last: 224x224x3"),
        ("8x224x224x3", IMAGE, "the batch is `--batch`"),
        ("1x784", VECTOR, "the batch is `--batch`"),
        ("5x5x5", SIGNAL, "and the network's input is 16000x1 (length x channels)"),
        ("28x28", SIGNAL, "has 28 channels"),
        ("224x224x3,channels=3", IMAGE, "has 3 numbers beside the channels"),
        ("channels=3,channels=4", IMAGE, "takes sizes such as"),
        ("0x224", IMAGE, "is 0; it must be at least 1"),
        ("-224", IMAGE, "is -224; it must be at least 1"),
        ((224, -1), IMAGE, "is -1; it must be at least 1"),
        ((224.0, 224.0), IMAGE, "takes sizes such as"),
        (True, IMAGE, "takes sizes such as"),
        (224.0, IMAGE, "takes sizes such as"),
        ("224.5", IMAGE, "takes sizes such as"),
        ("", IMAGE, "not nothing"),
        ("x".join(["1"] * 5000), IMAGE, "has 5,000 numbers"),
        ("9" * 400, IMAGE, "a number of 400 characters"),
        (FLOATS, IMAGE, "the float 224.0"),
        (Volume(-3, (224, 224)), IMAGE, "is -3; it must be at least 1"),
    ],
)
def test_other_inputs_are_refused_with_what_was_meant(given: Any, input: Volume, fact: str) -> None:
    with pytest.raises(Fault) as refused:
        resized(given, input)
    assert fact in refused.value.message
    assert len(refused.value.message) < 250


@pytest.mark.parametrize(
    ("given", "axes", "volume"),
    [
        ("7", 2, Volume(1, (7, 7))),
        ("7x9", 2, Volume(1, (7, 9))),
        ("7x9x3", 2, Volume(3, (7, 9))),
        ("7x9,channels=3", 2, Volume(3, (7, 9))),
        ("16000", 1, Volume(1, (16000,))),
        ("16000x2", 1, Volume(2, (16000,))),
        ("8x64x96", 3, Volume(1, (8, 64, 96))),
        ("8x64x96x3", 3, Volume(3, (8, 64, 96))),
    ],
)
def test_without_a_file_the_axes_say_what_numbers_are(
    given: str, axes: int, volume: Volume
) -> None:
    assert on_axes(given, axes) == volume


@pytest.mark.parametrize("given", [(32, 48, 3), "32x48x3", "32, 48, 3", "32x48,channels=3"])
def test_a_builder_reads_the_same_spellings(given: Any) -> None:
    builder = Builder("built", given)
    assert builder.volume("input") == Volume(3, (32, 48)) == whole(given)


@pytest.mark.parametrize("given", [(32, -48, 3), FLOATS, Volume(-3), (), "1x1x1x1x1", 2.5, None])
def test_a_builder_refuses_what_is_no_input(given: Any) -> None:
    with pytest.raises(Fault):
        Builder("built", given)


def test_python_reads_sizes_as_the_command_line_does() -> None:
    vgg = archcalc.load("vgg16")
    for size in (256, "256x256", (256, 256), (256, 256, 3), "256,256,3"):
        assert archcalc.analyze(vgg, input=size).input == Volume(3, (256, 256))
    with pytest.raises(ValueError, match=r"input 3x224x224: channels come last"):
        archcalc.analyze(vgg, input="3x224x224")
    with pytest.raises(ValueError, match="the float"):
        archcalc.analyze(vgg, input=FLOATS)


def test_the_command_line_keeps_the_channels_or_says_what_was_meant() -> None:
    shown = run("table", "vgg16", "--input", "256x256").out
    assert "input 256x256x3 (height x width x channels)" in shown
    for given in ("3x224x224", "1x3x224x224"):
        refused = run("table", "vgg16", "--input", given)
        assert (refused.status, refused.out) == (2, "")
        assert "channels come last: 224x224x3" in refused.err


def test_a_single_layer_reads_two_numbers_as_one_channel() -> None:
    shown = run("pool", "7x7", "--kernel", "3", "--stride", "3")
    assert "7x7x1 (height x width x channels)" in shown.out
    assert "2x2x1" in shown.out
    assert "16000x1 (length" in run("pool", "16000", "--axes", "1", "--kernel", "4").out
    clip = run("conv", "8x32x32x3", "--axes", "3", "--kernel", "3", "--filters", "4").out
    assert "6x30x30x4 (depth" in clip
    refused = run("conv", "1x3x7x7", "--kernel", "3", "--filters", "4")
    assert refused.status == 2
    assert "`--axes`" in refused.err


def test_a_convolution_without_filters_says_what_is_not_known() -> None:
    shown = run("conv", "7x7x4", "--kernel", "3", "--stride", "2", "--groups", "2")
    assert (shown.status, shown.err) == (0, "")
    assert "3x3xK (height x width x channels)" in shown.out
    assert "give --filters" in shown.out
    assert f"= {3 * 3 * 2} weights and 1 bias" in shown.out
    assert "MACs   " not in shown.out
    assert run("conv", "7x7x4", "--kernel", "3", "--filters", "2").out.count("MACs") > 1
