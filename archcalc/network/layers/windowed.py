"""Layers in which a window slides over the spatial axes: what convolutions and poolings share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from archcalc.diagnostics import Fault
from archcalc.network.layers.base import Layer, Reach, Shape, Volumes
from archcalc.network.layers.checks import needs_axes, per_axis
from archcalc.network.layers.padding import paddings
from archcalc.network.receptive_field import Field, window_field
from archcalc.network.values import Padding, PerAxis
from archcalc.network.volume import Volume
from archcalc.network.window import Window, by_axis, same_padding


class Windowed(Layer):
    """A layer with a kernel; the channels that come out are the subclass's."""

    kernel: PerAxis
    stride: PerAxis | None
    padding: Padding
    dilation: PerAxis = 1
    ceil_mode: bool = False

    formula = "floor((N + P - D(F - 1) - 1) / S) + 1"
    padding_bound: ClassVar[str] = "smaller than the window"

    def windows(self, volume: Volume) -> tuple[Window, ...]:
        """One window per axis.

        Raises:
            Fault: ``axis-count``; ``not-an-integer`` for padding that is none.
        """
        needs_axes(self, volume)
        kernel = per_axis(self.kernel, volume, "kernel")
        stride = kernel if self.stride is None else per_axis(self.stride, volume, "stride")
        dilation = per_axis(self.dilation, volume, "dilation")
        padding = paddings(self.padding, volume, kernel, stride, dilation)
        axes = zip(volume.spatial, kernel, stride, padding, dilation, strict=True)
        return by_axis(self._window, axes)

    def _window(self, axis: tuple[int, int, int, tuple[int, int], int]) -> Window:
        size, kernel, stride, (before, after), dilation = axis
        return Window(size, kernel, stride, before, after, dilation, self.ceil_mode)

    def channels(self, volume: Volume) -> int:
        return volume.channels

    def changed(self, window: Window, name: str, value: int) -> Window | None:
        """A window of this layer with another ``size``, ``kernel`` or ``stride``.

        Where no stride is written it follows the kernel, and padding that is a word follows both;
        None where that is no whole number.
        """
        numbers: dict[str, Any] = {name: value}
        if name == "kernel" and self.stride is None:
            numbers["stride"] = value
        changed = window._replace(**numbers)
        if self.padding == "same":
            padding = same_padding(changed.size, changed.kernel, changed.stride, changed.dilation)
            return changed._replace(before=padding[0], after=padding[1])
        if self.padding == "half":
            half, rest = divmod(changed.extent - 1, 2)
            return None if rest else changed._replace(before=half, after=half)
        if self.padding == "causal":
            return changed._replace(before=changed.extent - 1, after=0)
        return changed

    def fits(self, window: Window, name: str, value: int) -> bool:
        """Whether the `changed` window ends with its padded input: a search asks thousands."""
        size, kernel, stride, before, after, dilation, _ = window
        if name == "stride":
            stride = value
        elif name == "size":
            size = value
        else:
            kernel, stride = value, value if self.stride is None else stride
        reach = dilation * (kernel - 1)
        if self.padding == "same":
            travel = size + sum(same_padding(size, kernel, stride, dilation)) - reach - 1
        elif self.padding == "half":
            travel = -1 if reach % 2 else size - 1
        elif self.padding == "causal":
            travel = size - 1
        else:
            travel = size + before + after - reach - 1
        return travel >= 0 and travel % stride == 0

    def input_sizes(self, window: Window) -> range:
        """Input sizes at most a stride away: windows fit into one of any S neighbouring sizes."""
        return range(max(1, window.size - window.stride), window.size + window.stride + 1)

    def kernels(self, window: Window) -> range:
        """Kernels up to a stride larger: without dilation, one of any S neighbours divides."""
        return range(1, window.kernel + window.stride + 1)

    def strides(self, window: Window) -> range:
        """Strides that skip no input, up to the window's extent or today's stride."""
        return range(1, max(window.extent, window.stride) + 1)

    def paddings(self, window: Window) -> range:
        """Padding on a side with which no window stands on padding alone."""
        return range(window.extent)

    def check_input(self, volume: Volume) -> None:
        """Refuse an input whose channels do not fit.

        Raises:
            Fault: with the rule that it breaks.
        """

    def on(self, inputs: Volumes) -> Shape:
        volume = inputs[0]
        self.check_input(volume)
        windows = self.windows(volume)
        sizes = by_axis(_output, windows)
        if min(sizes) < 1:
            raise _too_large(volume, windows)
        return Shape(inputs, Volume(self.channels(volume), sizes), windows)

    def size_arithmetic(self, shape: Shape) -> tuple[str, ...]:
        return tuple(window.arithmetic for window in shape.windows)

    def reach(self, shape: Shape) -> Reach:
        return by_axis(_field, shape.windows)

    def geometry(self, shape: Shape) -> Mapping[str, Any]:
        windows = shape.windows
        return {
            "kernel": [w.kernel for w in windows],
            "stride": [w.stride for w in windows],
            "padding": [[w.before, w.after] for w in windows],
            "dilation": [w.dilation for w in windows],
        }


def _output(window: Window) -> int:
    return window.output


def _field(window: Window) -> Field:
    return window_field(window.stride, window.before, window.extent)


def _too_large(volume: Volume, windows: tuple[Window, ...]) -> Fault:
    facts = []
    for axis, w in zip(volume.axis_names, windows, strict=True):
        if w.output >= 1:
            continue
        window = f"a window of {w.kernel}"
        if w.dilation > 1:
            window += f" with dilation {w.dilation} spans {w.extent} and"
        padded = f" with padding {w.before} + {w.after}" if w.before + w.after else ""
        facts.append(
            f"{axis}: {window} does not fit into {w.size}{padded}, "
            f"{w.extent - w.size - w.before - w.after} short"
        )
    return Fault("window-too-large", f"{'; '.join(facts)}; the input is {volume.described()}")
