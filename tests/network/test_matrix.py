"""A layer as a matrix product: the matrices fit together, and their product takes its MACs."""

from __future__ import annotations

import pytest

from archcalc.network.layers import LAYERS
from archcalc.network.volume import Volume

PRODUCTS = [
    ("conv", {"filters": 6, "kernel": [3, 2], "padding": 1}),
    ("conv", {"filters": 6, "kernel": 3, "groups": 2, "bias": False}),
    ("depthwise_conv", {"kernel": 3, "multiplier": 2}),
    ("conv_transpose", {"filters": 6, "kernel": 3, "stride": 2, "groups": 2}),
    ("linear", {"units": 5}),
    ("rbf", {"units": 5}),
]


@pytest.mark.parametrize(("type", "keys"), PRODUCTS)
def test_multiplying_the_matrices_takes_the_macs(type: str, keys: dict[str, object]) -> None:
    layer = LAYERS[type](**keys)
    shape = layer.on((Volume(4, (9, 8)),))
    matrices = layer.matrix_product(shape)
    assert matrices
    volume, weights = matrices.operands[:2]
    inner = volume.rows.value
    assert weights.columns.value == inner
    assert weights.rows == matrices.result.rows
    assert volume.columns == matrices.result.columns
    entries = matrices.result.rows.value * matrices.result.columns.value
    assert matrices.groups * entries * inner == layer.macs(shape).value


def test_entries_that_a_connection_table_leaves_out_are_named() -> None:
    keys = {"filters": 3, "kernel": 1}
    table = LAYERS["conv"](**keys, connection_table=[[0], [0, 1], [1]])
    full = LAYERS["conv"](**keys, connection_table=[[0, 1], [0, 1], [0, 1]])
    shape = table.on((Volume(2, (4, 4)),))
    sparse, dense = table.matrix_product(shape), full.matrix_product(shape)
    assert sparse
    assert dense
    assert sparse.operands[1].meaning == (
        "the filters as rows, of which 4 entries are weights and the others 0"
    )
    assert dense.operands[1].meaning == "the filters as rows"


def test_a_pooling_is_no_matrix_product() -> None:
    layer = LAYERS["maxpool"](kernel=2)
    assert layer.matrix_product(layer.on((Volume(2, (4, 4)),))) is None
