"""The cyclic garbage collector while a network is analysed."""

from __future__ import annotations

import gc
from contextlib import ContextDecorator
from threading import Lock


class Uncollected(ContextDecorator):
    """Pauses the cyclic garbage collector: a walk makes no circles, and much to look through.

    Several threads may be within at once; the last that leaves turns on what the first turned off.
    """

    _lock = Lock()
    _within = 0
    _was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if Uncollected._within == 0:
                Uncollected._was_on = gc.isenabled()
                gc.disable()
            Uncollected._within += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            Uncollected._within -= 1
            if Uncollected._within == 0 and Uncollected._was_on:
                gc.enable()
