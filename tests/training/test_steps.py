"""Memory of small networks, worked out by hand: 4-byte elements, a batch of one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from nets import net

from archcalc.analysis.training import Training, infer, train
from archcalc.analysis.training.envelope import bytes_at
from archcalc.network.training import NO_LOSS, Settings

CONV = "{type: conv, filters: 4, kernel: 1, bias: false}"  # 4 x 4 weights on four channels
VOLUME = 8 * 8 * 4 * 4  # of 8x8x4 in float32


def trained(entries: Iterable[str], size: str = "8x8x4", **how: object) -> Training:
    return train(net(entries, size), Settings(**{"loss": NO_LOSS, **how}))  # type: ignore[arg-type]


def saved(training: Training, batch: int = 1) -> list[int]:
    return [bytes_at(size, batch) for _, size in sorted(training.saved.items())]


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        (CONV, [VOLUME]),
        ("{type: relu}", [VOLUME]),
        ("{type: batchnorm}", [VOLUME + 2 * 4 * 4]),
        ("{type: layernorm}", [VOLUME + 2 * 64 * 4]),
        ("{type: groupnorm, groups: 2}", [VOLUME + 2 * 2 * 4]),
        ("{type: instancenorm}", [VOLUME + 3 * 4 * 4]),
        ("{type: instancenorm, affine: false}", [VOLUME + 2 * 4 * 4]),
        ("{type: maxpool, kernel: 2}", [VOLUME + 4 * 4 * 4 * 8]),
        ("{type: avgpool, kernel: 2}", [VOLUME]),
        ("{type: global_maxpool}", [VOLUME + 4 * 8]),
        ("{type: global_avgpool}", []),
        ("{type: dropout}", [8 * 8 * 4]),
        ("{type: dropout, rate: 0}", []),
        ("{type: lrn, size: 3}", [VOLUME + 8 * 8 * 6 * 4 + 2 * VOLUME]),
        ("{type: scale}", [VOLUME]),
        ("{type: prelu}", [VOLUME]),
        ("{type: maxout, pieces: 2}", [VOLUME + VOLUME // 2]),
        ("{type: pad, padding: 1}", []),
        ("{type: slice, start: 0, stop: 2}", []),
        ("{type: upsample, scale: 2}", []),
        ("{type: channel_shuffle, groups: 2}", []),
        ("{type: flatten}", []),
    ],
)
def test_what_a_layer_keeps(entry: str, kept: list[int]) -> None:
    """Behind a convolution, which keeps the network's input."""
    assert saved(trained([CONV, entry])) == [VOLUME, *kept]


def test_a_volume_that_two_layers_keep_counts_once() -> None:
    assert saved(trained([CONV, "{type: relu}", CONV])) == [VOLUME, VOLUME]


def test_nothing_is_kept_before_the_first_parameter() -> None:
    assert saved(trained(["{type: maxpool, kernel: 1}", "{type: relu}", CONV])) == [VOLUME]


def test_a_product_keeps_what_is_multiplied_by_something_trained() -> None:
    entries = ["{type: conv, name: a, filters: 4, kernel: 1}", "{type: multiply, from: [input, a]}"]
    assert saved(trained(entries)) == [VOLUME]  # the input, for the convolution and for the product


def test_what_leads_to_no_output_keeps_nothing() -> None:
    entries = ["{type: conv, name: a, filters: 4, kernel: 1}", "{type: relu, from: a}"]
    assert saved(trained([*entries, "{type: pad, padding: 1, from: a}"])) == [VOLUME]


def test_an_activation_writes_over_what_nobody_else_needs() -> None:
    def peak(in_place: bool, *entries: str) -> int:
        return infer(net(entries, "8x8x4"), Settings(in_place=in_place)).course.peak(1).bytes

    assert peak(True, CONV, "{type: relu}") == 2 * VOLUME
    assert peak(False, CONV, "{type: relu}") == 3 * VOLUME
    assert peak(True, CONV, "{type: gelu}") == 3 * VOLUME  # PyTorch's writes over nothing
    assert peak(True, "{type: relu}") == 2 * VOLUME  # nor does any over the network's input


def test_the_peak_of_one_convolution() -> None:
    """Weights, their momentum, the input and its convolution; then gradients of both."""
    weights = 4 * 4 * 4
    training = trained([CONV])
    assert (training.parameters, training.state) == (weights, weights)
    forward, backward, optimizer = training.course.moments(1)[-3:]
    assert forward.bytes == 2 * weights + 2 * VOLUME
    assert backward.bytes == 2 * weights + 3 * VOLUME + weights
    assert optimizer.bytes == 3 * weights + 2 * VOLUME
    assert training.course.peak(1) == backward
    assert training.gradients == {1: weights}


def test_a_residual_passes_its_gradient_on() -> None:
    """The gradient of the sum is that of both paths; the convolution's is added to it."""
    block = ["{type: conv, name: a, filters: 4, kernel: 1, bias: false}"]
    block += ["{type: conv, name: b, filters: 4, kernel: 1, bias: false}"]
    block += ["{type: add, from: [a, b]}"]
    weights = 2 * 4 * 4 * 4
    moments = [m for m in trained(block).course.moments(1) if m.phase == "backward"]
    of_sum, of_b, of_a = (m.bytes - 2 * weights for m in moments)
    output = VOLUME
    assert of_sum == 2 * VOLUME + output + VOLUME  # input and a kept, the output and its gradient
    assert of_b == 2 * VOLUME + output + 2 * VOLUME + weights // 2
    assert of_a == VOLUME + output + VOLUME + weights


def test_types_that_nothing_is_trained_in() -> None:
    from archcalc import analyze, load

    with pytest.raises(ValueError, match="int8 has no gradients"):
        train(analyze(load("lenet1"), dtype="int8"), Settings())
    with pytest.raises(ValueError, match="amp starts from float32"):
        train(analyze(load("lenet1"), dtype="float64"), Settings(amp="bfloat16"))
