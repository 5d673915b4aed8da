"""Layers as PyTorch trains them, where the twins of the other tests are not written for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import add, mul, sub
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch_twins.attention import attention as written_attention
from torch_twins.attention import heads, rows, volume
from torch_twins.others import pixels, unpixels
from torch_twins.shared import Tensor, Twin, dimension, each, padded, padding, rank

IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {
    function.__name__: partial(function, inplace=True)
    for function in (
        F.relu, F.relu6, F.leaky_relu, F.elu, F.selu, F.silu, F.mish, F.hardswish, F.hardsigmoid,
    )
}  # fmt: skip


def l2pool(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """PyTorch's own, on an input that is padded before."""
    layer, x = row.layer, inputs[0]
    kernel: Any = each(layer.kernel, x)
    stride: Any = kernel if layer.stride is None else each(layer.stride, x)
    by = padding(layer, x)
    if rank(x) == 1:
        kernel, stride = kernel[0], stride[0]
    pool = (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d)[rank(x) - 1]

    def run(x: Tensor) -> Tensor:
        x = padded(x, by) if any(map(any, by)) else x
        return pool(x, 2, kernel, stride, layer.ceil_mode)

    return Twin(run)


def pixel_shuffle(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """PyTorch's own is for two axes."""
    if rank(inputs[0]) != 2:
        return pixels(row.layer, inputs[0])
    return Twin(lambda x: F.pixel_shuffle(x, row.layer.scale))


def pixel_unshuffle(row: Any, inputs: Sequence[Tensor]) -> Twin:
    if rank(inputs[0]) != 2:
        return unpixels(row.layer, inputs[0])
    return Twin(lambda x: F.pixel_unshuffle(x, row.layer.scale))


def difference(row: Any, inputs: Sequence[Tensor]) -> Twin:
    return Twin(lambda *inputs: reduce(sub, broadcast(inputs)))


def total(row: Any, inputs: Sequence[Tensor]) -> Twin:
    return Twin(lambda *inputs: reduce(add, broadcast(inputs)))


def product(row: Any, inputs: Sequence[Tensor]) -> Twin:
    return Twin(lambda *inputs: reduce(mul, broadcast(inputs)))


def broadcast(inputs: Sequence[Tensor]) -> list[Tensor]:
    """Vectors with as many axes of size 1 as the others have; others as they are, no views."""
    axes = max(x.dim() for x in inputs)
    return [x if x.dim() == axes else x.reshape(*x.shape, *[1] * (axes - x.dim())) for x in inputs]


def attention(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """PyTorch's own, by its products or by a kernel; windows and tables are written out."""
    layer = row.layer
    if layer.window is not None or layer.bias_table:
        return written_attention(layer, inputs[0])
    groups = layer.kv_heads or layer.heads
    packed, sizes = type(layer).__name__ == "PackedAttention", tuple(inputs[0].shape[2:])

    def run(*inputs: Tensor) -> Tensor:
        if packed:
            size = inputs[0].shape[1] // (layer.heads + 2 * groups)
            parts = [layer.heads * size, groups * size, groups * size]
            cut = rows(inputs[0]).split(parts, dim=2)
        else:
            cut = tuple(rows(x) for x in (inputs if len(inputs) == 3 else inputs * 3))
        counts = (layer.heads, groups, groups)
        q, k, v = (heads(x, count) for x, count in zip(cut, counts, strict=True))
        return volume(attended(q, k, v, layer.fused).transpose(-3, -2).flatten(-2), sizes)

    return Twin(run)


def attended(q: Tensor, k: Tensor, v: Tensor, fused: bool) -> Tensor:
    """CUDA's memory-efficient kernel takes float32, and the one for halves is another."""
    if not fused:
        with sdpa_kernel(SDPBackend.MATH):
            return F.scaled_dot_product_attention(q, k, v, enable_gqa=q.shape[1] != k.shape[1])
    if torch.is_autocast_enabled("cuda"):
        q, k, v = (x.to(torch.get_autocast_dtype("cuda")) for x in (q, k, v))
    if q.dtype == torch.float32:
        return torch.ops.aten._scaled_dot_product_efficient_attention(q, k, v, None, True)[0]
    return torch.ops.aten._scaled_dot_product_flash_attention(q, k, v)[0]


def rmsnorm(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """As PyTorch writes it out where it has no kernel for it."""
    module = nn.RMSNorm(inputs[0].shape[1], elementwise_affine=row.layer.affine)

    def run(x: Tensor) -> Tensor:
        x = x.movedim(1, -1)
        x = x.float() if torch.is_autocast_enabled("cuda") else x
        root = x.pow(2).mean(-1, keepdim=True).add_(1e-6).rsqrt()
        result = x * root
        return (result if module.weight is None else result * module.weight).movedim(-1, 1)

    return Twin(run, (module,))


def embedding(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """A vector of indices, or one channel of them, as whole numbers of 4 bytes."""
    table = nn.Embedding(row.layer.entries, row.layer.channels)
    return Twin(lambda x: table(x if x.dim() == 2 else x[:, 0]).movedim(-1, 1), (table,))


def concat(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """Of learned tensors a view for every sample."""
    along = dimension(row.layer.axis, inputs[0])

    def run(*inputs: Tensor) -> Tensor:
        if len(inputs) == 1:
            return inputs[0]
        batch = max(len(x) for x in inputs)
        return torch.cat([x if len(x) == batch else x.expand(batch, -1, -1) for x in inputs], along)

    return Twin(run)


TRAINED: dict[str, Callable[[Any, Sequence[Tensor]], Twin]] = {
    "attention": attention,
    "l2pool": l2pool,
    "pixel_shuffle": pixel_shuffle,
    "space_to_depth": pixel_unshuffle,
    "subtract": difference,
    "add": total,
    "multiply": product,
    "embedding": embedding,
    "concat": concat,
    "rmsnorm": rmsnorm,
}
