"""Where a module puts its layers: the graph so far, and the modules around them."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

from archcalc.importers.assembly import Assembly
from archcalc.importers.graph import Module
from archcalc.network.volume import Volume


class ModelScope:
    """The inside of one module. ``activation`` is that of its convolutions."""

    def __init__(
        self, assembly: Assembly, modules: tuple[Module, ...], activation: str, where: str
    ) -> None:
        self.assembly = assembly
        self.modules = modules
        self.activation = activation
        self.where = where

    def inside(self, name: str, kind: str) -> ModelScope:
        """The inside of a module of this one."""
        modules = (*self.modules, Module(name, kind))
        return ModelScope(self.assembly, modules, self.activation, self.where)

    def volume(self, index: int) -> Volume:
        """The output of a node; 1 channel where a reason hides it, since nothing comes of it."""
        return self.assembly.volume(index) or Volume(1, (1, 1))

    def channels(self, index: int) -> int:
        return self.volume(index).channels

    def add(self, name: str, type: str, inputs: Sequence[int], **keys: object) -> int:
        """A layer of a type of ours, as a module of this name."""
        modules = (*self.modules, Module(name)) if name else self.modules
        return self.assembly.layer(type, inputs, modules, keys, self.where)

    def plain(self, name: str, x: int, filters: int, kernel: int = 1) -> int:
        """A convolution with biases alone."""
        padding = kernel // 2
        return self.add(name, "conv", [x], filters=filters, kernel=kernel, padding=padding)

    def conv(
        self,
        name: str,
        x: int,
        filters: int,
        kernel: int = 1,
        stride: int = 1,
        padding: int | None = None,
        groups: int = 1,
        dilation: int = 1,
        active: bool = True,
    ) -> int:
        """A convolution, a batch norm and the activation."""
        scope = self.inside(name, "Conv") if name else self
        keys: dict[str, object] = {
            "kernel": kernel,
            "stride": stride,
            "padding": dilation * (kernel - 1) // 2 if padding is None else padding,
            "dilation": dilation,
            "bias": False,
        }
        channels = self.channels(x)
        if 1 < groups == channels and filters % groups == 0:
            y = scope.add("conv", "depthwise_conv", [x], multiplier=filters // groups, **keys)
        else:
            y = scope.add("conv", "conv", [x], filters=filters, groups=groups, **keys)
        y = scope.add("bn", "batchnorm", [y])
        if active and self.activation:
            return scope.add("act", self.activation, [y])
        return y

    def depthwise(self, name: str, x: int, filters: int, kernel: int = 1, stride: int = 1) -> int:
        """As many groups as divide the channels on both sides."""
        groups = gcd(self.channels(x), filters)
        return self.conv(name, x, filters, kernel, stride, groups=groups)
