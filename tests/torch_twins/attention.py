"""Products of activations in PyTorch, written out."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch_twins.shared import Tensor, Twin, each, rank


def rows(x: Tensor) -> Tensor:
    """Positions as rows, channels as columns."""
    return x.flatten(2).transpose(1, 2) if rank(x) else x.unsqueeze(1)


def heads(x: Tensor, count: int) -> Tensor:
    return x.unflatten(-1, (count, -1)).transpose(-3, -2)


def volume(x: Tensor, sizes: Sequence[int]) -> Tensor:
    """Rows as the positions of axes again."""
    return x.transpose(1, 2).unflatten(2, tuple(sizes)) if sizes else x.squeeze(1)


def matmul(layer: Any, x: Tensor) -> Twin:
    sizes = tuple(x.shape[2:])

    def run(a: Tensor, b: Tensor) -> Tensor:
        left, right = heads(rows(a), layer.heads), heads(rows(b), layer.heads)
        product = torch.matmul(left, right.transpose(-2, -1) if layer.transpose else right)
        return volume(product.transpose(-3, -2).flatten(-2), sizes)

    return Twin(run)


def tiles(x: Tensor, window: Sequence[int]) -> Tensor:
    """The rows of every window, one window after the other as samples."""
    axes = rank(x)
    for axis, w in enumerate(window):
        x = x.unflatten(2 + 2 * axis, (-1, w))
    order = [0, *range(2, 2 + 2 * axes, 2), *range(3, 3 + 2 * axes, 2), 1]
    return x.permute(order).flatten(0, axes).flatten(1, axes)


def untiled(x: Tensor, window: Sequence[int], sizes: Sequence[int]) -> Tensor:
    axes, counts = len(window), [n // w for n, w in zip(sizes, window, strict=True)]
    x = x.unflatten(1, tuple(window)).unflatten(0, (-1, *counts))
    order = [0, 1 + 2 * axes]
    order += [place for axis in range(axes) for place in (1 + axis, 1 + axes + axis)]
    x = x.permute(order)
    return x.reshape(len(x), x.shape[1], *sizes)


def attention(layer: Any, x: Tensor) -> Twin:
    sizes, groups = tuple(x.shape[2:]), layer.kv_heads or layer.heads
    window = sizes if layer.window is None else each(layer.window, x)
    holder = nn.ParameterDict()
    if layer.bias_table:
        entries = prod(2 * w - 1 for w in window)
        holder["table"] = nn.Parameter(torch.empty(entries, layer.heads))
    packed = type(layer).__name__ == "PackedAttention"

    def run(*inputs: Tensor) -> Tensor:
        if packed:
            size = inputs[0].shape[1] // (layer.heads + 2 * groups)
            parts = [layer.heads * size, groups * size, groups * size]
            inputs = inputs[0].split(parts, dim=1)
        elif len(inputs) == 1:
            inputs = inputs * 3
        cut = [rows(x) if layer.window is None else tiles(x, window) for x in inputs]
        counts = (layer.heads, groups, groups)
        q, k, v = (heads(x, count) for x, count in zip(cut, counts, strict=True))
        k, v = (x.repeat_interleave(layer.heads // groups, -3) for x in (k, v))
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
        if layer.bias_table:
            seen = scores.shape[-2:]
            index = torch.zeros(prod(seen), dtype=torch.long, device=scores.device)
            scores = scores + holder["table"][index].unflatten(0, seen).permute(2, 0, 1)
        found = (F.softmax(scores, -1) @ v).transpose(-3, -2).flatten(-2)
        if layer.window is None:
            return volume(found, sizes)
        return untiled(found, window, sizes)

    return Twin(run, (holder,))
