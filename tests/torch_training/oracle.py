"""A training step of PyTorch followed tensor by tensor, on a CUDA device that need not exist.

Tensors are fake: they have shapes and storages and no data. The forward pass is PyTorch's own. The
backward pass calls PyTorch's own backward nodes in the order of its engine, and adds gradients up
as the engine does: in place where nobody else holds the first one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from weakref import WeakSet

import torch
from torch._prims_common import (
    is_non_overlapping_and_dense_or_false as is_non_overlapping_and_dense,
)
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

Tensor = Any


class Tracker(TorchDispatchMode):  # type: ignore[misc]
    """The bytes of all storages alive, followed after every operation."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, tuple[Any, int]] = {}
        self.alive = 0
        self.peak = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor):
                self.add(leaf)
        self.sweep()
        self.peak = max(self.peak, self.alive)
        return result

    def add(self, tensor: Tensor) -> None:
        if tensor.device.type == "cpu":
            return
        storage = tensor.untyped_storage()
        ref = StorageWeakRef(storage)
        key = ref.cdata
        if key in self.known and not self.known[key][0].expired():
            return
        if key in self.known:
            self.alive -= self.known[key][1]
        self.known[key] = (ref, storage.nbytes())
        self.alive += storage.nbytes()

    def sweep(self) -> None:
        gone = [key for key, (ref, _) in self.known.items() if ref.expired()]
        for key in gone:
            self.alive -= self.known.pop(key)[1]

    def reset(self) -> None:
        self.sweep()
        self.peak = self.alive


class Holder:
    """A tensor saved for the backward pass, until the node that saved it has run."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor: Tensor | None = tensor


class Saved:
    """Saved tensors, packed as holders, which live as long as the graph that leads to a loss."""

    def __init__(self) -> None:
        self.holders: WeakSet[Holder] = WeakSet()
        self.unpacked: list[Holder] = []

    def pack(self, tensor: Tensor) -> Holder:
        holder = Holder(tensor.detach())
        self.holders.add(holder)
        return holder

    def unpack(self, holder: Holder) -> Tensor:
        assert holder.tensor is not None
        self.unpacked.append(holder)
        return holder.tensor

    def release(self) -> None:
        for holder in self.unpacked:
            holder.tensor = None
        self.unpacked.clear()

    def bytes(self, without: Iterable[Tensor]) -> int:
        """Bytes of distinct storages of what is saved, those of other tensors left out."""
        left = {tensor.untyped_storage()._cdata for tensor in without}
        tensors = [holder.tensor for holder in self.holders if holder.tensor is not None]
        storages = [tensor.untyped_storage() for tensor in tensors]
        sizes = {one._cdata: int(one.nbytes()) for one in storages if one._cdata not in left}
        return sum(sizes.values())


class Engine:
    """The order, the accumulation and the frees of PyTorch's engine, around its own nodes."""

    def __init__(self, saved: Saved) -> None:
        self.saved = saved
        self.buffers: dict[Any, list[Tensor | None]] = {}

    def run(self, root: Any, gradient: Tensor) -> None:
        self.buffers = {root: [gradient]}
        del gradient
        with _as_one_task():
            self._run(root)

    def _run(self, root: Any) -> None:
        waiting = self._dependencies(root)
        ready: list[tuple[int, int, Any]] = [(0, 0, root)]
        count = 0
        while ready:
            _, _, node = heapq.heappop(ready)
            for following in self._node(node):
                waiting[following] -= 1
                if waiting[following] == 0:
                    count += 1
                    if following in self.buffers:
                        heapq.heappush(ready, (_priority(following), count, following))

    def _dependencies(self, root: Any) -> dict[Any, int]:
        waiting: dict[Any, int] = {}
        stack, seen = [root], {root}
        while stack:
            for following, _ in stack.pop().next_functions:
                if following is None:
                    continue
                waiting[following] = waiting.get(following, 0) + 1
                if following not in seen:
                    seen.add(following)
                    stack.append(following)
        return waiting

    def _node(self, node: Any) -> list[Any]:
        if node.name() == "torch::autograd::AccumulateGrad":
            self._accumulate(node)
            return []
        results = self._call(node)
        self.saved.release()
        followed = []
        results.reverse()
        for following, index in node.next_functions:
            result = results.pop()
            if following is None:
                del result
                continue
            followed.append(following)
            if result is not None:
                self._into(following, index, result)
            del result
        return followed

    def _call(self, node: Any) -> list[Tensor | None]:
        inputs = self.buffers.pop(node)
        with torch.no_grad():
            results = node(*inputs)
            results = list(results) if isinstance(results, tuple) else [results]
            for place, (following, index) in enumerate(node.next_functions):
                if following is None or results[place] is None:
                    continue
                wanted = following._input_metadata[index]
                if tuple(results[place].shape) != tuple(wanted.shape):
                    results[place] = results[place].sum_to_size(wanted.shape)
                if results[place].dtype != wanted.dtype:
                    results[place] = results[place].to(wanted.dtype)
        return results

    def _accumulate(self, node: Any) -> None:
        (gradient,) = self.buffers.pop(node)
        with torch.no_grad():
            if node.variable.grad is None:
                node.variable.grad = gradient
            else:
                node.variable.grad.add_(gradient)

    def _into(self, node: Any, index: int, gradient: Tensor) -> None:
        buffer = self.buffers.setdefault(node, [None] * len(node._input_metadata))
        first = buffer[index]
        if first is None:
            buffer[index] = gradient
            return
        with torch.no_grad():
            if self._alone(first) and is_non_overlapping_and_dense(first):
                first.add_(gradient)
            else:
                buffer[index] = first + gradient

    def _alone(self, tensor: Tensor) -> bool:
        """Whether one pending gradient alone holds this storage; a view's is its base's."""
        if tensor._is_view():
            return False
        key = tensor.untyped_storage()._cdata
        holding = [
            pending
            for buffer in self.buffers.values()
            for pending in buffer
            if pending is not None and pending.untyped_storage()._cdata == key
        ]
        return len(holding) == 1


@contextmanager
def _as_one_task() -> Iterator[None]:
    """Checkpoints ask which backward pass they are in, to run each segment once in it.

    They go back to the autocast of the forward pass.
    """
    with (
        patch("torch._C._current_graph_task_id", return_value=1),
        patch("torch.cuda.amp.common.amp_definitely_not_available", return_value=False),
        patch("torch.cuda.is_bf16_supported", return_value=True),
    ):
        yield


def _priority(node: Any) -> int:
    if node.name() == "torch::autograd::AccumulateGrad":
        return -(2**63)
    return -int(node._sequence_nr())


@contextmanager
def autocast(dtype: Any | None) -> Iterator[None]:
    """CUDA's autocast, whether there is a CUDA or not."""
    if dtype is None:
        yield
        return
    with (
        patch("torch.cuda.amp.common.amp_definitely_not_available", return_value=False),
        patch("torch.cuda.is_bf16_supported", return_value=True),
        torch.autocast("cuda", dtype),
    ):
        yield


@contextmanager
def fake() -> Iterator[Tracker]:
    with FakeTensorMode(allow_non_fake_inputs=True), torch.device("cuda"), Tracker() as tracker:
        yield tracker
