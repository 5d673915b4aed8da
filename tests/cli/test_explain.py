"""``archcalc explain``, ``conv`` and ``pool`` in a real process."""

from __future__ import annotations

import pytest
from process import run


def words(*arguments: str) -> str:
    done = run(*arguments)
    assert done.status == 0, done.err
    assert done.err == ""
    return " ".join(done.out.split())


def test_explain_prints_the_arithmetic_of_a_layer() -> None:
    assert "X_col 363 x 3025" in words("explain", "alexnet", "conv1")
    assert "MACs + bias uses" not in words("explain", "resnet50", "conv1")


def test_explain_takes_the_shared_options() -> None:
    text = words("explain", "alexnet", "conv1", "--batch", "2", "--dtype", "float16")
    assert "H x W x channels x batch = 55 x 55 x 96 x 2 = 580,800" in text
    assert "580,800 x 2 (float16) = 1,161,600" in text
    assert words("explain", "alexnet", "conv1", "--format", "markdown").startswith("## conv1: conv")


def test_conv_explains_a_layer_without_a_file() -> None:
    text = words("conv", "7x7x3", "--kernel", "3", "--stride", "3", "--filters", "10")
    assert "(7 - 3)/3 + 1 = 7/3 ≈ 2.33, rounded down: 2" in text
    assert "F x F x C x K = 3 x 3 x 3 x 10 = 270" in text
    assert "illegal-stride warning: height and width" in text
    assert "X_col 27 x 4" in text


def test_conv_takes_every_key_of_a_convolution() -> None:
    text = words(
        *("conv", "9x9x4", "--kernel", "3x1", "--filters", "8", "--stride", "2,1", "--groups", "2"),
        *("--padding", "same", "--dilation", "1", "--no-bias"),
    )
    assert "F x F x C/groups x K = 3 x 1 x 2 x 8 = 48" in text
    assert "output 5x9x8" in text
    assert "b_col" not in text


def test_pool_explains_a_pooling() -> None:
    text = words("pool", "112x112x64", "--kernel", "3", "--stride", "2", "--ceil-mode")
    assert "maxpool" in text
    assert "rounded up: 56" in text
    assert "(8 - 2)/2 + 1 = 4" in words("pool", "8x8x1", "--kernel", "2", "--type", "avg")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("explain", "alexnet", "conv11"), 2, "did you mean `conv1`?"),
        (("explain", "alexnets", "conv1"), 2, "did you mean `alexnet`?"),
        (("conv", "7x7x3", "--kernel", "9", "--filters", "2"), 1, "error[window-too-large]"),
        (("conv", "7x7x3", "--kernel", "3x", "--filters", "2"), 2, "--kernel takes a number"),
        (("conv", "7x7x3", "--kernel", "3", "--filters", "2, x: 1"), 2, "--filters takes"),
        (("conv", "seven", "--kernel", "3", "--filters", "2"), 2, "input takes"),
        (("conv", "9x9x4", "--kernel", "3", "--filters", "9", "--groups", "2"), 1, "groups"),
        (("pool", "8x8x8x8", "--kernel", "2"), 2, "`--axes` says how many"),
    ],
)
def test_what_is_wrong_is_answered(arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run(*arguments)
    assert done.status == status
    assert message in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("archcalc explain alexnet pool", ["pool1", "pool2", "pool5"]),
        ("archcalc explain no-such-network pool", []),
    ],
)
def test_layers_complete_in_a_shell(words: str, found: list[str]) -> None:
    done = run(COMP_WORDS=words, COMP_CWORD="3", _ARCHCALC_COMPLETE="bash_complete")
    assert [line.split(",")[1] for line in done.out.split()] == found


def test_explain_says_what_is_kept_for_the_backward_pass() -> None:
    text = words("explain", "vgg16", "fc6", "--batch", "2")
    assert "keeps its input relu keeps its output saved bytes 233,472," in text
    assert "params x bytes = 102,764,544 x 4 = 411,058,176" in text
    assert "keeps its input and 128 statistics" in words("explain", "resnet18", "bn1")
