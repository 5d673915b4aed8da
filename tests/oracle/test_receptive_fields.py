"""Receptive fields of random files, output by output, against back-propagation."""

from __future__ import annotations

from collections import Counter

import pytest
from drafts import files
from hypothesis import HealthCheck, given, settings

import archcalc
from archcalc.network.layers import LAYERS, Family

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

EACH = 20
ENDS = {
    "slice", "flatten", "reshape", "transpose", "parameter", "embedding", "matmul",
    "attention", "self_attention", "linear", "rbf", "lstm", "gru", "rnn", "rearrange", "roll",
    "gather", "reduce_sum", "divide", "constant", "grn",
    "global_avgpool", "global_maxpool", "split", "squeeze_excite",
}  # fmt: skip
# These keep positions and channels, and read their own position, as relu does.
ALIKE = {
    "lrn", "rmsnorm", "l2norm", "instancenorm", "groupnorm", "scale", "dropout", "maxout",
    "identity", "prelu", "rotary",
}  # fmt: skip
KINDS = (
    "conv", "depthwise_conv", "separable_conv", "conv_transpose", "maxpool", "avgpool", "l2pool",
    "adaptive_avgpool", "adaptive_maxpool", "pad", "crop", "upsample", "pixel_shuffle", "relu",
    "space_to_depth", "blurpool", "unfold", "layernorm", "batchnorm", "channel_shuffle", "add",
    "subtract", "multiply", "concat",
)  # fmt: skip


def test_every_output_reads_what_its_gradient_shows() -> None:
    """Of outputs that read no padding, gaps filled; outputs that read nothing read nothing."""
    from gradients import reads

    compared: Counter[str] = Counter()
    for kind in KINDS:

        @settings(
            max_examples=EACH,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(files(kind, KINDS))
        def agree(text: str) -> None:
            analysis = archcalc.analyze(archcalc.loads(text))
            for axis in range(len(analysis.input.spatial)):
                for row, measured in reads(analysis, axis):
                    if not row.field.aligned or row.field.axes is None:
                        continue
                    compared[row.type] += bool(measured)
                    for output, theirs in measured.items():
                        where = f"{row.name}, axis {axis}, output {output} in\n{text}"
                        assert row.field.axes[axis].at(output) == theirs, where

        agree()
    unseen = {k for k in KINDS if compared[k] < EACH and k != "separable_conv"}
    assert unseen == set()


def test_every_type_is_compared_or_ends_the_comparison() -> None:
    activations = {name for name, layer in LAYERS.items() if layer.family is Family.ACTIVATION}
    assert set(LAYERS) == {*KINDS, *ENDS, *ALIKE, *activations}
