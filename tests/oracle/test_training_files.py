"""What random files keep for the backward pass against PyTorch's hooks: every type of layer."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from agreement import saved
from drafts import MERGES, files
from hypothesis import HealthCheck, given, settings

import archcalc
from archcalc.analysis.training import train
from archcalc.network.layers import LAYERS
from archcalc.network.training import Settings

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch

BATCH = 3
EACH = 20
TRIED = 40
# An estimate of what cuDNN keeps; the CPU keeps many small tensors.
RECURRENT = ("lstm", "gru", "rnn")
# One of several ways to write it; a view where the order stays, which is counted as a copy.
FOREIGN = ("grn", "rearrange")
# `test_training_tokens` has more of them.
SOURCES = ("parameter", "embedding", "constant")
# They read the channels of a position side by side, which are copied first where the layer before
# put them elsewhere; networks of tokens have them in `test_training_tokens`.
OF_TOKENS = ("attention", "self_attention", "matmul", "linear")


def draft(text: str) -> str:
    """The file with a layer in front that is trained, so that all layers keep what they need."""
    if "embedding" in text:  # reads indices, which nothing calculates
        return text
    return text.replace("layers:\n", "layers:\n  - {type: scale}\n")


def is_comparable(analysis: archcalc.Analysis) -> bool:
    """Whether PyTorch has its layers, and the twins are as people write them."""
    fixed: set[int] = set()
    types = {row.type for row in analysis.layers}
    if types & {"slice", "split"} and types & {"flatten", "linear", "rbf"}:
        return False  # what is flattened behind a slice of rows: docs/memory.md
    for number, row in enumerate(analysis.layers, 1):
        if row.layer.is_source:
            fixed.add(number)
        # What is calculated of learned tensors alone is counted for every sample.
        if fixed.issuperset(row.node.inputs) and (row.node.inputs or row.activation):
            return False
        if row.type == "embedding" and (row.node.inputs != (0,) or analysis.input.spatial):
            return False
        if not has_twin(row):
            return False
    return True


def has_twin(row: Any) -> bool:
    layer, windows = row.layer, row.windows
    if row.type in (*RECURRENT, *FOREIGN) or getattr(layer, "connection_table", None) is not None:
        return False
    if row.type in OF_TOKENS and (row.type != "linear" or row.output.spatial):
        return False
    if getattr(layer, "window", None) is not None or getattr(layer, "bias_table", False):
        return False  # written as in torchvision's Swin, which `test_torchvision` measures
    if row.type in ("space_to_depth", "pixel_shuffle"):
        return layer.scale > 1 or len(row.output.spatial) == 2  # PyTorch's has two axes
    if row.type == "avgpool" and layer.trainable:
        return False
    if row.type == "unfold" and len(windows) != 2 and all(w.kernel <= w.stride for w in windows):
        return False  # of two axes alone is PyTorch's own; here it is a view, if nothing is copied
    if row.type == "l2pool" and layer.ceil_mode and any(w.before or w.after for w in windows):
        return False  # PyTorch's pads nothing, so its last window may start in the padding
    if row.type in ("maxpool", "avgpool", "l2pool") and len(windows) == 3:
        return all(w.kernel <= w.size for w in windows)  # PyTorch refuses others
    return True


def is_of_cuda(text: str) -> bool:
    """Whether the CPU keeps something else: masks are not of bytes, and no slice is copied."""
    cuts = "slice" in text or "split" in text
    return "dropout" in text or ("batchnorm" in text and cuts)


def theirs(analysis: archcalc.Analysis, text: str) -> int:
    from torch_training.measure import entering, saved_bytes, saved_on_cpu
    from torch_training.network import Network

    data = partial(entering, analysis, BATCH)
    if "embedding" in text:
        shape = BATCH, analysis.input.channels
        return saved_on_cpu(analysis, BATCH, torch.zeros(shape, dtype=torch.int))
    if is_of_cuda(text):
        return saved_bytes(lambda: Network(analysis, in_place=False), data)
    return saved_on_cpu(analysis, BATCH)


def test_random_files_keep_what_pytorch_keeps() -> None:
    seen: Counter[str] = Counter()
    for kind in LAYERS:

        @settings(
            max_examples=TRIED,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(files(kind, tuple(LAYERS)))
        def agree(text: str) -> None:
            text = draft(text)
            analysis = archcalc.analyze(archcalc.loads(text))
            # Indices enter on the CPU.
            on_cpu = torch.version.cuda is None or "embedding" in text
            if (on_cpu and is_of_cuda(text)) or not is_comparable(analysis):
                return
            ours = saved(train(analysis, Settings(in_place=False)), analysis, BATCH)
            assert ours == theirs(analysis, text), f"in\n{text}"
            seen.update({"files", *(name for name in LAYERS if f"type: {name}" in text)})

        agree()
    assert seen["files"] >= 500
    few = {name for name in (*LAYERS, *MERGES) if seen[name] < EACH}
    assert few <= {*RECURRENT, *FOREIGN, *OF_TOKENS, *SOURCES}
