"""Convolutions and poolings as ONNX's operators."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import comb, prod
from typing import Any

from archcalc.exporters.onnx.body import GraphBody, NodeSite
from archcalc.network.layers.fixed import BlurPool

Emit = Callable[[GraphBody, NodeSite, Any], str]


def _attributes(site: NodeSite) -> dict[str, Any]:
    """Kernel, stride, dilation and padding: ONNX has what is before all axes first."""
    windows = site.shape.windows
    return {
        "kernel_shape": [window.kernel for window in windows],
        "strides": [window.stride for window in windows],
        "dilations": [window.dilation for window in windows],
        "pads": [window.before for window in windows] + [window.after for window in windows],
    }


def conv(body: GraphBody, site: NodeSite, layer: Any) -> str:
    if getattr(layer, "connection_table", None) is not None:
        return _by_table(body, site, layer)
    attributes = _attributes(site)
    groups, filters = layer.grouping(site.read), site.shape.output.channels
    kernel = (filters, site.channels // groups, *attributes["kernel_shape"])
    weight = body.weight("weight", *kernel)
    if getattr(layer, "standardized", False):
        weight = _standardized(body, weight, kernel, layer.gain)
    bias = [body.weight("bias", filters)] if layer.bias else []
    return body.add("Conv", [site.x, weight, *bias], group=groups, **attributes)


def _by_table(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """A convolution for each filter, of the maps that feed it."""
    attributes = _attributes(site)
    filters = []
    for at, maps in enumerate(layer.connection_table):
        x = body.add("Gather", [site.x, body.integers(maps)], axis=1)
        weight = body.weight(f"weight.{at}", 1, len(maps), *attributes["kernel_shape"])
        filters.append(body.add("Conv", [x, weight], **attributes))
    y = body.add("Concat", filters, axis=1)
    if not layer.bias:
        return y
    return body.add("Add", [y, body.weight("bias", len(filters), *(1,) * site.rank)])


def _standardized(body: GraphBody, weight: str, kernel: tuple[int, ...], gain: bool) -> str:
    axes = list(range(1, len(kernel)))
    centred = body.add("Sub", [weight, body.add("ReduceMean", [weight], axes=axes, keepdims=1)])
    square = body.add("Mul", [centred, centred])
    variance = body.add("ReduceMean", [square], axes=axes, keepdims=1)
    root = body.add("Sqrt", [body.add("Add", [variance, body.number(1e-5)])])
    made = body.add("Div", [centred, root])
    if not gain:
        return made
    return body.add("Mul", [made, body.weight("gain", kernel[0], *(1,) * (len(kernel) - 1))])


def conv_transpose(body: GraphBody, site: NodeSite, layer: Any) -> str:
    windows, filters = site.shape.transposed, site.shape.output.channels
    weight = body.weight(
        "weight", site.channels, filters // layer.groups, *(w.kernel for w in windows)
    )
    bias = [body.weight("bias", filters)] if layer.bias else []
    return body.add(
        "ConvTranspose",
        [site.x, weight, *bias],
        group=layer.groups,
        kernel_shape=[w.kernel for w in windows],
        strides=[w.stride for w in windows],
        dilations=[w.dilation for w in windows],
        pads=[w.before for w in windows] + [w.after for w in windows],
        output_padding=[w.output_padding for w in windows],
    )


def _reaching(site: NodeSite) -> list[int]:
    """Padding with which the last window of `ceil_mode` fits, where it hangs over."""
    pads = []
    for window in site.shape.windows:
        reach = (window.output - 1) * window.stride + window.extent
        pads.append(max(window.after, reach - window.before - window.size))
    return [window.before for window in site.shape.windows] + pads


def maxpool(body: GraphBody, site: NodeSite, layer: Any) -> str:
    return body.add("MaxPool", [site.x], **{**_attributes(site), "pads": _reaching(site)})


def avgpool(body: GraphBody, site: NodeSite, layer: Any) -> str:
    attributes = {**_attributes(site), "pads": _reaching(site)}
    del attributes["dilations"]
    includes = attributes["pads"] == _attributes(site)["pads"]
    y = body.add("AveragePool", [site.x], count_include_pad=int(includes), **attributes)
    if layer.trainable:
        y = body.add("Mul", [y, body.weight("weight", *site.per_channel())])
        y = body.add("Add", [y, body.weight("bias", *site.per_channel())])
    return y


def l2pool(body: GraphBody, site: NodeSite, layer: Any) -> str:
    attributes = {**_attributes(site), "pads": _reaching(site)}
    del attributes["dilations"]
    return body.add("LpPool", [site.x], p=2, **attributes)


def adaptive(operator: str, everything: str, reduce: str) -> Emit:
    def emit(body: GraphBody, site: NodeSite, layer: Any) -> str:
        sizes, wanted = site.read.spatial, site.shape.output.spatial
        if set(wanted) == {1}:
            return body.add(everything, [site.x])
        if not any(size % made for size, made in zip(sizes, wanted, strict=True)):
            kernel = [size // made for size, made in zip(sizes, wanted, strict=True)]
            return body.add(operator, [site.x], kernel_shape=kernel, strides=kernel)
        y = site.x
        for axis, (size, made) in enumerate(zip(sizes, wanted, strict=True), 2):
            y = _uneven(body, y, axis, size, made, reduce)
        return y

    return emit


def _uneven(body: GraphBody, x: str, axis: int, size: int, made: int, reduce: str) -> str:
    """Windows of different sizes along an axis, one by one: they are products of axes."""
    parts = []
    for at in range(made):
        window = body.sliced(x, axis, at * size // made, -(-(at + 1) * size // made))
        parts.append(body.add(reduce, [window], axes=[axis], keepdims=1))
    return body.add("Concat", parts, axis=axis)


def blurpool(body: GraphBody, site: NodeSite, layer: BlurPool) -> str:
    """A fixed filter for each channel: a row of Pascal's triangle along each axis."""
    geometry = layer.geometry(site.shape)
    kernel: list[int] = geometry["kernel"]
    pads: list[list[int]] = geometry["padding"]
    before, after = [0, 0, *(a for a, _ in pads)], [0, 0, *(b for _, b in pads)]
    padded = body.add("Pad", [site.x, body.integers([*before, *after])], mode="reflect")
    rows = [[comb(size - 1, at) / 2 ** (size - 1) for at in range(size)] for size in kernel]
    values = [prod(row) for row in product(*rows)]
    one = body.numbers(values, [1, 1, *kernel])
    weight = body.add("Expand", [one, body.integers([site.channels, 1, *kernel])])
    return body.add(
        "Conv",
        [padded, weight],
        group=site.channels,
        kernel_shape=kernel,
        strides=geometry["stride"],
    )


def unfold(body: GraphBody, site: NodeSite, layer: Any) -> str:
    """Every element of the window as a slice of the input, then those of a channel together."""
    windows = site.shape.windows
    pads = [0, 0, *(w.before for w in windows), 0, 0, *(w.after for w in windows)]
    padded = body.add("Pad", [site.x, body.integers(pads)]) if any(pads) else site.x
    slices = []
    for place in product(*(range(window.kernel) for window in windows)):
        y = padded
        for axis, (at, window) in enumerate(zip(place, windows, strict=True), 2):
            start = at * window.dilation
            stop = start + (window.output - 1) * window.stride + 1
            y = body.sliced(y, axis, start, stop, window.stride)
        slices.append(y)
    joined = body.add("Concat", slices, axis=1) if len(slices) > 1 else slices[0]
    return shuffled(body, joined, len(slices), site.output)


def shuffled(body: GraphBody, x: str, groups: int, shape: tuple[int, ...]) -> str:
    """The channels of groups interleaved."""
    n, channels, *spatial = shape
    parts = body.reshaped(x, [n, groups, channels // groups, *spatial])
    order = [0, 2, 1, *range(3, 3 + len(spatial))]
    return body.reshaped(body.transposed(parts, order), shape)


EMITS: dict[str, Emit] = {
    "conv": conv,
    "depthwise_conv": conv,
    "conv_transpose": conv_transpose,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "l2pool": l2pool,
    "adaptive_avgpool": adaptive("AveragePool", "GlobalAveragePool", "ReduceMean"),
    "adaptive_maxpool": adaptive("MaxPool", "GlobalMaxPool", "ReduceMax"),
    "global_avgpool": adaptive("AveragePool", "GlobalAveragePool", "ReduceMean"),
    "global_maxpool": adaptive("MaxPool", "GlobalMaxPool", "ReduceMax"),
    "blurpool": blurpool,
    "unfold": unfold,
}
