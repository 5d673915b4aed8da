"""A network of an analysis as PyTorch trains it: its layers in file order, freed by references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch_training.layers import IN_PLACE, TRAINED
from torch_training.oracle import Saved
from torch_twins.shared import Tensor, dimension
from twin import ACTIVATIONS, built

from archcalc import Analysis
from archcalc.network.network import INPUT

Values = dict[int, Tensor]
VIEWS = ("identity", "flatten", "reshape", "slice", "transpose")


class Network(nn.Module):  # type: ignore[misc]
    """The layers of an analysis; every volume is let go of after its last use.

    Activations are done in place where nobody else needs what they read: ``saved`` is asked.
    ``segments`` are nodes, from one to before another, that are checkpointed.
    """

    def __init__(
        self,
        analysis: Analysis,
        in_place: bool = True,
        segments: Iterable[tuple[int, int]] = (),
    ) -> None:
        super().__init__()
        self.nodes = analysis.nodes
        self.outputs = [index for _, index in analysis.network.outputs]
        self.in_place = in_place
        self.segments = dict(segments)
        self.saved: Saved | None = None
        self.feeds = [(*node.node.inputs, *node.node.likes) for node in self.nodes]
        self.readers = Counter(feed for feeds in self.feeds for feed in feeds)
        self.readers.update(self.outputs)
        self.runs: list[Any] = [None]
        self.held = nn.ModuleList()
        with torch.device("meta"):
            shapes = [torch.empty(2, n.output.channels, *n.output.spatial) for n in self.nodes]
        for node, feeds in list(zip(self.nodes, self.feeds, strict=True))[1:]:
            make = TRAINED.get(node.type, built)
            twin = make(node, [shapes[feed] for feed in feeds])  # type: ignore[no-untyped-call]
            self.held.extend(module.train() for module in twin.modules)
            self.runs.append(twin.run)

    def forward(self, x: Tensor) -> list[Tensor]:
        values: Values = {INPUT: x}
        del x
        left = Counter(self.readers)
        left[INPUT] += 1
        index = INPUT + 1
        while index < len(self.nodes):
            stop = self.segments.get(index)
            if stop is None:
                self.run(index, values, left)
            else:
                self.run_again_later(index, stop, values, left)
            index = stop or index + 1
        return [values[output] for output in self.outputs]

    def run(self, index: int, values: Values, left: Counter[int]) -> None:
        node, feeds = self.nodes[index], self.feeds[index]
        if hasattr(node.layer, "place"):
            self.split(index, values, left)
            return
        if node.type in ACTIVATIONS:
            (feed,) = feeds
            left[feed] -= 1
            given = values[feed] if left[feed] else values.pop(feed)
            in_place = self.in_place and self.is_alone(feed)
            result = self.activate(node.type, given, values, in_place)
        else:
            result = self.runs[index](*[values[feed] for feed in feeds])
            for feed in feeds:
                left[feed] -= 1
                if left[feed] == 0:
                    del values[feed]
        if node.activation:
            given = result
            del result
            result = self.activate(node.activation, given, values, self.in_place)
        given = None
        values[index] = result
        if left[index] == 0:
            del values[index]

    def split(self, index: int, values: Values, left: Counter[int]) -> None:
        """All parts of a split at once, at the first of them."""
        first: Any = self.nodes[index].layer
        if first.place:
            return
        feed = self.feeds[index][0]
        parts = [first]
        while getattr(self.nodes[index + len(parts)].layer, "place", 0) == len(parts):
            parts.append(self.nodes[index + len(parts)].layer)
        sizes = [part.stop - part.start for part in parts]
        along = dimension(first.axis, values[feed])
        for place, part in enumerate(torch.split(values[feed], sizes, along)):
            if left[index + place]:
                values[index + place] = part
        left[feed] -= len(parts)
        if left[feed] == 0:
            del values[feed]

    def activate(self, name: str, value: Tensor, values: Values, in_place: bool) -> Tensor:
        if in_place and name in IN_PLACE and self.is_free(value, values):
            return IN_PLACE[name](value)
        return ACTIVATIONS[name](value)

    def is_alone(self, index: int) -> bool:
        """Whether one layer reads a volume, and nobody else what it is a view of."""
        node = self.nodes[index]
        if index == INPUT or self.readers[index] != 1:
            return False
        if node.type in VIEWS and not node.activation:
            return self.is_alone(self.feeds[index][0])
        return True

    def is_free(self, value: Tensor, values: Values) -> bool:
        """Whether nobody needs the storage of a volume but the layer that reads it now."""
        storage = value.untyped_storage()
        tensors = list(values.values())
        tensors += [holder.tensor for holder in self.saved.holders] if self.saved else []
        needed = {one.untyped_storage()._cdata for one in tensors if one is not None}
        is_part = value.numel() * value.element_size() < storage.nbytes()
        return storage._cdata not in needed and not is_part

    def run_again_later(self, start: int, stop: int, values: Values, left: Counter[int]) -> None:
        """Checkpoint nodes; what they read from outside is held."""
        inside = range(start, stop)
        reads = Counter(feed for index in inside for feed in self.feeds[index])
        entering = [feed for feed in reads if feed not in inside]
        leaving = [index for index in inside if self.readers[index] > reads[index]]

        def again(*given: Tensor) -> tuple[Tensor, ...]:
            mine = dict(zip(entering, given, strict=True))
            del given
            mine_left = Counter({index: self.readers[index] for index in inside})
            mine_left.update({feed: reads[feed] + 1 for feed in entering})
            for index in inside:
                self.run(index, mine, mine_left)
            return tuple(mine[index] for index in leaving)

        results = checkpoint(
            again,
            *[values[feed] for feed in entering],
            use_reentrant=False,
            preserve_rng_state=False,
        )
        for feed in entering:
            left[feed] -= reads[feed]
            if left[feed] == 0:
                del values[feed]
        for index, result in zip(leaving, results, strict=True):
            left[index] -= reads[index]
            values[index] = result
