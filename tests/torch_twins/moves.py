"""Layers in PyTorch that move elements to other places, add them up, or turn and weigh them."""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch import nn
from torch_twins.shared import Tensor, Twin, dimension, each

from archcalc.network.order import order_of
from archcalc.network.volume import Volume


def summed(layer: Any, x: Tensor) -> Twin:
    along = dimension(layer.axis, x)
    return Twin(lambda x: x.sum(along, keepdim=True))


def rearranged(layer: Any, x: Tensor) -> Twin:
    """The axes cut, the parts in another order, and joined: channels come last in its words."""
    order = order_of(layer.order)
    sizes = order.sized(Volume(x.shape[1], tuple(x.shape[2:])))
    before = [part for axis in order.before for part in axis]
    places = [1 + before.index(part) for axis in order.after for part in axis]
    result = [prod(sizes[part] for part in axis) for axis in order.after]

    def run(x: Tensor) -> Tensor:
        cut = x.movedim(1, -1).reshape(len(x), *(sizes[part] for part in before))
        return cut.permute(0, *places).reshape(len(x), *result).movedim(-1, 1)

    return Twin(run)


def rolled(layer: Any, x: Tensor) -> Twin:
    shift = each(layer.shift, x)
    return Twin(lambda x: x.roll(shift, list(range(2, 2 + len(shift)))))


def gather(layer: Any, x: Tensor) -> Twin:
    """The places are any, and made anew, so that they are there while they are kept alone."""
    sizes = list(layer.size) if isinstance(layer.size, tuple) else [layer.size]
    return Twin(lambda x: x[:, :, torch.zeros(sizes, dtype=torch.int64, device=x.device)])


def constant(layer: Any) -> Twin:
    """Fixed numbers, the same for every sample."""
    holder = nn.Module()
    holder.register_buffer("numbers", torch.empty(1, layer.shape.channels, *layer.shape.spatial))
    return Twin(lambda: holder.numbers, (holder,))


def rotary(layer: Any, x: Tensor) -> Twin:
    """Any two halves are the pairs. The angles follow from the shape: they are not stored."""
    holder = nn.Module()
    holder.register_buffer("angles", torch.empty(x.shape[1:]), persistent=False)

    def run(x: Tensor) -> Tensor:
        return x * holder.angles + x.roll(1, 1) * holder.angles

    return Twin(run, (holder,))


def response_norm(layer: Any, x: Tensor) -> Twin:
    shape = (1, x.shape[1], *(1 for _ in x.shape[2:]))
    names = ("weight", "bias") if layer.affine else ()
    holder = nn.ParameterDict({name: nn.Parameter(torch.empty(shape)) for name in names})

    def run(x: Tensor) -> Tensor:
        lengths = x.flatten(2).norm(dim=2).view(shape if len(x) == 1 else (len(x), *shape[1:]))
        weighed = x * (lengths / lengths.mean(1, keepdim=True))
        return x + (holder["bias"] + holder["weight"] * weighed if layer.affine else weighed)

    return Twin(run, (holder,))
