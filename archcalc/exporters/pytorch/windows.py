"""Convolutions and poolings in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archcalc.exporters.pytorch.line import Line, Site, call, literal, per_axis, unless

Write = Callable[[Site], Line]


def _pairs(site: Site) -> list[tuple[int, int]]:
    return [(window.before, window.after) for window in site.shape.windows]


def _flat(pairs: list[tuple[int, int]]) -> str:
    """Pairs as `F.pad` takes them: the last axis first."""
    return literal(tuple(size for pair in reversed(pairs) for size in pair))


def _window(site: Site) -> dict[str, str]:
    """Stride, padding and dilation as arguments; empty where they are the defaults."""
    pairs = _pairs(site)
    alike = all(before == after for before, after in pairs)
    padding = _padding(site) if alike else ""
    return {
        "stride": unless(site.source("stride"), "1"),
        "padding": unless(padding, "0"),
        "dilation": unless(site.source("dilation"), "1") if hasattr(site.layer, "dilation") else "",
    }


def _padding(site: Site) -> str:
    if "padding" in site.keys or isinstance(site.value("padding"), int):
        return site.source("padding")
    return per_axis([before for before, _ in _pairs(site)])


def padded(site: Site, line: Line, fill: str = "") -> Line:
    """What pads the input first where the sides differ."""
    pairs = _pairs(site)
    if all(before == after for before, after in pairs):
        return line
    value = f", value={fill}" if fill else ""
    return line._replace(call=line.call.replace("{0}", f"F.pad({{0}}, {_flat(pairs)}{value})"))


def conv(site: Site) -> Line:
    layer: Any = site.layer
    kernel, bias = site.source("kernel"), unless(site.source("bias"), "True")
    groups = unless(site.source("groups"), "1")
    if layer.connection_table is not None:
        table = literal(layer.connection_table)
        make = call("TableConv2d", table, kernel, **_window(site))
        return Line(make, uses=("TableConv2d",))
    name = f"nn.Conv{site.rank}d"
    uses: tuple[str, ...] = ()
    more = {}
    if layer.standardized:
        name, uses = "StandardizedConv2d", ("StandardizedConv2d",)
        more = {"gain": "True" if layer.gain else ""}
    filters = site.source("filters")
    make = call(
        name, site.channels, filters, kernel, **_window(site), groups=groups, bias=bias, **more
    )
    return padded(site, Line(make, uses=uses))


def depthwise(site: Site) -> Line:
    multiplier = site.source("multiplier")
    filters = site.channels if multiplier == "1" else f"{_atom(site.channels)} * {multiplier}"
    bias = unless(site.source("bias"), "True")
    make = call(
        f"nn.Conv{site.rank}d",
        site.channels,
        filters,
        site.source("kernel"),
        **_window(site),
        groups=site.channels,
        bias=bias,
    )
    return padded(site, Line(make))


def _atom(source: str) -> str:
    return source if source.replace("_", "").replace(".", "").isalnum() else f"({source})"


def conv_transpose(site: Site) -> Line:
    windows = site.shape.transposed
    alike = all(window.before == window.after for window in windows)
    make = call(
        f"nn.ConvTranspose{site.rank}d",
        site.channels,
        site.source("filters"),
        site.source("kernel"),
        stride=unless(site.source("stride"), "1"),
        padding=unless(per_axis([w.before for w in windows]), "0") if alike else "",
        output_padding=unless(per_axis([w.output_padding for w in windows]), "0"),
        groups=unless(site.source("groups"), "1"),
        bias=unless(site.source("bias"), "True"),
        dilation=unless(site.source("dilation"), "1"),
    )
    if alike:
        return Line(make)
    cut = _flat([(-window.before, -window.after) for window in windows])
    return Line(make, f"F.pad({{module}}({{0}}), {cut})")


def _pool(site: Site, name: str, kernel: str, **more: str) -> Line:
    stride = site.value("stride")
    written = "" if stride is None or stride == site.value("kernel") else site.source("stride")
    window = {**_window(site), "stride": written}
    ceil = "True" if site.value("ceil_mode") else ""
    return Line(call(name, kernel, **window, ceil_mode=ceil, **more))


def maxpool(site: Site) -> Line:
    line = _pool(site, f"nn.MaxPool{site.rank}d", site.source("kernel"))
    return padded(site, line, 'float("-inf")')


def avgpool(site: Site) -> Line:
    if site.value("trainable"):
        arguments = [site.channels, site.source("kernel")]
        return Line(call("Subsampling", *arguments, **_window(site)), uses=("Subsampling",))
    return padded(site, _pool(site, f"nn.AvgPool{site.rank}d", site.source("kernel")))


def l2pool(site: Site) -> Line:
    """PyTorch's does not pad: zeros come before it, as many as the windows that there are reach."""
    windows = site.shape.windows
    if not any(window.before or window.after for window in windows):
        return _pool(site, f"nn.LPPool{site.rank}d", f"2, {site.source('kernel')}")
    stride = literal(tuple(window.stride for window in windows))
    make = call(f"nn.LPPool{site.rank}d", f"2, {site.source('kernel')}", stride=stride)
    reach = [
        (count - 1) * window.stride + window.kernel - window.before - window.size
        for count, window in zip(site.shape.output.spatial, windows, strict=True)
    ]
    pairs = [(window.before, after) for window, after in zip(windows, reach, strict=True)]
    return Line(make, f"{{module}}(F.pad({{0}}, {_flat(pairs)}))")


def adaptive(kind: str, whole: bool = False) -> Write:
    def write(site: Site) -> Line:
        return Line(
            call(f"nn.Adaptive{kind}Pool{site.rank}d", "1" if whole else site.source("output"))
        )

    return write


def blurpool(site: Site) -> Line:
    make = call("BlurPool2d", site.channels, site.source("kernel"), site.source("stride"))
    return Line(make, uses=("BlurPool2d",))


def unfold(site: Site) -> Line:
    make = call("nn.Unfold", site.source("kernel"), **_window(site))
    sizes = literal(site.shape.output.spatial)
    return padded(site, Line(make, f"{{module}}({{0}}).unflatten(2, {sizes})"))


WRITERS: dict[str, Write] = {
    "conv": conv,
    "depthwise_conv": depthwise,
    "conv_transpose": conv_transpose,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "l2pool": l2pool,
    "adaptive_avgpool": adaptive("Avg"),
    "adaptive_maxpool": adaptive("Max"),
    "global_avgpool": adaptive("Avg", whole=True),
    "global_maxpool": adaptive("Max", whole=True),
    "blurpool": blurpool,
    "unfold": unfold,
}
