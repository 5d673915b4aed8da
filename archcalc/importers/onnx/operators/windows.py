"""Convolutions, poolings and what changes sizes."""

from __future__ import annotations

from typing import Any

from archcalc.importers.graph import Untranslatable
from archcalc.importers.onnx.folding import integer, integers
from archcalc.importers.onnx.model import OnnxNode
from archcalc.importers.onnx.translation import Operator, Shape, Translation

Pads = list[tuple[int, int]]


def _text(node: OnnxNode, name: str, default: str) -> str:
    attribute = node.attributes.get(name)
    return str(attribute.value) if attribute else default


def _per_axis(node: OnnxNode, name: str, rank: int, default: int = 1) -> list[int]:
    return list(integers(node, name, (default,) * rank))


def _pads(node: OnnxNode, rank: int) -> Pads:
    """Pairs per axis: ONNX has all the sizes before the axes, and then those behind."""
    pads = integers(node, "pads", (0,) * (2 * rank))
    return list(zip(pads[:rank], pads[rank:], strict=True))


def _resolved(
    node: OnnxNode, spatial: Shape, kernel: list[int], stride: list[int], dilation: list[int]
) -> Pads:
    """The padding of `auto_pad`, or the one that is written."""
    mode = _text(node, "auto_pad", "NOTSET")
    if mode in ("NOTSET", ""):
        return _pads(node, len(spatial))
    if mode == "VALID":
        return [(0, 0)] * len(spatial)
    if mode not in ("SAME_UPPER", "SAME_LOWER"):
        raise Untranslatable(f"auto_pad={mode[:20]}")
    pads = []
    for n, f, s, d in zip(spatial, kernel, stride, dilation, strict=True):
        total = max(0, (-(-n // s) - 1) * s + d * (f - 1) + 1 - n)
        less = total // 2
        pads.append((less, total - less) if mode == "SAME_UPPER" else (total - less, less))
    return pads


def _plain(pads: Pads) -> Any:
    """One number per axis where both sides are alike, or the pairs."""
    return [before for before, _ in pads] if all(a == b for a, b in pads) else tuple(pads)


def _sizes(
    spatial: Shape, kernel: list[int], stride: list[int], dilation: list[int], pads: Pads
) -> Shape:
    return tuple(
        (n + a + b - d * (f - 1) - 1) // s + 1
        for n, f, s, d, (a, b) in zip(spatial, kernel, stride, dilation, pads, strict=True)
    )


def conv(t: Translation, node: OnnxNode) -> None:
    x, w, *bias = node.inputs
    shape = t.shape(x)
    weight, *rest = t.weights(w, *bias)
    kernel_shape = t.shape(w)
    rank = len(shape) - 2
    kernel = list(kernel_shape[2:])
    stride, dilation = _per_axis(node, "strides", rank), _per_axis(node, "dilations", rank)
    pads = _resolved(node, shape[2:], kernel, stride, dilation)
    spatial = _sizes(shape[2:], kernel, stride, dilation, pads)
    arguments = {
        "input": t.ref(x),
        "weight": weight,
        "bias": rest[0] if rest else None,
        "stride": stride,
        "padding": _plain(pads),
        "dilation": dilation,
        "groups": integer(node, "group", 1),
    }
    t.call(node, f"conv{rank}d", (shape[0], kernel_shape[0], *spatial), arguments)


def conv_transpose(t: Translation, node: OnnxNode) -> None:
    x, w, *bias = node.inputs
    shape, kernel_shape = t.shape(x), t.shape(w)
    weight, *rest = t.weights(w, *bias)
    rank, groups = len(shape) - 2, integer(node, "group", 1)
    kernel = list(kernel_shape[2:])
    stride, dilation = _per_axis(node, "strides", rank), _per_axis(node, "dilations", rank)
    extra = _per_axis(node, "output_padding", rank, 0)
    if "output_shape" in node.attributes or _text(node, "auto_pad", "NOTSET") != "NOTSET":
        raise Untranslatable("ConvTranspose with output_shape or auto_pad")
    pads = _pads(node, rank)
    if any(a != b for a, b in pads):
        raise Untranslatable("ConvTranspose with other padding on one side than on the other")
    spatial = [
        (n - 1) * s - 2 * p + d * (f - 1) + e + 1
        for n, f, s, d, (p, _), e in zip(
            shape[2:], kernel, stride, dilation, pads, extra, strict=True
        )
    ]
    arguments = {
        "input": t.ref(x),
        "weight": weight,
        "bias": rest[0] if rest else None,
        "stride": stride,
        "padding": [p for p, _ in pads],
        "output_padding": extra,
        "groups": groups,
        "dilation": dilation,
    }
    shape = (shape[0], kernel_shape[1] * groups, *spatial)
    t.call(node, f"conv_transpose{rank}d", shape, arguments)


def pool(kind: str) -> Operator:
    def apply(t: Translation, node: OnnxNode) -> None:
        (x,) = node.inputs
        shape = t.shape(x)
        rank = len(shape) - 2
        kernel = list(integers(node, "kernel_shape"))
        stride, dilation = _per_axis(node, "strides", rank), _per_axis(node, "dilations", rank)
        pads = _resolved(node, shape[2:], kernel, stride, dilation)
        spatial = _sizes(shape[2:], kernel, stride, dilation, pads)
        if kind == "avg" and {*kernel, *stride} == {1} and not any(map(any, pads)):
            _adaptive(t, node, kind)  # what exporters make of one that finds its size already there
            return
        ceil = bool(integer(node, "ceil_mode"))
        if ceil:
            spatial = _rounded_up(shape[2:], kernel, stride, dilation, pads)
        if kind == "avg" and any(map(any, pads)) and not integer(node, "count_include_pad"):
            t.notes.append("averages at the border leave the padding out, which changes no count")
        arguments = {
            "self": t.ref(x),
            "kernel_size": kernel,
            "stride": stride,
            "padding": _plain(pads),
            "dilation": dilation,
            "ceil_mode": ceil,
        }
        if len(node.outputs) > 1 and t.readers.get(node.outputs[1]):
            raise Untranslatable("MaxPool whose indices are read")
        t.call(node, f"{kind}_pool{rank}d", (*shape[:2], *spatial), arguments)

    return apply


def _rounded_up(
    spatial: Shape, kernel: list[int], stride: list[int], dilation: list[int], pads: Pads
) -> Shape:
    """A last window that hangs over, unless it starts behind the input and its first padding."""
    sizes = []
    for n, f, s, d, (a, b) in zip(spatial, kernel, stride, dilation, pads, strict=True):
        windows = -(-(n + a + b - d * (f - 1) - 1) // s) + 1
        sizes.append(windows - 1 if (windows - 1) * s >= n + a else windows)
    return tuple(sizes)


def global_pool(kind: str) -> Operator:
    def apply(t: Translation, node: OnnxNode) -> None:
        _adaptive(t, node, kind, 1)

    return apply


def _adaptive(t: Translation, node: OnnxNode, kind: str, size: int | None = None) -> None:
    """To one size for every axis, or as large as its input."""
    (x,) = node.inputs
    shape = t.shape(x)
    sizes = [n if size is None else size for n in shape[2:]]
    arguments = {"self": t.ref(x), "output_size": sizes}
    t.call(node, f"adaptive_{kind}_pool{len(sizes)}d", (*shape[:2], *sizes), arguments)


def pad(t: Translation, node: OnnxNode) -> None:
    x, *rest = node.inputs
    shape = t.shape(x)
    amounts = t.integers(rest[0]) if rest else integers(node, "pads")
    axes = range(len(shape))
    if len(rest) > 2 and rest[2]:
        axes = [axis % len(shape) for axis in t.integers(rest[2])]  # type: ignore[assignment]
    pairs = [(0, 0)] * len(shape)
    half = len(amounts) // 2
    for at, axis in enumerate(axes):
        pairs[axis] = (amounts[at], amounts[half + at])
    value = t.number(rest[1]) if len(rest) > 1 and rest[1] else 0
    mode = {"constant": "constant", "reflect": "reflect", "edge": "replicate"}.get(
        _text(node, "mode", "constant")
    )
    if mode is None:
        raise Untranslatable("Pad in this mode")
    flat = [size for pair in pairs[::-1] for size in pair]
    made = tuple(n + a + b for n, (a, b) in zip(shape, pairs, strict=True))
    arguments = {"self": t.ref(x), "pad": flat, "mode": mode, "value": value}
    t.call(node, "pad", made, arguments)


def resize(t: Translation, node: OnnxNode) -> None:
    """Resize and Upsample: sizes or factors, of the positions alone."""
    x, *rest = node.inputs
    shape = t.shape(x)
    sizes: tuple[int, ...] = ()
    factors: tuple[float, ...] = ()
    if len(rest) >= 3 and rest[2]:
        sizes = t.integers(rest[2])
    else:
        given = rest[1] if len(rest) > 1 else rest[0]
        scales = t.known.get(t.name(given))
        if scales is None:
            raise Untranslatable("sizes that are computed from activations")
        factors = tuple(map(float, scales.values))
        sizes = tuple(int(n * f) for n, f in zip(shape, factors, strict=True))
    if sizes[:2] != shape[:2]:
        raise Untranslatable("Resize of channels")
    mode = _text(node, "mode", "nearest")
    if mode not in ("nearest", "linear"):
        raise Untranslatable(f"Resize in mode {mode[:20]}")
    aligned = _text(node, "coordinate_transformation_mode", "") == "align_corners"
    rank = len(shape) - 2
    names = {1: "upsample_linear1d", 2: "upsample_bilinear2d", 3: "upsample_trilinear3d"}
    operation = names[rank] if mode == "linear" else f"upsample_nearest{rank}d"
    arguments = {
        "input": t.ref(x),
        "output_size": list(sizes[2:]),
        "align_corners": aligned and mode == "linear",
        "scale_factors": list(factors[2:]) or None,
    }
    t.call(node, operation, sizes, arguments)


def depth_to_space(t: Translation, node: OnnxNode) -> None:
    (x,) = node.inputs
    (n, c, *spatial), block = t.shape(x), integer(node, "blocksize")
    shape = (n, c // block**2, *(size * block for size in spatial))
    t.call(node, "pixel_shuffle", shape, {"self": t.ref(x), "upscale_factor": block})


def space_to_depth(t: Translation, node: OnnxNode) -> None:
    (x,) = node.inputs
    (n, c, *spatial), block = t.shape(x), integer(node, "blocksize")
    shape = (n, c * block**2, *(size // block for size in spatial))
    t.call(node, "pixel_unshuffle", shape, {"self": t.ref(x), "downscale_factor": block})


OPERATORS: dict[str, Operator] = {
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": pool("max"),
    "AveragePool": pool("avg"),
    "GlobalAveragePool": global_pool("avg"),
    "GlobalMaxPool": global_pool("max"),
    "Pad": pad,
    "Resize": resize,
    "Upsample": resize,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": space_to_depth,
}
