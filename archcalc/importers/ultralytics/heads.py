"""The heads of a model: boxes and classes, and masks."""

from __future__ import annotations

from collections.abc import Sequence

from archcalc.importers.ultralytics.scope import ModelScope
from archcalc.network.volume import Volume

BINS = 16  # of the distance of each side of a box, whose mean is taken


def detect_by_anchors(scope: ModelScope, maps: Sequence[int], filters: int) -> list[int]:
    """A 1x1 convolution on each map: per anchor a box, whether there is one, and its class."""
    inside = scope.inside("m", "ModuleList")
    return [inside.plain(str(place), x, filters) for place, x in enumerate(maps)]


def detect(scope: ModelScope, maps: Sequence[int], classes: int, depthwise: bool) -> list[int]:
    """Boxes and classes by convolutions of their own on each map, then of all maps together."""
    first = scope.channels(maps[0])
    boxes, scores = max(16, first // 4, 4 * BINS), max(first, min(classes, 100))
    joined = []
    for place, x in enumerate(maps):
        name = str(place)
        box = _tower(
            scope.inside("cv2", "ModuleList").inside(name, "Sequential"), x, boxes, 4 * BINS
        )
        inside = scope.inside("cv3", "ModuleList").inside(name, "Sequential")
        tower = _depthwise_tower if depthwise else _tower
        score = tower(inside, x, scores, classes)
        both = scope.add(f"cat{place}", "concat", [box, score])
        channels = scope.channels(both)
        joined.append(_flattened(scope, f"flat{place}", both, channels))
    whole = scope.add("cat", "concat", joined, axis="positions")
    box = scope.add("boxes", "slice", [whole], start=0, stop=4 * BINS)
    score = scope.add("scores", "slice", [whole], start=4 * BINS, stop=4 * BINS + classes)
    score = scope.add("sigmoid", "sigmoid", [score])
    return [scope.add("out", "concat", [_means(scope.inside("dfl", "DFL"), box), score])]


def _flattened(scope: ModelScope, name: str, x: int, channels: int) -> int:
    return scope.add(name, "reshape", [x], shape=Volume(channels, (-1,)))


def _means(scope: ModelScope, x: int) -> int:
    """The mean of each side's bins: a softmax, and fixed weights 0, 1, 2, ..."""
    positions = scope.volume(x).positions
    y = scope.add("view", "reshape", [x], shape=Volume(BINS, (4, positions)))
    y = scope.add("softmax", "softmax", [y])
    y = scope.add("conv", "conv", [y], filters=1, kernel=1, bias=False)
    scope.assembly.freeze(y)
    return scope.add("sides", "reshape", [y], shape=Volume(4, (positions,)))


def _tower(scope: ModelScope, x: int, hidden: int, filters: int) -> int:
    y = scope.conv("1", scope.conv("0", x, hidden, 3), hidden, 3)
    return scope.plain("2", y, filters)


def _depthwise_tower(scope: ModelScope, x: int, hidden: int, filters: int) -> int:
    for place in range(2):
        inside = scope.inside(str(place), "Sequential")
        y = inside.depthwise("0", x, scope.channels(x), 3)
        x = inside.conv("1", y, hidden)
    return scope.plain("2", x, filters)


def prototypes(scope: ModelScope, x: int, number: int, channels: int) -> int:
    """Masks, from the finest map, of which every object's is a sum."""
    inside = scope.inside("proto", "Proto")
    y = inside.conv("cv1", x, channels, 3)
    y = inside.add("upsample", "conv_transpose", [y], filters=channels, kernel=2, stride=2)
    return inside.conv("cv3", inside.conv("cv2", y, channels, 3), number)


def coefficients(scope: ModelScope, maps: Sequence[int], number: int) -> int:
    """The factors of the masks at every position of every map."""
    hidden = max(scope.channels(maps[0]) // 4, number)
    found = []
    for place, x in enumerate(maps):
        part = scope.inside("cv4", "ModuleList").inside(str(place), "Sequential")
        found.append(_flattened(scope, f"mask{place}", _tower(part, x, hidden, number), number))
    return scope.add("masks", "concat", found, axis="positions")
