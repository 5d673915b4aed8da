"""How much an expansion may take: what a file asks for is counted before it is built."""

from __future__ import annotations

from archcalc.diagnostics import Fault, Span
from archcalc.limits import NETWORK_DEPTH_LIMIT, WORK_PER_LAYER

WORK_PER_SCOPE = 5
WORK_PER_NAME = 3
CHARACTERS_PER_STEP = 64


class Stop(Exception):
    """A limit is reached: what is left of the file is not expanded."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.fault = Fault("limit-exceeded", message, span=span)


class Budget:
    """Layers and steps that are left. Every check raises `Stop` where nothing is."""

    def __init__(self, layers: int) -> None:
        self.layers = layers
        self.steps = layers * WORK_PER_LAYER
        self.work = 0

    def spend(self, work: int, span: Span) -> None:
        self.work += work
        if self.work > self.steps:
            raise Stop(
                f"the file expands to more than {self.steps:,} steps, which is {WORK_PER_LAYER} "
                f"for each of {self.layers:,} layers",
                span,
            )

    def afforded(self, work: int, layers: int) -> bool:
        """Spends the work of a whole part at once, if that stays within the limits."""
        if self.work + work > self.steps or layers > self.layers:
            return False
        self.work += work
        return True

    def spend_text(self, characters: int, span: Span) -> None:
        """Long names make long paths."""
        self.spend(characters // CHARACTERS_PER_STEP, span)

    def check_layers(self, count: int, span: Span) -> None:
        if count > self.layers:
            raise Stop(f"the network has more than {self.layers:,} layers, the limit", span)

    def check_copies(self, copies: int, span: Span) -> None:
        if copies > self.layers:
            raise Stop(
                f"repeat is {copies:,}, and a network has at most {self.layers:,} layers", span
            )

    def enter(self, depth: int, prefix: str, span: Span) -> None:
        """A scope is opened at a depth, under a prefix of paths."""
        self.spend(WORK_PER_SCOPE + len(prefix) // CHARACTERS_PER_STEP, span)
        if depth >= NETWORK_DEPTH_LIMIT:
            raise Stop(
                f"groups, blocks and branches are nested deeper than {NETWORK_DEPTH_LIMIT} levels",
                span,
            )
