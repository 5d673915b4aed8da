"""Calculations without the collector of cyclic garbage, which would look at what they keep."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def uncollected(work: Callable[P, T]) -> Callable[P, T]:
    """The same, with the collector off until it ends, where it is on.

    A calculation makes objects that live as long as its result, and no cycles. Looking through them
    again and again takes a third of the time of large networks, and more of larger ones.
    """

    @wraps(work)
    def alone(*args: P.args, **kwargs: P.kwargs) -> T:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return alone
