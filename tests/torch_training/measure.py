"""What PyTorch takes: bytes saved for the backward pass, the peaks of a step, and at inference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch.nn import functional as F
from torch_training.network import Network
from torch_training.oracle import Engine, Saved, autocast, fake
from torch_twins.shared import Tensor

from archcalc import Analysis

HALVES = {"bfloat16": torch.bfloat16, "float16": torch.float16}
OPTIMIZERS: dict[str, Callable[..., Any]] = {
    "sgd": lambda parameters, **keys: torch.optim.SGD(parameters, lr=0.1, **keys),
    "momentum": lambda parameters, **keys: torch.optim.SGD(
        parameters, lr=0.1, momentum=0.9, **keys
    ),
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
}
Build = Callable[[], Any]


class Peaks(NamedTuple):
    """The most bytes alive in each part of a step."""

    forward: int
    backward: int
    optimizer: int


def entering(analysis: Analysis, batch: int) -> Tensor:
    return torch.empty(batch, analysis.input.channels, *analysis.input.spatial)


def saved_bytes(build: Build, data: Callable[[], Tensor], amp: str | None = None) -> int:
    """Bytes that autograd keeps after a forward pass, parameters and buffers left out."""
    with fake():
        network, x = build(), data()
        saved = network.saved = Saved()
        hooks = torch.autograd.graph.saved_tensors_hooks(saved.pack, saved.unpack)
        with hooks, autocast(HALVES.get(amp or "")):
            outputs = network(x)
        kept = saved.bytes([*network.parameters(), *network.buffers()])
        del outputs
        return kept


def saved_on_cpu(analysis: Analysis, batch: int, x: Tensor = None) -> int:
    """The same with real tensors on the CPU, not in place: exact but for dropout's mask."""
    network = Network(analysis, in_place=False)
    x = entering(analysis, batch) if x is None else x
    saved = network.saved = Saved()
    with torch.autograd.graph.saved_tensors_hooks(saved.pack, saved.unpack):
        outputs = network(x)
    kept = saved.bytes([*network.parameters(), *network.buffers()])
    del outputs
    return kept


def peaks(
    build: Build,
    data: Callable[[], Tensor],
    optimizer: str = "momentum",
    amp: str | None = None,
    every_output: bool = False,
    **options: Any,
) -> Peaks:
    """The peaks of the second step, when the optimizer has its state."""
    with fake() as tracker:
        network, x = build(), data()
        updater = OPTIMIZERS[optimizer](network.parameters(), **{"foreach": True, **options})
        labels = None
        for _ in range(2):
            found = []
            updater.zero_grad(set_to_none=True)
            tracker.reset()
            saved = network.saved = Saved()
            hooks = torch.autograd.graph.saved_tensors_hooks(saved.pack, saved.unpack)
            with hooks, autocast(HALVES.get(amp or "")):
                outputs = network(x)
                outputs = outputs if isinstance(outputs, list) else [outputs]
                if labels is None:
                    batch, _, *positions = outputs[-1].shape
                    labels = torch.zeros(batch, *positions, dtype=torch.long)
                loss = F.cross_entropy(outputs[-1], labels)
                for output in outputs[:-1] if every_output else []:
                    loss = loss + F.cross_entropy(output, labels)
            output = None
            found.append(tracker.peak)
            tracker.reset()
            saved.holders.clear()
            Engine(saved).run(loss.grad_fn, torch.ones_like(loss))
            found.append(tracker.peak)
            tracker.reset()
            with torch.no_grad():
                updater.step()
            found.append(tracker.peak)
            del outputs, loss, saved
        return Peaks(*found)


def inference_peak(build: Build, data: Callable[[], Tensor]) -> int:
    """The most bytes of volumes without gradients; the caller holds the input."""
    with fake() as tracker, torch.no_grad():
        network, x = build().eval(), data()
        tracker.reset()
        before = tracker.alive - x.untyped_storage().nbytes()
        network(x)
        return tracker.peak - int(before)
