"""What is computed on the way, as layers of its own: scores of attention, and learned tensors.

They are followed without a layer as long as they may become part of one.
"""

from __future__ import annotations

from typing import Any

from archcalc.importers.pytorch.arranging import multiplied
from archcalc.importers.pytorch.layout import viewed
from archcalc.importers.pytorch.lowering import Lowering
from archcalc.importers.pytorch.operations.broadcasting import merged
from archcalc.importers.pytorch.operations.joining import stored
from archcalc.importers.pytorch.operations.merging import scaled
from archcalc.importers.pytorch.operations.pointwise import soft_over
from archcalc.importers.pytorch.traced import Call, Ref, refs
from archcalc.importers.pytorch.values import Constant, Nothing, Scores, Value


def spelled_out(lowering: Lowering, scores: Scores) -> Value | None:
    """Scores as the layers that they are: a product, its factor, a bias, a softmax."""
    call = scores.call._replace(shapes=(scores.shape,))
    key = scores.key
    turned = key._replace(layout=(*key.layout[:-2], key.layout[-1], key.layout[-2]))
    made: Any = multiplied(lowering, call, scores.query, turned, True)
    if isinstance(made, Value) and made.shape != scores.shape:
        layout = viewed(made.layout, scores.shape)
        made = (
            made._replace(layout=layout)
            if layout
            else lowering.refused(call, "a view of scores that cuts their rows")
        )
    if isinstance(made, Value) and scores.by != 1:
        made = scaled(lowering, call, made, scores.by)
    if isinstance(made, Value) and scores.table:
        table = as_value(lowering, Ref(scores.table))
        made = merged(lowering, call, "add", made, table) if table else None
    if isinstance(made, Value) and scores.is_soft:
        made = soft_over(lowering, call, made, -1)
    return made if isinstance(made, Value) else None


def as_value(lowering: Lowering, ref: Any) -> Value | None:
    """A tensor as what layers give; None where it is none, which is refused."""
    tensor = lowering.tensor(ref)
    if isinstance(tensor, Value):
        return tensor
    if isinstance(tensor, Scores):
        made = spelled_out(lowering, tensor)
        lowering.results[ref.name] = made or Nothing()
        return made
    if isinstance(tensor, Constant):
        if ref.name not in lowering.realised:
            lowering.realised[ref.name] = realised(lowering, ref.name, tensor)
        return lowering.realised[ref.name]
    if not isinstance(tensor, Nothing):
        lowering.assembly.refuse(f"{type(tensor).__name__} that is read as an activation", ref.name)
    return None


def realised(lowering: Lowering, name: str, constant: Constant) -> Value | None:
    """A tensor that is made of parameters or fixed numbers, as the rows that make it."""
    call = lowering.calls.get(name)
    if call is None or constant.plain or not constant.parameters:
        return stored(lowering, call or Call(name, "parameter", {}, (constant.shape,)), constant)
    kept = dict(lowering.results)
    for ref in refs(call):
        tensor = lowering.tensor(ref)
        if isinstance(tensor, Constant) and tensor.parameters:
            value = as_value(lowering, ref)
            if value is None:
                return None
            lowering.results[ref.name] = value
    made = lowering.apply(lowering, call)
    lowering.results = kept
    return made if isinstance(made, Value) else None
