"""What to make of each operation of PyTorch: a function for each, in the file of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from archcalc.importers.pytorch.lowering import Lowering, Result
from archcalc.importers.pytorch.operations import (
    attention,
    joining,
    merging,
    pointwise,
    reductions,
    resizing,
    slicing,
    views,
    windows,
)
from archcalc.importers.pytorch.operations.modules import of_module
from archcalc.importers.pytorch.traced import Call
from archcalc.importers.pytorch.values import Constant

OPERATIONS: Mapping[str, Callable[[Lowering, Call], Result]] = {
    **windows.TABLE,
    **resizing.TABLE,
    **pointwise.TABLE,
    **views.TABLE,
    **slicing.TABLE,
    **joining.TABLE,
    **reductions.TABLE,
    **merging.TABLE,
    **attention.TABLE,
}

PRODUCTS = ("linear", "conv1d", "conv2d", "conv3d", "matmul", "bmm", "mm", "einsum")
# What leaves every element of a parameter one, though another number.
POINTWISE = frozenset(
    ("exp", "clamp", "clamp_max", "clamp_min", "sigmoid", "rsub", "softplus", "neg", "tanh")
)
# What makes a tensor of another's shape or kind, whatever its elements are.
MAKES = frozenset(
    ("new_zeros", "new_ones", "new_full", "new_empty", "zeros_like", "ones_like", "full_like",
     "empty_like")
)  # fmt: skip
VIEWS = frozenset(
    ("view", "reshape", "permute", "transpose", "unsqueeze", "squeeze", "flatten", "unflatten",
     "expand", "contiguous", "clone", "to", "_to_copy", "t", "expand_as", "alias", "detach")
)  # fmt: skip


def of_constants(call: Call, arguments: Sequence[Result]) -> Result | None:
    """What is computed without an activation, as a constant; None for anything else."""
    if call.operation not in MAKES and not all(
        isinstance(argument, Constant) or _are_constants(argument) for argument in arguments
    ):
        return None
    read = [argument for argument in arguments if isinstance(argument, Constant)]
    if call.operation in PRODUCTS:
        return None
    for argument in arguments:
        if type(argument) is tuple:
            read += [item for item in argument if isinstance(item, Constant)]
    if call.operation in MAKES:
        read = []
    names = tuple(dict.fromkeys(name for constant in read for name in constant.parameters))
    is_view = len(read) == 1 and call.operation in VIEWS
    made = tuple(operation for constant in read for operation in constant.operations)

    def constant(shape: tuple[int, ...]) -> Constant:
        elements = read[0].elements if is_view else prod(shape)
        is_one = len(read) == 1 and call.operation in POINTWISE and bool(names)
        plain = (is_view or is_one) and read[0].plain
        operations = made if is_view else (*made, call.operation)
        parts = tuple(read) if call.operation == "cat" and len(shape) == 1 else ()
        return Constant(shape, names, plain, elements, operations, parts)

    found = tuple(map(constant, call.shapes or ((),)))
    if call.operation == "getitem":
        return found[0]
    return found if len(found) > 1 else found[0]


def _are_constants(argument: Result) -> bool:
    return type(argument) is tuple and all(isinstance(item, Constant) for item in argument)


__all__ = ["OPERATIONS", "of_constants", "of_module"]
