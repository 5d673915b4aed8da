"""Which inputs an output reads, by back-propagation through a positive linear copy of a network.

Neither channels nor other axes matter to a receptive field along one axis, so the copy has one
channel and that axis: windows are sums with the gaps of dilation filled, merges add, activations
and normalisations change nothing. Where a gradient is not 0, the input is read. A second copy has
zeros for an input and ones for padding: it shows which outputs read padding anywhere, of which a
gradient does not show everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import torch
from torch.nn import functional as F
from torch_twins.shared import dimension, each, padding, pairs

from archcalc import Analysis
from archcalc.analysis.analysis import LayerAnalysis
from archcalc.network.network import INPUT

Tensor = Any
Span = tuple[int, int] | None
Reads = dict[int, Span]

WINDOWED = ("conv", "depthwise_conv", "maxpool", "avgpool", "l2pool", "unfold")
ENDS = (
    "slice", "flatten", "reshape", "transpose", "parameter", "embedding", "matmul",
    "attention", "self_attention", "linear", "rbf", "lstm", "gru", "rnn", "rearrange", "roll",
    "gather", "reduce_sum", "divide", "constant", "grn",
    "global_avgpool", "global_maxpool",
)  # fmt: skip
SMALLEST = 1e-9


def reads(analysis: Analysis, axis: int) -> Iterator[tuple[LayerAnalysis, Reads]]:
    """Layers with the first and last input that each output reads along an axis.

    Outputs that read padding, in this layer or below it, are left out. Ends with the first layer
    whose outputs see everything, that drops channels, or whose gaps the copy cannot fill.
    """
    size = analysis.input.spatial[axis]
    source = torch.ones(1, 1, size, dtype=torch.float64, requires_grad=True)
    outputs: dict[int, Tensor] = {INPUT: source}
    marks: dict[int, Tensor] = {INPUT: torch.zeros_like(source)}
    for index, row in enumerate(analysis.layers, INPUT + 1):
        if row.type in ENDS or row.field.is_global or _has_gaps(analysis, row):
            return
        nodes = (*row.node.inputs, *row.node.likes)
        outputs[index] = _copy(row, axis, [outputs[i] for i in nodes], 0.0)
        marks[index] = _copy(row, axis, [marks[i] for i in nodes], 1.0)
        yield row, _spans(source, outputs[index], marks[index])


def _has_gaps(analysis: Analysis, row: LayerAnalysis) -> bool:
    """A dilated transposed window over outputs that see different sizes: gaps stay unfilled."""
    layer: Any = row.layer
    if row.type != "conv_transpose" or layer.dilation == 1 or row.node.inputs[0] == INPUT:
        return False
    below = analysis.nodes[row.node.inputs[0]].field
    return any(len(axis.spans) > 1 for axis in below.axes or ())


def _spans(source: Tensor, output: Tensor, marks: Tensor) -> Reads:
    found: Reads = {}
    for position in range(output.shape[2]):
        if marks[0, 0, position] > 0:
            continue
        seen = output[0, 0, position]
        (gradient,) = torch.autograd.grad(seen, source, retain_graph=True, allow_unused=True)
        places = (gradient > SMALLEST).nonzero()[:, 2].tolist()
        found[position] = (places[0], places[-1]) if places else None
    return found


def _copy(row: LayerAnalysis, axis: int, inputs: Sequence[Tensor], fill: float) -> Tensor:
    layer: Any = row.layer
    x, whole = inputs[0], torch.empty(1, 1, *row.input_volumes[0].spatial, device="meta")
    size = row.output.spatial[axis]
    if row.type == "concat" and dimension(layer.axis, whole) == axis + 2:
        return torch.cat(list(inputs), 2)
    if row.layer.merges:
        return sum(inputs[1:], x)
    if row.type in WINDOWED or row.type == "conv_transpose":
        kernel, stride, dilation = (
            each(value, whole)[axis]
            for value in (layer.kernel, layer.stride or layer.kernel, getattr(layer, "dilation", 1))
        )
        before, _ = padding(layer, whole)[axis]
        function = _transposed if row.type == "conv_transpose" else _window
        return function(x, size, kernel, stride, before, dilation, fill)
    if row.type == "blurpool":
        kernel, stride = each(layer.kernel, whole)[axis], each(layer.stride, whole)[axis]
        return _window(x, size, kernel, stride, (kernel - 1) // 2, 1, fill)
    if row.type.startswith("adaptive"):
        return F.adaptive_avg_pool1d(x, size)
    if row.type == "upsample":
        scale = layer.scale[axis] if isinstance(layer.scale, tuple) else layer.scale
        return _upsampled(x, size, scale, layer.mode, fill)
    if row.type == "pad":
        rows = pairs(layer.padding or 0, whole)[axis]
        return F.pad(x, rows, value=fill)
    if row.type == "space_to_depth":
        return x.unflatten(2, (-1, layer.scale)).sum(3)
    if row.type == "crop":
        rest = x.shape[2] - size
        before = rest // 2 if len(inputs) > 1 else pairs(layer.crop, whole)[axis][0]
        return x[:, :, before : before + size]
    return x.repeat_interleave(layer.scale, 2) if row.type == "pixel_shuffle" else x


def _window(
    x: Tensor, size: int, kernel: int, stride: int, before: int, dilation: int, fill: float
) -> Tensor:
    extent = dilation * (kernel - 1) + 1
    after = (size - 1) * stride + extent - x.shape[2] - before
    weight = torch.ones(1, 1, extent, dtype=x.dtype)
    return F.conv1d(F.pad(x, (before, after), value=fill), weight, stride=stride)


def _transposed(
    x: Tensor, size: int, kernel: int, stride: int, before: int, dilation: int, fill: float
) -> Tensor:
    """With rows around the input, which outputs at the ends read; what they add is cut off."""
    around = dilation * (kernel - 1) // stride + 2
    weight = torch.ones(1, 1, kernel, dtype=x.dtype)
    whole = F.conv_transpose1d(
        F.pad(x, (around, around), value=fill), weight, stride=stride, dilation=dilation
    )
    start = before + around * stride
    return F.pad(whole, (-start, start + size - whole.shape[2]))


def _upsampled(x: Tensor, size: int, scale: Any, mode: str, fill: float) -> Tensor:
    """Linear: floor and ceil of (o + 1/2) / scale - 1/2, of which the last input is N - 1."""
    if scale is None:
        scale, y = Fraction(size, x.shape[2]), F.interpolate(x, size, mode=mode)
    else:
        y = F.interpolate(x, scale_factor=float(scale), mode=mode)
    for o in range(size if fill and mode == "linear" else 0):
        place = (o + Fraction(1, 2)) / scale - Fraction(1, 2)
        if not 0 <= place <= x.shape[2] - 1:
            y[0, 0, o] = fill
    return y
