"""PyTorch modules equal to the layers of an analysis: what each is asked about, ours is held to.

Formulas of archcalc are not used: padding words are resolved by the twins, sizes are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode
from torch_twins.attention import attention, matmul
from torch_twins.moves import (
    constant,
    gather,
    rearranged,
    response_norm,
    rolled,
    rotary,
    summed,
)
from torch_twins.others import (
    batchnorm,
    concat,
    crop,
    difference,
    embedding,
    instancenorm,
    l2norm,
    layernorm,
    linear,
    maxout,
    module,
    pad,
    parameter,
    pixels,
    product,
    quotient,
    rbf,
    recurrent,
    reshape,
    rmsnorm,
    scale,
    shuffled,
    sliced,
    softmax,
    total,
    unpixels,
    upsample,
)
from torch_twins.shared import Run, Tensor, Twin
from torch_twins.windows import (
    ADAPTIVE_AVERAGE,
    ADAPTIVE_MAXIMUM,
    adaptive,
    avgpool,
    blurpool,
    conv,
    conv_transpose,
    convolution,
    l2pool,
    maxpool,
    unfold,
)

from archcalc import Analysis
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.volume import Volume

ACTIVATIONS: dict[str, Run] = {
    "relu": F.relu, "relu6": F.relu6, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu,
    "gelu": F.gelu, "silu": F.silu, "mish": F.mish, "hardswish": F.hardswish,
    "hardsigmoid": F.hardsigmoid, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "softplus": F.softplus, "softmax": lambda x: F.softmax(x, dim=1), "identity": lambda x: x,
}  # fmt: skip


class Found(NamedTuple):
    """What PyTorch says of one layer."""

    output: Volume
    weights: int
    biases: int
    buffers: int
    macs: int


def found(analysis: Analysis) -> Iterator[tuple[LayerAnalysis, Found]]:
    """Every layer beside what PyTorch says of it, run on the meta device."""
    outputs: dict[int, Tensor] = {}
    with torch.device("meta"):
        for index, volume in enumerate(analysis.inputs.values()):
            outputs[index] = empty(volume)
        for index, row in enumerate(analysis.layers, analysis.network.first_layer):
            inputs = [outputs[i] for i in (*row.node.inputs, *row.node.likes)]
            twin = built(row, inputs)
            with FlopCounterMode(display=False) as counter:
                output = twin.run(*inputs)
            outputs[index] = ACTIVATIONS[row.activation or "identity"](output)
            yield row, _found(twin, outputs[index], counter.get_total_flops())


def stored(row: LayerAnalysis) -> tuple[int, int, int]:
    """Weights, biases and buffers of a row; of one that shares them, those that it uses.

    The twin of such a row has weights of its own, as many as are shared.
    """
    own = row.weights, row.biases, row.buffers
    if not row.shared_with:
        return own
    assert own == (0, 0, 0), row.name
    layer, shape = row.layer, row.costs.shape
    return layer.weights(shape).value, layer.biases(shape).value, layer.buffers(shape).value


def empty(volume: Volume) -> Tensor:
    return torch.empty(1, volume.channels, *volume.spatial)


def _found(twin: Twin, output: Tensor, flops: int) -> Found:
    named = [pair for module in twin.modules for pair in module.named_parameters()]
    counted = [
        module.get_buffer(name)
        for module in twin.modules
        for name in module.state_dict().keys() - dict(module.named_parameters()).keys()
        if not name.endswith("num_batches_tracked")
    ]
    _, channels, *spatial = output.shape
    return Found(
        Volume(channels, tuple(spatial)),
        sum(p.numel() for name, p in named if "bias" not in name.rpartition(".")[2]),
        sum(p.numel() for name, p in named if "bias" in name.rpartition(".")[2]),
        sum(buffer.numel() for buffer in counted),
        flops // 2,
    )


def built(row: LayerAnalysis, inputs: Sequence[Tensor]) -> Twin:
    """The layer of a row, without its activation, for inputs of these shapes."""
    if row.type in ACTIVATIONS and row.type != "softmax":
        return Twin(ACTIVATIONS[row.type])
    if row.layer.is_source:
        return SOURCES[row.type](row.layer)
    return BUILDERS[row.type](row.layer, inputs[0])


SOURCES: dict[str, Callable[[Any], Twin]] = {"parameter": parameter, "constant": constant}


BUILDERS: dict[str, Callable[[Any, Tensor], Twin]] = {
    "conv": conv,
    "depthwise_conv": lambda layer, x: convolution(
        layer, x, x.shape[1] * layer.multiplier, x.shape[1]
    ),
    "conv_transpose": conv_transpose,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "l2pool": l2pool,
    "blurpool": blurpool,
    "unfold": unfold,
    "lstm": recurrent,
    "gru": recurrent,
    "rnn": recurrent,
    "adaptive_avgpool": adaptive(ADAPTIVE_AVERAGE),
    "adaptive_maxpool": adaptive(ADAPTIVE_MAXIMUM),
    "global_avgpool": adaptive(ADAPTIVE_AVERAGE),
    "global_maxpool": adaptive(ADAPTIVE_MAXIMUM),
    "linear": linear,
    "rbf": rbf,
    "embedding": embedding,
    "matmul": matmul,
    "attention": attention,
    "rmsnorm": rmsnorm,
    "l2norm": l2norm,
    "grn": response_norm,
    "rotary": rotary,
    "rearrange": rearranged,
    "roll": rolled,
    "gather": gather,
    "reduce_sum": summed,
    "divide": lambda layer, x: Twin(quotient),
    "flatten": lambda layer, x: Twin(lambda x: x.flatten(1)),
    "reshape": reshape,
    "batchnorm": module(batchnorm),
    "layernorm": layernorm,
    "instancenorm": module(instancenorm),
    "groupnorm": module(
        lambda layer, x: nn.GroupNorm(layer.groups, x.shape[1], affine=layer.affine)
    ),
    "lrn": module(lambda layer, x: nn.LocalResponseNorm(layer.size)),
    "scale": scale,
    "prelu": module(lambda layer, x: nn.PReLU(x.shape[1])),
    "maxout": maxout,
    "dropout": module(lambda layer, x: nn.Dropout(float(layer.rate))),
    "add": lambda layer, x: Twin(total),
    "subtract": lambda layer, x: Twin(difference),
    "multiply": lambda layer, x: Twin(product),
    "concat": concat,
    "softmax": softmax,
    "transpose": lambda layer, x: Twin(lambda x: x.transpose(1, 2)),
    "pad": pad,
    "crop": crop,
    "upsample": upsample,
    "pixel_shuffle": pixels,
    "space_to_depth": unpixels,
    "channel_shuffle": shuffled,
    "slice": sliced,
}
