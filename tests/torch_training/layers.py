"""Layers as PyTorch trains them, where the twins of the other tests are not written for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import add, mul, sub
from typing import Any

from torch.nn import functional as F
from torch_twins.shared import Tensor, Twin, each, padded, padding, rank

IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {
    function.__name__: partial(function, inplace=True)
    for function in (
        F.relu, F.relu6, F.leaky_relu, F.elu, F.selu, F.silu, F.mish, F.hardswish, F.hardsigmoid,
    )
}  # fmt: skip


def l2pool(row: Any, inputs: Sequence[Tensor]) -> Twin:
    """PyTorch's own, on an input that is padded before where that is needed."""
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
    return Twin(lambda x: F.pixel_shuffle(x, row.layer.scale))


def pixel_unshuffle(row: Any, inputs: Sequence[Tensor]) -> Twin:
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


TRAINED: dict[str, Callable[[Any, Sequence[Tensor]], Twin]] = {
    "l2pool": l2pool,
    "pixel_shuffle": pixel_shuffle,
    "space_to_depth": pixel_unshuffle,
    "subtract": difference,
    "add": total,
    "multiply": product,
}
