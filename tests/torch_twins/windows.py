"""Convolutions and poolings in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch_twins.shared import Run, Tensor, Twin, each, padded, padding, rank, symmetric


def convolution(layer: Any, x: Tensor, filters: int, groups: int) -> Twin:
    by = padding(layer, x)
    module = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[rank(x) - 1](
        x.shape[1], filters, each(layer.kernel, x), each(layer.stride, x),
        [before for before, _ in by] if symmetric(by) else 0,
        each(layer.dilation, x), groups, layer.bias,
    )  # fmt: skip
    if symmetric(by):
        return Twin(module, (module,))
    return Twin(lambda x: module(padded(x, by)), (module,))


def standardized(layer: Any, x: Tensor) -> Twin:
    """Weights are normalised filter by filter, as a batch normalisation does it."""
    by = padding(layer, x)
    plain = convolution(layer, x, layer.filters, layer.groups).modules[0]
    holder = nn.ParameterDict()
    if layer.gain:
        holder["gain"] = nn.Parameter(torch.ones(layer.filters))
    gain = holder["gain"] if layer.gain else None
    function, stride, dilation = CONVOLUTIONS[rank(x) - 1], plain.stride, plain.dilation

    def run(x: Tensor) -> Tensor:
        flat = plain.weight.reshape(1, layer.filters, -1)
        weight = F.batch_norm(flat, None, None, gain, training=True, momentum=0.0)
        weight = weight.reshape_as(plain.weight)
        x = x if symmetric(by) else padded(x, by)
        inside = [before for before, _ in by] if symmetric(by) else 0
        return function(x, weight, plain.bias, stride, inside, dilation, layer.groups)

    return Twin(run, (plain, holder))


def blurpool(layer: Any, x: Tensor) -> Twin:
    """Binomial filters, a buffer for every channel, on mirrored rows."""
    kernel, channels = each(layer.kernel, x), x.shape[1]
    holder = nn.Module()
    holder.register_buffer("filter", torch.ones(channels, 1, *kernel))
    by = [number for k in reversed(kernel) for number in ((k - 1) // 2, k // 2)]
    function, stride = CONVOLUTIONS[rank(x) - 1], each(layer.stride, x)

    def run(x: Tensor) -> Tensor:
        return function(F.pad(x, by, mode="reflect"), holder.filter, None, stride, groups=channels)

    return Twin(run, (holder,))


def unfold(layer: Any, x: Tensor) -> Twin:
    """Of 1, 2 or 3 axes, where PyTorch has `unfold` for 2."""
    by, kernel = padding(layer, x), each(layer.kernel, x)
    stride, dilation = each(layer.stride, x), each(layer.dilation, x)

    def run(x: Tensor) -> Tensor:
        inside = [before for before, _ in by] if symmetric(by) else 0
        if rank(x) == 2:
            x = x if symmetric(by) else padded(x, by)
            sizes = [
                (n + (2 * b if symmetric(by) else 0) - d * (k - 1) - 1) // s + 1
                for n, (b, _), k, s, d in zip(
                    x.shape[2:], by, kernel, stride, dilation, strict=True
                )
            ]
            return F.unfold(x, kernel, dilation, inside, stride).unflatten(2, sizes)
        x = padded(x, by)
        for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
            x = x.unfold(2 + axis, d * (k - 1) + 1, s)[..., ::d]
        axes = rank(x) // 2
        order = [*range(2 + axes, 2 + 2 * axes), *range(2, 2 + axes)]
        return x.permute(0, 1, *order).flatten(1, 1 + axes)

    return Twin(run)


def conv(layer: Any, x: Tensor) -> Twin:
    if layer.standardized:
        return standardized(layer, x)
    if layer.connection_table is None:
        return convolution(layer, x, layer.filters, layer.groups)
    maps = [x[:, list(row)] for row in layer.connection_table]
    filters = [convolution(layer, one, 1, 1) for one in maps]

    def run(x: Tensor) -> Tensor:
        table = zip(filters, layer.connection_table, strict=True)
        return torch.cat([one.run(x[:, list(row)]) for one, row in table], dim=1)

    return Twin(run, tuple(module for one in filters for module in one.modules))


def conv_transpose(layer: Any, x: Tensor) -> Twin:
    by = padding(layer, x)
    module = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[rank(x) - 1](
        x.shape[1], layer.filters, each(layer.kernel, x), each(layer.stride, x),
        [before for before, _ in by] if symmetric(by) else 0,
        each(layer.output_padding, x), layer.groups, layer.bias, each(layer.dilation, x),
    )  # fmt: skip
    if symmetric(by):
        return Twin(module, (module,))
    cut = [(-before, -after) for before, after in by]
    return Twin(lambda x: padded(module(x), cut), (module,))


def pooling(layer: Any, x: Tensor, pool: Sequence[Run], fill: float, **more: Any) -> Twin:
    """PyTorch pools with the same padding on both sides, of at most half a kernel: else pad first.

    On three axes it takes no kernel larger than the input without its padding either. Where
    ``ceil_mode`` is set, padding first would be another network.
    """
    kernel = each(layer.kernel, x)
    stride = kernel if layer.stride is None else each(layer.stride, x)
    by = padding(layer, x)
    native = symmetric(by) and all(
        2 * b <= k and (k <= n or rank(x) < 3)
        for (b, _), k, n in zip(by, kernel, x.shape[2:], strict=True)
    )
    assert native or not layer.ceil_mode
    inside = [before for before, _ in by] if native else 0
    outside = [(0, 0)] * rank(x) if native else by

    def run(x: Tensor) -> Tensor:
        x = padded(x, outside, fill) if not native else x
        function = pool[rank(x) - 1]
        return function(x, kernel, stride, inside, ceil_mode=layer.ceil_mode, **more)

    return Twin(run)


def maxpool(layer: Any, x: Tensor) -> Twin:
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)
    return pooling(layer, x, pool, float("-inf"), dilation=each(layer.dilation, x))


CONVOLUTIONS = (F.conv1d, F.conv2d, F.conv3d)
AVERAGE = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)


def avgpool(layer: Any, x: Tensor) -> Twin:
    plain = pooling(layer, x, AVERAGE, 0.0)
    return subsampling(layer, x, plain.run(x).shape[2:]) if layer.trainable else plain


def subsampling(layer: Any, x: Tensor, sizes: Sequence[int]) -> Twin:
    """LeNet-5's: a depthwise convolution whose weights are one coefficient per channel."""
    kernel = each(layer.kernel, x)
    stride = kernel if layer.stride is None else each(layer.stride, x)
    needed = [
        (before, (size - 1) * s + k - n - before)
        for (before, _), size, s, k, n in zip(
            padding(layer, x), sizes, stride, kernel, x.shape[2:], strict=True
        )
    ]
    channels = x.shape[1]
    holder = nn.ParameterDict(
        {name: nn.Parameter(torch.empty(channels)) for name in ("weight", "bias")}
    )
    function = CONVOLUTIONS[rank(x) - 1]

    def run(x: Tensor) -> Tensor:
        weight = holder["weight"].reshape(-1, 1, *[1] * rank(x)).expand(-1, 1, *kernel)
        return function(padded(x, needed), weight, holder["bias"], stride, groups=channels)

    return Twin(run, (holder,))


def l2pool(layer: Any, x: Tensor) -> Twin:
    average, elements = pooling(layer, x, AVERAGE, 0.0).run, prod(each(layer.kernel, x))
    return Twin(lambda x: (average(x * x) * elements).sqrt())


def adaptive(pool: Sequence[Run]) -> Callable[[Any, Tensor], Twin]:
    return lambda layer, x: Twin(lambda x: pool[rank(x) - 1](x, each(layer.output, x)))


ADAPTIVE_AVERAGE = (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d)
ADAPTIVE_MAXIMUM = (F.adaptive_max_pool1d, F.adaptive_max_pool2d, F.adaptive_max_pool3d)
