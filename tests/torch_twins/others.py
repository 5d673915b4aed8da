"""Layers without a window in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch_twins.shared import Tensor, Twin, dimension, each, padded, pairs, rank


def per_channel(x: Tensor, bias: bool) -> Twin:
    """One coefficient, and one bias, per channel."""
    shape = (1, x.shape[1], *(1 for _ in x.shape[2:]))
    holder = nn.ParameterDict({"weight": nn.Parameter(torch.empty(shape))})
    if bias:
        holder["bias"] = nn.Parameter(torch.empty(shape))
    shift = holder["bias"] if bias else 0
    return Twin(lambda x: x * holder["weight"] + shift, (holder,))


def scale(layer: Any, x: Tensor) -> Twin:
    """By a number, or by one trained number for all."""
    if layer.by is not None:
        if layer.plus is not None:
            return Twin(lambda x: x * float(layer.by) + float(layer.plus))
        return Twin(lambda x: x * float(layer.by))
    if layer.per == "channel":
        return per_channel(x, layer.bias is not False)
    names = ["weight", "bias"] if layer.bias else ["weight"]
    holder = nn.ParameterDict({name: nn.Parameter(torch.empty(1)) for name in names})
    if not layer.bias:
        return Twin(lambda x: x * holder["weight"], (holder,))
    return Twin(lambda x: x * holder["weight"] + holder["bias"], (holder,))


def linear(layer: Any, x: Tensor) -> Twin:
    if not layer.flatten:
        each = nn.Linear(x.shape[1], layer.units, layer.bias)
        return Twin(lambda x: each(x.movedim(1, -1)).movedim(-1, 1), (each,))
    module = nn.Linear(prod(x.shape[1:]), layer.units, layer.bias)
    return Twin(lambda x: module(x.flatten(1)), (module,))


def recurrent(layer: Any, x: Tensor) -> Twin:
    made = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[layer.type](
        x.shape[1], layer.units, layer.num_layers, bias=layer.bias, batch_first=True,
        bidirectional=layer.bidirectional,
    )  # fmt: skip
    if rank(x) == 1:
        return Twin(lambda x: made(x.transpose(1, 2))[0].transpose(1, 2), (made,))
    along = dimension(layer.axis, x)

    def run(x: Tensor) -> Tensor:
        rows = x.movedim((along, 1), (-2, -1))
        read = made(rows.flatten(0, -3))[0].unflatten(0, rows.shape[:-2])
        return read.movedim((-2, -1), (along, 1))

    return Twin(run, (made,))


def rbf(layer: Any, x: Tensor) -> Twin:
    """|x - c|^2 = |x|^2 - 2 x c + |c|^2 with fixed centres c."""
    holder = nn.Module()
    holder.register_buffer("centres", torch.empty(layer.units, prod(x.shape[1:])))

    def run(x: Tensor) -> Tensor:
        x, centres = x.flatten(1), holder.centres
        squares = (x * x).sum(1, keepdim=True) + (centres * centres).sum(1)
        return squares - 2 * F.linear(x, centres)

    return Twin(run, (holder,))


def module(make: Callable[[Any, Tensor], Any]) -> Callable[[Any, Tensor], Twin]:
    def build(layer: Any, x: Tensor) -> Twin:
        made = make(layer, x).eval()
        return Twin(made, (made,))

    return build


def batchnorm(layer: Any, x: Tensor) -> Any:
    kinds = (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    return kinds[rank(x)](x.shape[1], affine=layer.affine)


def instancenorm(layer: Any, x: Tensor) -> Any:
    kinds = (nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)
    return kinds[rank(x) - 1](x.shape[1], affine=layer.affine)


def layernorm(layer: Any, x: Tensor) -> Twin:
    made = nn.LayerNorm(x.shape[1], elementwise_affine=layer.affine)
    return Twin(lambda x: made(x.movedim(1, -1)).movedim(-1, 1), (made,))


def rmsnorm(layer: Any, x: Tensor) -> Twin:
    made = nn.RMSNorm(x.shape[1], elementwise_affine=layer.affine)
    return Twin(lambda x: made(x.movedim(1, -1)).movedim(-1, 1), (made,))


def l2norm(layer: Any, x: Tensor) -> Twin:
    if layer.groups == 1:
        return Twin(lambda x: F.normalize(x, dim=1))
    return Twin(lambda x: F.normalize(x.unflatten(1, (layer.groups, -1)), dim=2).flatten(1, 2))


def maxout(layer: Any, x: Tensor) -> Twin:
    return Twin(lambda x: x.unflatten(1, (-1, layer.pieces)).amax(2))


def shuffled(layer: Any, x: Tensor) -> Twin:
    return Twin(lambda x: x.unflatten(1, (layer.groups, -1)).transpose(1, 2).flatten(1, 2))


def pixels(layer: Any, x: Tensor) -> Twin:
    """Of 1, 2 or 3 axes, where PyTorch has `pixel_shuffle` for 2."""
    axes, scale = rank(x), layer.scale

    def run(x: Tensor) -> Tensor:
        sizes = x.shape[2:]
        x = x.unflatten(1, (-1, *[scale] * axes))
        order = [number for axis in range(axes) for number in (2 + axes + axis, 2 + axis)]
        return x.permute(0, 1, *order).reshape(len(x), x.shape[1], *(n * scale for n in sizes))

    return Twin(run)


def unpixels(layer: Any, x: Tensor) -> Twin:
    """Of 1, 2 or 3 axes, where PyTorch has `pixel_unshuffle` for 2."""
    axes, scale = rank(x), layer.scale

    def run(x: Tensor) -> Tensor:
        for axis in range(axes):
            x = x.unflatten(2 + 2 * axis, (-1, scale))
        order = [3 + 2 * axis for axis in range(axes)] + [2 + 2 * axis for axis in range(axes)]
        return x.permute(0, 1, *order).flatten(1, 1 + axes)

    return Twin(run)


def upsample(layer: Any, x: Tensor) -> Twin:
    mode = (
        "nearest" if layer.mode == "nearest" else ("linear", "bilinear", "trilinear")[rank(x) - 1]
    )
    mode = "bicubic" if layer.mode == "cubic" else mode
    if layer.scale is not None:
        scale = layer.scale if isinstance(layer.scale, tuple) else [layer.scale] * rank(x)
        factors = list(map(float, scale))
        return Twin(lambda x: F.interpolate(x, scale_factor=factors, mode=mode))

    def run(x: Tensor, *like: Tensor) -> Tensor:
        size = like[0].shape[2:] if like else each(layer.size, x)
        return F.interpolate(x, size, mode=mode)

    return Twin(run)


def pad(layer: Any, x: Tensor) -> Twin:
    by = pairs(0 if layer.padding is None else layer.padding, x)
    flat = [number for pair in (*reversed(by), layer.channels or ()) for number in pair]
    modes = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate"}
    if layer.mode == "ones":
        return Twin(lambda x: F.pad(x, flat, value=1.0))
    return Twin(lambda x: F.pad(x, flat, mode=modes[layer.mode]))


def crop(layer: Any, x: Tensor) -> Twin:
    def run(x: Tensor, *like: Tensor) -> Tensor:
        if not like:
            return padded(x, [(-a, -b) for a, b in pairs(layer.crop, x)])
        rest = [mine - theirs for mine, theirs in zip(x.shape[2:], like[0].shape[2:], strict=True)]
        return padded(x, [(-(r // 2), -(r - r // 2)) for r in rest])

    return Twin(run)


def broadcast(inputs: Sequence[Tensor]) -> list[Tensor]:
    """Vectors with as many axes of size 1 as the others have."""
    axes = max(x.dim() for x in inputs)
    return [x.reshape(*x.shape, *[1] * (axes - x.dim())) for x in inputs]


def total(*inputs: Tensor) -> Tensor:
    first, *rest = broadcast(inputs)
    for x in rest:
        first = first + x
    return first


def difference(*inputs: Tensor) -> Tensor:
    first, *rest = broadcast(inputs)
    for x in rest:
        first = first - x
    return first


def product(*inputs: Tensor) -> Tensor:
    first, *rest = broadcast(inputs)
    for x in rest:
        first = first * x
    return first


def quotient(*inputs: Tensor) -> Tensor:
    first, *rest = broadcast(inputs)
    for x in rest:
        first = first / x
    return first


def reshape(layer: Any, x: Tensor) -> Twin:
    return Twin(lambda x: x.reshape(len(x), layer.shape.channels, *layer.shape.spatial))


def parameter(layer: Any) -> Twin:
    """A learned tensor, the same for every sample."""
    shape = (1, layer.shape.channels, *layer.shape.spatial)
    holder = nn.ParameterDict({"weight": nn.Parameter(torch.empty(shape))})
    return Twin(lambda: holder["weight"], (holder,))


def embedding(layer: Any, x: Tensor) -> Twin:
    """A vector of indices, or one channel of them."""
    table = nn.Embedding(layer.entries, layer.channels)
    is_vector = rank(x) == 0
    return Twin(lambda x: table((x if is_vector else x[:, 0]).long()).movedim(-1, 1), (table,))


def softmax(layer: Any, x: Tensor) -> Twin:
    along, groups = dimension(layer.axis, x), layer.groups
    if groups > 1:
        return Twin(lambda x: F.softmax(x.unflatten(1, (groups, -1)), dim=2).flatten(1, 2))
    return Twin(lambda x: F.softmax(x, dim=along))


def concat(layer: Any, x: Tensor) -> Twin:
    """Along its axis; one input that conditions leave is that input."""
    along = dimension(layer.axis, x)
    return Twin(lambda *x: torch.cat(x, dim=along) if len(x) > 1 else x[0])


def sliced(layer: Any, x: Tensor) -> Twin:
    along = dimension(layer.axis, x)
    cut = [slice(None)] * along + [slice(layer.start, layer.stop, layer.step)]
    return Twin(lambda x: x[tuple(cut)])
