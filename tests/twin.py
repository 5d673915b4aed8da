"""PyTorch modules equal to the layers of an analysis: what each is asked about, ours is held to.

Formulas of archcalc are not used: padding words are resolved here, and sizes are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from archcalc import Analysis
from archcalc.analysis import LayerAnalysis
from archcalc.graph import INPUT
from archcalc.volume import Volume

Tensor = Any
Run = Callable[..., Tensor]
Pairs = list[tuple[int, int]]

ACTIVATIONS: dict[str, Run] = {
    "relu": F.relu, "relu6": F.relu6, "leaky_relu": F.leaky_relu, "elu": F.elu, "selu": F.selu,
    "gelu": F.gelu, "silu": F.silu, "mish": F.mish, "hardswish": F.hardswish,
    "hardsigmoid": F.hardsigmoid, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "softplus": F.softplus, "softmax": lambda x: F.softmax(x, dim=1), "identity": lambda x: x,
}  # fmt: skip


class Twin(NamedTuple):
    """A layer in PyTorch: what it computes, and the modules that hold its parameters."""

    run: Run
    modules: tuple[Any, ...] = ()


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
        outputs[INPUT] = empty(analysis.input)
        for index, row in enumerate(analysis.layers):
            inputs = [outputs[i] for i in (*row.node.inputs, *row.node.likes)]
            twin = built(row, inputs)
            with FlopCounterMode(display=False) as counter:
                output = twin.run(*inputs)
            outputs[index] = ACTIVATIONS[row.activation or "identity"](output)
            yield row, _found(twin, outputs[index], counter.get_total_flops())


def empty(volume: Volume) -> Tensor:
    return torch.empty(1, volume.channels, *volume.spatial)


def _found(twin: Twin, output: Tensor, flops: int) -> Found:
    named = [pair for module in twin.modules for pair in module.named_parameters()]
    counted = [
        buffer
        for module in twin.modules
        for name, buffer in module.named_buffers()
        if not name.endswith("num_batches_tracked")
    ]
    _, channels, *spatial = output.shape
    return Found(
        Volume(channels, tuple(spatial)),
        sum(p.numel() for name, p in named if not name.endswith("bias")),
        sum(p.numel() for name, p in named if name.endswith("bias")),
        sum(buffer.numel() for buffer in counted),
        flops // 2,
    )


def built(row: LayerAnalysis, inputs: Sequence[Tensor]) -> Twin:
    """The layer of a row, without its activation, for inputs of these shapes."""
    if row.type in ACTIVATIONS:
        return Twin(ACTIVATIONS[row.type])
    return BUILDERS[row.type](row.layer, inputs[0])


def rank(x: Tensor) -> int:
    return int(x.dim()) - 2


def each(value: int | Sequence[int], x: Tensor) -> list[int]:
    """One number per spatial axis."""
    return [value] * rank(x) if isinstance(value, int) else list(value)


def pairs(value: Any, x: Tensor) -> Pairs:
    """[before, after] per spatial axis, from any of the ways to write padding in numbers."""
    return [(p, p) if isinstance(p, int) else (p[0], p[1]) for p in each(value, x)]


def padding(layer: Any, x: Tensor) -> Pairs:
    """Padding per axis: same is TensorFlow's, half is D(F - 1) / 2 on both sides."""
    if layer.padding not in ("same", "half"):
        return pairs(layer.padding, x)
    kernel = each(layer.kernel, x)
    stride = each(kernel if layer.stride is None else layer.stride, x)
    extra = each(getattr(layer, "output_padding", 0), x)
    dilation = each(layer.dilation, x)
    resolved = []
    for n, k, s, d, e in zip(x.shape[2:], kernel, stride, dilation, extra, strict=True):
        if layer.padding == "half":
            resolved.append((d * (k - 1) // 2, d * (k - 1) // 2))
            continue
        if layer.type == "conv_transpose":
            total = d * (k - 1) + 1 + e - s
        else:
            total = max(0, ((n + s - 1) // s - 1) * s + d * (k - 1) + 1 - n)
        resolved.append((total // 2, (total + 1) // 2))
    return resolved


def padded(x: Tensor, by: Iterable[tuple[int, int]], value: float = 0.0) -> Tensor:
    """Rows added, or for negative numbers cut off, around every spatial axis."""
    flat = [number for pair in reversed(list(by)) for number in pair]
    return F.pad(x, flat, value=value)


def symmetric(by: Pairs) -> bool:
    return all(before == after for before, after in by)


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


def conv(layer: Any, x: Tensor) -> Twin:
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


def per_channel(x: Tensor, bias: bool) -> Twin:
    """One coefficient, and one bias, per channel."""
    shape = (1, x.shape[1], *(1 for _ in x.shape[2:]))
    holder = nn.ParameterDict({"weight": nn.Parameter(torch.empty(shape))})
    if bias:
        holder["bias"] = nn.Parameter(torch.empty(shape))
    shift = holder["bias"] if bias else 0
    return Twin(lambda x: x * holder["weight"] + shift, (holder,))


def adaptive(pool: Sequence[Run]) -> Callable[[Any, Tensor], Twin]:
    return lambda layer, x: Twin(lambda x: pool[rank(x) - 1](x, each(layer.output, x)))


ADAPTIVE_AVERAGE = (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d)
ADAPTIVE_MAXIMUM = (F.adaptive_max_pool1d, F.adaptive_max_pool2d, F.adaptive_max_pool3d)


def linear(layer: Any, x: Tensor) -> Twin:
    module = nn.Linear(prod(x.shape[1:]), layer.units, layer.bias)
    return Twin(lambda x: module(x.flatten(1)), (module,))


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
        return x.permute(0, 1, *order).reshape(1, x.shape[1], *(n * scale for n in sizes))

    return Twin(run)


def upsample(layer: Any, x: Tensor) -> Twin:
    mode = (
        "nearest" if layer.mode == "nearest" else ("linear", "bilinear", "trilinear")[rank(x) - 1]
    )
    if layer.size is not None:
        size = each(layer.size, x)
    else:
        scale = each(layer.scale, x)
        size = [n * s for n, s in zip(x.shape[2:], scale, strict=True)]
    return Twin(lambda x: F.interpolate(x, size, mode=mode))


def pad(layer: Any, x: Tensor) -> Twin:
    return Twin(lambda x: padded(x, pairs(layer.padding, x)))


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


def product(*inputs: Tensor) -> Tensor:
    first, *rest = broadcast(inputs)
    for x in rest:
        first = first * x
    return first


def reshape(layer: Any, x: Tensor) -> Twin:
    return Twin(lambda x: x.reshape(1, layer.shape.channels, *layer.shape.spatial))


BUILDERS: dict[str, Callable[[Any, Tensor], Twin]] = {
    "conv": conv,
    "depthwise_conv": lambda layer, x: convolution(
        layer, x, x.shape[1] * layer.multiplier, x.shape[1]
    ),
    "conv_transpose": conv_transpose,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "l2pool": l2pool,
    "adaptive_avgpool": adaptive(ADAPTIVE_AVERAGE),
    "adaptive_maxpool": adaptive(ADAPTIVE_MAXIMUM),
    "global_avgpool": adaptive(ADAPTIVE_AVERAGE),
    "global_maxpool": adaptive(ADAPTIVE_MAXIMUM),
    "linear": linear,
    "rbf": rbf,
    "flatten": lambda layer, x: Twin(lambda x: x.flatten(1)),
    "reshape": reshape,
    "batchnorm": module(batchnorm),
    "layernorm": layernorm,
    "instancenorm": module(instancenorm),
    "groupnorm": module(
        lambda layer, x: nn.GroupNorm(layer.groups, x.shape[1], affine=layer.affine)
    ),
    "lrn": module(lambda layer, x: nn.LocalResponseNorm(layer.size)),
    "scale": lambda layer, x: per_channel(x, layer.bias),
    "prelu": module(lambda layer, x: nn.PReLU(x.shape[1])),
    "maxout": maxout,
    "dropout": module(lambda layer, x: nn.Dropout(float(layer.rate))),
    "add": lambda layer, x: Twin(total),
    "multiply": lambda layer, x: Twin(product),
    "concat": lambda layer, x: Twin(lambda *inputs: torch.cat(inputs, dim=1)),
    "pad": pad,
    "crop": crop,
    "upsample": upsample,
    "pixel_shuffle": pixels,
    "channel_shuffle": shuffled,
    "slice": lambda layer, x: Twin(lambda x: x[:, layer.start : layer.stop]),
}
