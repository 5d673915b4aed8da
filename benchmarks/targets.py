"""What the tool is meant to reach, beside what a run measured, met or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from measure import Section, digits


class Target(NamedTuple):
    """A bound of one measured figure; ``least`` where more is better."""

    what: str
    key: str
    bound: float
    unit: str
    least: bool = False

    def row(self, measured: Mapping[str, float]) -> list[str]:
        word = "at least" if self.least else "at most"
        target = f"{word} {digits(self.bound).removesuffix('.00').removesuffix('.0')} {self.unit}"
        if self.key not in measured:
            return [self.what, target, "not measured", ""]
        value = measured[self.key]
        met = value >= self.bound if self.least else value <= self.bound
        return [self.what, target, f"{digits(value)} {self.unit}", "yes" if met else "no"]


TARGETS = (
    Target(
        "`archcalc table vgg16 --format json`, cold, against its floor", "start of json", 1.4, "x"
    ),
    Target("`archcalc table vgg16` drawn, cold, against its floor", "start of table", 1.3, "x"),
    Target("ResNet-50, cold: faster than torchinfo on the meta device", "cold meta", 30, "x", True),
    Target("ResNet-50, cold: faster than torchinfo on the CPU", "cold cpu", 30, "x", True),
    Target(
        "ResNet-50, cold: less memory than torchinfo, the better of both",
        "cold memory",
        10,
        "x",
        True,
    ),
    Target("ResNet-152 in process: faster than torchinfo", "torchinfo", 8, "x", True),
    Target("ResNet-152 in process: faster than the meta forward pass", "forward", 6, "x", True),
    Target("analysis of ResNet-152, a layer", "layer of resnet152", 15, "µs"),
    Target("analysis of 100,000 distinct layers against 10,000", "growth of chain", 12, "x"),
    Target("100,000 layers from `repeat`, whole command", "repeat 100000 whole", 4, "s"),
    Target("100,000 layers from `repeat`, peak memory", "repeat 100000 megabytes", 400, "MB"),
    Target("memory of training of ResNet-152, beyond its analysis", "training resnet152", 6, "ms"),
    Target("`memory` of 100,000 layers from `repeat`, whole command", "training repeat", 3, "s"),
    Target(
        "`memory` of 100,000 layers from `repeat`, peak memory", "training megabytes", 500, "MB"
    ),
    Target("10,000 flat entries, whole command, against `yaml.compose`", "flat", 2.5, "x"),
    Target(
        "`check` over 1,000 files, less one start, against load and analysis", "check", 1.2, "x"
    ),
    Target("an editor: a change of ResNet-50 to diagnostics and hints", "edit:resnet50", 40, "ms"),
    Target("an editor: a change of GoogLeNet", "edit:googlenet", 60, "ms"),
    Target("an editor: a change of 5,000 entries", "edit:5,000 entries", 600, "ms"),
    Target("an ONNX file of 100 MB, whole command", "onnx", 0.3, "s"),
    Target("an ONNX file of 100 MB, peak memory", "onnx megabytes", 60, "MB"),
    Target("torchvision's ResNet-50, beyond importing PyTorch", "torchvision", 3, "s"),
)


def section(measured: Mapping[str, float]) -> Section:
    return Section(
        "Targets",
        "Ratios are of medians of this run.",
        ["what", "target", "measured", "met"],
        [target.row(measured) for target in TARGETS],
        {},
    )
