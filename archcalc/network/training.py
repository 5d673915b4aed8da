"""How a network is trained, as far as memory depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archcalc.record import Record


class Optimizer(Record):
    """What an optimizer holds beside parameters and gradients, in copies of the parameters.

    ``state`` stays from step to step. ``made`` are temporaries of its form for all parameters at
    once (PyTorch's ``foreach``, the default on a GPU), ``decayed`` what they are with weight decay.
    In the form that takes one parameter after the other, ``made_alone`` are temporaries as large as
    the parameter, one more with weight decay where it ``adds_decay`` to the gradient, and one as
    large as the parameter before it where it ``lingers``.
    """

    name: str
    state: int
    made: int = 0
    decayed: int = 1
    made_alone: int = 0
    adds_decay: bool = True
    lingers: bool = False

    def temporaries(self, sizes: Sequence[int], weight_decay: bool, foreach: bool) -> int:
        """Bytes made and dropped for parameters of these sizes, in their order."""
        if foreach:
            return (self.decayed if weight_decay else self.made) * sum(sizes)
        made = self.made_alone + (weight_decay and self.adds_decay)
        before = [0, *sizes][: len(sizes)] if self.lingers else [0] * len(sizes)
        pairs = zip(sizes, before, strict=True)
        return max([made * size + last for size, last in pairs], default=0)


OPTIMIZERS: Mapping[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", 0),
        Optimizer("momentum", 1),
        Optimizer("adam", 2, made=1, made_alone=2, lingers=True),
        Optimizer("adamw", 2, made=1, made_alone=2, adds_decay=False, lingers=True),
        Optimizer("rmsprop", 1, made=1, decayed=2, made_alone=1, lingers=True),
    )
}
HALVES = ("bfloat16", "float16")
CROSS_ENTROPY, OF_ALL, NO_LOSS = "cross-entropy", "cross-entropy-of-all", "none"
LOSSES = (CROSS_ENTROPY, OF_ALL, NO_LOSS)
STAGES, BLOCKS = "stages", "blocks"


class Settings(Record):
    """What a step of training is made of.

    ``amp`` is the half type of autocast, one of `HALVES`. ``checkpoint`` is what runs again in the
    backward pass: `STAGES`, `BLOCKS`, or paths of groups and of instances of blocks. ``in_place``:
    activations overwrite what they read, where they can and PyTorch has such a form. ``loss`` is
    one of `LOSSES`: of the last output, of every output, or none: the gradient of the last output
    is given. ``foreach`` tells the two forms of an optimizer apart. ``fit`` is a number of bytes
    that a step has, less those that are kept in ``reserve``.
    """

    optimizer: str = "momentum"
    weight_decay: bool = False
    amp: str | None = None
    checkpoint: tuple[str, ...] = ()
    in_place: bool = True
    loss: str = CROSS_ENTROPY
    foreach: bool = True
    batch: int | None = None
    fit: int | None = None
    reserve: int = 0

    @property
    def limit(self) -> int | None:
        return None if self.fit is None else self.fit - self.reserve

    @property
    def contradiction(self) -> str | None:
        """What two of them say that cannot be, in words."""
        if self.reserve and self.fit is None:
            return "reserve is taken from fit, which is not given"
        if self.fit is not None and self.reserve > self.fit:
            return f"reserve is {self.reserve:,} bytes, and fit only {self.fit:,}"
        return None
