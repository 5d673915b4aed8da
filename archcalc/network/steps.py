"""How a layer runs in eager PyTorch: its operations, and what each keeps for the backward pass."""

from __future__ import annotations

from enum import Enum

from archcalc.record import Record

SAMPLE = 1 << 64
"""The unit of what every sample takes: ``3 * SAMPLE + 5`` is 3 B + 5 in the batch B."""


INDEX_BYTES = 8


class Home(Enum):
    """Where an operation puts its output."""

    OWN = "a volume of its own"
    VIEW = "a view of its first input"
    PART = "a view of a part of its first input, which nothing overwrites"
    OWN_VIEW = "a view of a volume of its own"
    OVER = "over its first input; what is kept of the input is then the output"
    OVER_CLONE = "over its first input, of which a clone is then kept"


class Precision(Enum):
    """The element type that an operation runs in under autocast."""

    INPUT = "that of its widest input"
    HALF = "half"
    FULL = "float32"
    PROMOTED = "float32, on inputs as they are"


class Flow(Enum):
    """What the gradient of an input is."""

    NEW = "a volume of its own"
    MADE = "a volume of its own, made even where it is not needed"
    SPREAD = "a volume of its own with the output's elements, which are then added up"
    NEW_VIEW = "a view of a volume of its own"
    PASSED = "the incoming gradient itself"
    LESS = "the incoming gradient itself, for inputs but the first a volume of its own, added up"
    VIEW = "a view of the incoming gradient"
    PIECE = "a part of a volume that the first to run backward of its split makes for all"


class Step(Record):
    """One operation of a layer as autograd records it. Elements are of one sample, of the output's
    type; other sizes are multiples of `SAMPLE` and what does not depend on the batch, added up.

    ``reads`` are inputs of the layer, from 0, or results of its earlier steps, from ~0; ``holds``
    are such values that are alive while it runs though it does not read them. ``keeps`` are places
    in ``reads`` of what the backward pass needs, with ``partners`` only where what it is multiplied
    by needs a gradient; ``statistics`` are numbers kept, ``kept`` further bytes, ``kept_full`` more
    of them where it runs in the type of the parameters. At inference those are made and dropped,
    unless it ``trains_only``: then there are no statistics, and an operation that keeps bytes does
    nothing. ``working`` are bytes made and dropped in any case.

    ``derived`` are numbers calculated from its weights, which are kept in their place and have a
    gradient of their own; ``fixed`` are buffers that it multiplies by, which autocast copies.
    ``piece`` is its place among the parts of a split. An operation that ``gathers`` copies its
    first input if that is a part of a volume, or does so if that is not in half (``gathers_full``).

    ``made_backward`` are the most elements that the backward pass makes at once, where that is more
    than the gradients, and ``made_backward_bytes`` bytes beside them. Gradients of parameters are
    made with ``spread`` elements first where that is not 0, then added up.
    """

    elements: int
    reads: tuple[int, ...] = (0,)
    holds: tuple[int, ...] = ()
    home: Home = Home.OWN
    precision: Precision = Precision.INPUT
    flow: Flow = Flow.NEW
    keeps: tuple[int, ...] = ()
    keeps_output: bool = False
    partners: bool = False
    statistics: int = 0
    kept: int = 0
    kept_full: int = 0
    trains_only: bool = False
    working: int = 0
    made_backward: int = 0
    made_backward_bytes: int = 0
    spread: int = 0
    weights: int = 0
    biases: int = 0
    derived: int = 0
    fixed: int = 0
    piece: int = 0
    gathers: bool = False
    gathers_full: bool = False

    @property
    def keeps_results(self) -> bool:
        """Whether something is kept that is there only once the operation has run."""
        return self.keeps_output or self.statistics + self.derived + self.kept > 0

    @property
    def keeps_anything(self) -> bool:
        """Whether its backward pass needs more than the gradient; its weights count."""
        return bool(self.keeps) or self.weights > 0 or self.keeps_results


Steps = tuple[Step, ...]
