"""What widely used counters report for a network, and why they differ.

Each counter has an addend for every layer type, measured on AlexNet, VGG-16 and ResNet-50 of
torchvision and read in the counter's own source. A type that it counts as nothing is named as well
as one whose addend is not known, which makes the total not known: nothing is guessed. Counts are of
one sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archcalc.analysis.addends import (
    Addend,
    Applied,
    adaptive_inputs,
    adaptive_window,
    affine,
    fvcore_norm,
    macs,
    macs_and_biases,
    not_known,
    nothing,
    params,
    params_per_position,
    twice_elements,
    twice_inputs,
    twice_macs,
    unfused,
    without_table,
)
from archcalc.analysis.analysis import Analysis, LayerAnalysis
from archcalc.record import Record


class Counter(Record):
    """A counter, what it adds up in words, and an addend for every layer type."""

    name: str
    why: str
    addends: Mapping[str, Addend]


class Reading(Record):
    """What a counter reports: ``total`` is None where it is not known, for want of ``missing``."""

    counter: Counter
    total: int | None
    missing: tuple[str, ...]


CONVOLUTIONS = ("conv", "depthwise_conv")
AVERAGES = ("adaptive_avgpool", "global_avgpool")
MAXIMA = ("maxpool", "adaptive_maxpool", "global_maxpool")
OTHER_NORMS = ("layernorm", "instancenorm", "groupnorm")
CLIPPED = ("relu6", "leaky_relu")
SMOOTH = (
    "elu", "selu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "sigmoid", "tanh",
    "softplus", "softmax", "maxout",
)  # fmt: skip
VIEWS_AND_SUMS = (
    "dropout", "flatten", "reshape", "transpose", "identity", "slice", "concat", "add", "subtract",
)  # fmt: skip
# Parameters without products.
STORED = ("parameter", "embedding")
RECURRENT = ("lstm", "gru", "rnn")
NEW_NORMS = ("rmsnorm", "l2norm")
MOVES = ("unfold", "pad", "crop", "pixel_shuffle", "space_to_depth", "channel_shuffle")
# Types that no PyTorch module computes.
FOREIGN = (
    "split",
    "squeeze_excite",
    "rbf",
    "scale",
    "separable_conv",
    "self_attention",
    "divide",
    "reduce_sum",
    "rearrange",
    "roll",
    "gather",
    "constant",
    "rotary",
    "grn",
)
# What counters that list the operations that they count leave out.
NOT_LISTED = (
    *MAXIMA, *AVERAGES, "avgpool", "l2pool", "batchnorm", *OTHER_NORMS, "lrn", "relu", *CLIPPED,
    *SMOOTH, "prelu", *VIEWS_AND_SUMS, *MOVES, "multiply", "upsample", *STORED, *NEW_NORMS,
)  # fmt: skip


def _table(*rows: tuple[tuple[str, ...], Addend]) -> Mapping[str, Addend]:
    """An addend for each type; every type is named, and once."""
    addends: dict[str, Addend] = {}
    for types, addend in rows:
        for name in types:
            if name in addends:
                raise ValueError(f"{name} is named twice")
            addends[name] = addend
    return addends


COUNTERS: tuple[Counter, ...] = (
    Counter(
        "torchinfo 1.8",
        "every parameter of a convolution, biases too, once per output position; parameters of "
        "any other layer once",
        _table(
            ((*CONVOLUTIONS, "conv_transpose", *RECURRENT), params_per_position),
            (("linear", "embedding", "batchnorm", *OTHER_NORMS, *NEW_NORMS, "prelu"), params),
            (("matmul",), nothing),
            (("attention",), without_table),
            ((*MAXIMA, *AVERAGES, "avgpool", "l2pool", "blurpool", "lrn"), nothing),
            (("relu", *CLIPPED, *SMOOTH), nothing),
            ((*VIEWS_AND_SUMS, *MOVES, "multiply", "upsample", "parameter"), nothing),
            (FOREIGN, not_known),
        ),
    ),
    Counter(
        "fvcore",
        "MACs without biases; batch normalisation 2 per element; adaptive average pooling its "
        "input elements",
        _table(
            ((*CONVOLUTIONS, "conv_transpose", "linear", "blurpool", "matmul"), macs),
            (("attention",), unfused(macs)),
            (("layernorm",), fvcore_norm),
            (NEW_NORMS, nothing),
            (("batchnorm",), affine(2)),
            (AVERAGES, adaptive_inputs),
            ((*MAXIMA, "avgpool", "l2pool", "lrn", *RECURRENT), nothing),
            (("relu", "prelu", *CLIPPED, *SMOOTH), nothing),
            ((*VIEWS_AND_SUMS, *MOVES, "multiply", *STORED), nothing),
            (("instancenorm", "groupnorm", "upsample", *FOREIGN), not_known),
        ),
    ),
    Counter(
        "ptflops (pytorch)",
        "MACs and biases; batch normalisation 2 per element; ReLU its elements and pooling its "
        "input elements, each counted twice (by the module and by the function that it calls)",
        _table(
            ((*CONVOLUTIONS, "linear"), macs_and_biases),
            (("batchnorm",), affine(2)),
            (("matmul",), macs),
            (("attention",), unfused(not_known)),
            (NEW_NORMS, nothing),
            (("relu",), twice_elements),
            ((*MAXIMA, *AVERAGES, "avgpool"), twice_inputs),
            ((*VIEWS_AND_SUMS, "blurpool", *STORED), nothing),
            (("conv_transpose", "l2pool", "lrn", *OTHER_NORMS, *RECURRENT), not_known),
            (("prelu", *CLIPPED, *SMOOTH), not_known),
            ((*MOVES, "multiply", "upsample", *FOREIGN), not_known),
        ),
    ),
    Counter(
        "ptflops (aten)",
        "MACs, and biases of convolutions and fully connected layers, nothing else; fused "
        "attention 0",
        _table(
            ((*CONVOLUTIONS, "linear", "blurpool"), macs_and_biases),
            (("matmul",), macs),
            (("attention",), unfused(macs)),
            (NOT_LISTED, nothing),
            (("conv_transpose", *RECURRENT, *FOREIGN), not_known),
        ),
    ),
    Counter(
        "thop",
        "MACs without biases; batch normalisation 4 per element; adaptive average pooling "
        "(window + 1) per output",
        _table(
            ((*CONVOLUTIONS, "linear"), macs),
            (("matmul", "attention", *NEW_NORMS), nothing),
            (("batchnorm",), affine(4)),
            (AVERAGES, adaptive_window),
            ((*VIEWS_AND_SUMS, *MAXIMA, "blurpool", "relu", *CLIPPED, *STORED), nothing),
            (("conv_transpose", "avgpool", "l2pool", "lrn", *OTHER_NORMS, *RECURRENT), not_known),
            (("prelu", *SMOOTH), not_known),
            ((*MOVES, "multiply", "upsample", *FOREIGN), not_known),
        ),
    ),
    Counter(
        "calflops",
        "MACs without biases, fused attention 0",
        _table(
            ((*CONVOLUTIONS, "conv_transpose", "linear", "matmul"), macs),
            (("attention",), unfused(macs)),
            (NOT_LISTED, nothing),
            (("blurpool", *RECURRENT, *FOREIGN), not_known),
        ),
    ),
    Counter(
        "FlopCounterMode",
        "2 x MACs, nothing else (PyTorch's own)",
        _table(
            (
                (*CONVOLUTIONS, "conv_transpose", "linear", "blurpool", "matmul", "attention"),
                twice_macs,
            ),
            (NOT_LISTED, nothing),
            ((*RECURRENT, *FOREIGN), not_known),
        ),
    ),
)


def readings(analysis: Analysis) -> list[Reading]:
    """What every counter reports for a network."""
    alike: dict[object, tuple[LayerAnalysis, list[int]]] = {}
    for layer in analysis.layers:
        key = (id(layer.costs), layer.activation_elements, layer.activation)
        alike.setdefault(key, (layer, [0]))[1][0] += 1
    applied = [(each, count) for layer, (count,) in alike.values() for each in _applied(layer)]
    return [_reading(counter, applied) for counter in COUNTERS]


def _reading(counter: Counter, counted: Iterable[tuple[Applied, int]]) -> Reading:
    """What one counter reports, or the layer types for which its addend is not known.

    What it is applied to comes with how often.
    """
    total, missing = 0, []
    for applied, times in counted:
        addend = counter.addends.get(applied.type, not_known)(applied)
        if addend is None:
            missing.append(applied.type)
        else:
            total += times * addend
    return Reading(counter, None if missing else total, tuple(dict.fromkeys(missing)))


def _applied(layer: LayerAnalysis) -> list[Applied]:
    volumes = layer.input_volumes or (layer.output,)
    own = Applied(layer.layer.variant, layer, volumes[0], layer.output)
    if layer.activation is None:
        return [own]
    return [own, Applied(layer.activation, layer, layer.output, layer.output)]
