"""What the modules of a model file are made of, as far as shapes and weights go."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from archcalc.importers.ultralytics.scope import ModelScope

HALF = Fraction(1, 2)


def conv(scope: ModelScope, x: int, filters: int, *options: Any) -> int:
    """Kernel, stride, padding, groups, dilation, and whether it is active: as `Scope.conv`."""
    return scope.conv("", x, filters, *options)


def depthwise(scope: ModelScope, x: int, filters: int, kernel: int = 1, stride: int = 1) -> int:
    return scope.depthwise("", x, filters, kernel, stride)


def focus(scope: ModelScope, x: int, filters: int, kernel: int = 1, stride: int = 1) -> int:
    x = scope.add("slices", "space_to_depth", [x], scale=2)
    return scope.conv("conv", x, filters, kernel, stride)


def bottleneck(
    scope: ModelScope,
    x: int,
    filters: int,
    shortcut: bool = True,
    groups: int = 1,
    kernels: tuple[int, int] = (3, 3),
    expansion: Fraction = HALF,
) -> int:
    """Two convolutions, around which the input goes where its channels are the output's."""
    y = scope.conv("cv1", x, int(filters * expansion), kernels[0])
    y = scope.conv("cv2", y, filters, kernels[1], groups=groups)
    if shortcut and scope.channels(x) == filters:
        return scope.add("add", "add", [x, y])
    return y


def early_bottleneck(
    scope: ModelScope,
    x: int,
    filters: int,
    shortcut: bool = True,
    groups: int = 1,
    expansion: Fraction = HALF,
) -> int:
    """The one of models with anchors, whose first kernel is 1."""
    return bottleneck(scope, x, filters, shortcut, groups, (1, 3), expansion)


def c3(
    scope: ModelScope,
    x: int,
    filters: int,
    repeats: int = 1,
    shortcut: bool = True,
    groups: int = 1,
    expansion: Fraction = HALF,
    kernels: tuple[int, int] = (1, 3),
) -> int:
    """Bottlenecks beside a single convolution, and one that joins both."""
    hidden = int(filters * expansion)
    y = scope.conv("cv1", x, hidden)
    for place in range(repeats):
        inside = scope.inside("m", "Sequential").inside(str(place), "Bottleneck")
        y = bottleneck(inside, y, hidden, shortcut, groups, kernels, Fraction(1))
    z = scope.conv("cv2", x, hidden)
    return scope.conv("cv3", scope.add("cat", "concat", [y, z]), filters)


InnerBlock = Callable[[ModelScope, int, int, bool, int], int]


def _c3k(scope: ModelScope, x: int, filters: int, shortcut: bool, groups: int) -> int:
    return c3(scope, x, filters, 2, shortcut, groups, HALF, (3, 3))


def _wide(scope: ModelScope, x: int, filters: int, shortcut: bool, groups: int) -> int:
    return bottleneck(scope, x, filters, shortcut, groups, (3, 3), Fraction(1))


def c2f(
    scope: ModelScope,
    x: int,
    filters: int,
    repeats: int = 1,
    shortcut: bool = False,
    groups: int = 1,
    expansion: Fraction = HALF,
    part: tuple[str, InnerBlock] = ("Bottleneck", _wide),
) -> int:
    """Half of the channels go through bottlenecks; all that they give on the way is joined."""
    hidden, (kind, inner) = int(filters * expansion), part
    y = scope.conv("cv1", x, 2 * hidden)
    parts = [
        scope.add(f"chunk{half}", "slice", [y], start=half * hidden, stop=(half + 1) * hidden)
        for half in range(2)
    ]
    for place in range(repeats):
        inside = scope.inside("m", "ModuleList").inside(str(place), kind)
        parts.append(inner(inside, parts[-1], hidden, shortcut, groups))
    return scope.conv("cv2", scope.add("cat", "concat", parts), filters)


def c3k2(
    scope: ModelScope,
    x: int,
    filters: int,
    repeats: int = 1,
    deep: bool = False,
    expansion: Fraction = HALF,
    groups: int = 1,
    shortcut: bool = True,
) -> int:
    """The same with smaller bottlenecks, or with two of them in a C3 each."""
    part: tuple[str, InnerBlock] = ("C3k", _c3k) if deep else ("Bottleneck", bottleneck)
    return c2f(scope, x, filters, repeats, shortcut, groups, expansion, part)


def spp(scope: ModelScope, x: int, filters: int, kernels: tuple[int, ...] = (5, 9, 13)) -> int:
    y = scope.conv("cv1", x, scope.channels(x) // 2)
    pools = [_pool(scope, f"m{place}", y, size) for place, size in enumerate(kernels)]
    return scope.conv("cv2", scope.add("cat", "concat", [y, *pools]), filters)


def sppf(scope: ModelScope, x: int, filters: int, kernel: int = 5) -> int:
    """Poolings one behind the other see what the wider ones of an SPP see."""
    parts = [scope.conv("cv1", x, scope.channels(x) // 2)]
    for place in range(3):
        parts.append(_pool(scope, f"m{place}", parts[-1], kernel))
    return scope.conv("cv2", scope.add("cat", "concat", parts), filters)


def _pool(scope: ModelScope, name: str, x: int, kernel: int) -> int:
    return scope.add(name, "maxpool", [x], kernel=kernel, stride=1, padding=kernel // 2)


def c2psa(
    scope: ModelScope, x: int, filters: int, repeats: int = 1, expansion: Fraction = HALF
) -> int:
    """Half of the channels go through attention blocks."""
    hidden = int(filters * expansion)
    y = scope.conv("cv1", x, 2 * hidden)
    a = scope.add("split0", "slice", [y], start=0, stop=hidden)
    b = scope.add("split1", "slice", [y], start=hidden, stop=2 * hidden)
    for place in range(repeats):
        inside = scope.inside("m", "Sequential").inside(str(place), "PSABlock")
        attended = _attention(inside.inside("attn", "Attention"), b, max(hidden // 64, 1))
        b = inside.add("add1", "add", [b, attended])
        feed = inside.inside("ffn", "Sequential")
        y = feed.conv("0", b, 2 * hidden)
        y = feed.conv("1", y, hidden, active=False)
        b = inside.add("add2", "add", [b, y])
    return scope.conv("cv2", scope.add("cat", "concat", [a, b]), filters)


def _attention(scope: ModelScope, x: int, heads: int) -> int:
    """Keys of half a head's size; the values go through a depthwise convolution as well."""
    channels = scope.channels(x)
    keys = channels // heads // 2 * heads
    y = scope.conv("qkv", x, channels + 2 * keys, active=False)
    q, k, v = (
        scope.add(name, "slice", [y], start=start, stop=stop)
        for name, start, stop in (
            ("q", 0, keys),
            ("k", keys, 2 * keys),
            ("v", 2 * keys, 2 * keys + channels),
        )
    )
    y = scope.add("attend", "attention", [q, k, v], heads=heads)
    place = scope.conv("pe", v, channels, 3, groups=channels, active=False)
    return scope.conv("proj", scope.add("add", "add", [y, place]), channels, active=False)


def classify(scope: ModelScope, x: int, classes: int, kernel: int = 1, stride: int = 1) -> int:
    y = scope.conv("conv", x, 1280, kernel, stride)
    y = scope.add("pool", "global_avgpool", [y])
    y = scope.add("linear", "linear", [y], units=classes)
    return scope.add("softmax", "softmax", [y])


def upsample(scope: ModelScope, x: int, size: int | None, scale: int, mode: str = "nearest") -> int:
    if size is not None or mode not in ("nearest", "bilinear"):
        raise ValueError("size, mode")
    return scope.add("", "upsample", [x], scale=scale, mode=mode)


def maxpool(
    scope: ModelScope, x: int, kernel: int, stride: int | None = None, padding: int = 0
) -> int:
    return scope.add("", "maxpool", [x], kernel=kernel, stride=stride, padding=padding)


def zero_pad(scope: ModelScope, x: int, sides: tuple[int, ...]) -> int:
    left, right, top, bottom = sides
    return scope.add("", "pad", [x], padding=((top, bottom), (left, right)))
