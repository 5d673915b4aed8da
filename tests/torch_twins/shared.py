"""What the twins of layers share: one number per axis, padding in rows, and a layer in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from torch.nn import functional as F

Tensor = Any
Run = Callable[..., Tensor]
Pairs = list[tuple[int, int]]


class Twin(NamedTuple):
    """A layer in PyTorch: what it computes, and the modules that hold its parameters."""

    run: Run
    modules: tuple[Any, ...] = ()


def rank(x: Tensor) -> int:
    return int(x.dim()) - 2


def dimension(axis: str, x: Tensor) -> int:
    """The dimension of a named axis; the channels are the second."""
    names = ("depth", "height", "width")[3 - rank(x) :] if rank(x) > 1 else ("length",)
    return 1 if axis == "channels" else 2 if axis == "positions" else 2 + names.index(axis)


def each(value: int | Sequence[int], x: Tensor) -> list[int]:
    """One number per spatial axis."""
    return [value] * rank(x) if isinstance(value, int) else list(value)


def pairs(value: Any, x: Tensor) -> Pairs:
    """[before, after] per spatial axis, from any of the ways to write padding in numbers."""
    return [(p, p) if isinstance(p, int) else (p[0], p[1]) for p in each(value, x)]


def padding(layer: Any, x: Tensor) -> Pairs:
    """Per axis: same is TensorFlow's, half D(F - 1) / 2 on both sides, causal all before."""
    if layer.padding not in ("same", "half", "causal"):
        return pairs(layer.padding, x)
    kernel = each(layer.kernel, x)
    stride = each(kernel if layer.stride is None else layer.stride, x)
    extra = each(getattr(layer, "output_padding", 0), x)
    dilation = each(layer.dilation, x)
    resolved: Pairs = []
    for n, k, s, d, e in zip(x.shape[2:], kernel, stride, dilation, extra, strict=True):
        if layer.padding == "half":
            resolved.append((d * (k - 1) // 2, d * (k - 1) // 2))
            continue
        if layer.padding == "causal":
            resolved.append((d * (k - 1), 0))
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
