"""The part of the page on accuracy that holds memory of training against PyTorch's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import archcalc
from archcalc import Analysis
from archcalc.analysis.training import Training, infer, train
from archcalc.analysis.training.envelope import bytes_at
from archcalc.api import builtin_folder
from archcalc.network.training import BLOCKS, NO_LOSS, OF_ALL, STAGES, Settings

TESTS = Path(__file__).parent.parent / "tests"
FIGURES = TESTS / "pytorch_figures" / "training.json"
VGG16_BN = TESTS / "data" / "memory" / "vgg16-bn.yaml"
MIB = 2**20
OPTIMIZERS = {
    "sgd": "sgd",
    "sgdm": "momentum",
    "sgdm_wd": "momentum with weight decay",
    "adam": "adam",
    "adamw": "adamw",
    "rmsprop": "rmsprop",
}
FOREIGN = "lenet5"

INTRODUCTION = """## Memory of training

Bytes, held against eager PyTorch 2.14.1 on CUDA, followed on tensors without data
([memory.md](memory.md) has the rules). The figures are in `tests/pytorch_figures/training.json`;
`pytest -m torch` measures every type of layer by itself, random networks and torchvision's own
classes again, with PyTorch's own backward nodes; and what more than 500 random files keep, at least
20 with each type that is not recurrent, of tokens or learned. Where two numbers stand in a cell
they differ, and the second one is PyTorch's.
"""

SAVED = """### Kept for the backward pass

Batch 2, activations in place and not: both keep the same. {equal} of {every} are equal, all but
those of `lenet5`.
"""

PEAKS = """### Peaks of a step, and at inference

{equal} of {every} peaks of a step are equal, in phase and to the byte, {others} of
{without} without `lenet5`; and {inference} of {inferences} at inference, all but those of `lenet5`.
"""

DIFFERENCES = """\
- `lenet5`: PyTorch has no connection table, no trained subsampling and no RBF layer. What was
  measured wrote them with other layers, which keep volumes between them. Here the table is a
  convolution that keeps its input, the trained subsampling a depthwise one, and the RBF layer
  |x|^2 + |c|^2 - 2 x c, which keeps its input.
- `resnet101`, `resnet152` and their torchvision forms, batch 2 in float32: what was measured adds
  `x.reshape(x.shape)` to the residual. Nothing is added in place to the gradient of a view, so the
  gradient of the identity is alive once more: 442,368 and 1,044,480 bytes, at most {worst} %.
  torchvision's own classes have no such view, and are equal (below).
- `googlenet-aux` was measured with a loss at each output (`--loss cross-entropy-of-all`).
"""

OPTIMIZER = """### Optimizers

Batch 2: the peak of the step and that of its optimizer phase, with PyTorch's two forms: `foreach`,
for all parameters at once, which it takes on a GPU, and looped, one parameter after the other.
{equal} of {every} pairs are equal.
"""

CHECKPOINTING = """### Checkpointing

{equal} of {every} are equal but for 4 bytes: they were measured with the engine of the CPU, which
holds the gradient that it starts from.
"""

TORCHVISION = """### torchvision's own classes

Not twins built from our files, but `torchvision.models`; momentum, float32. {equal} of {every}
are equal. The five others are of files that follow the papers: they keep the output of a softmax,
which torchvision's classes end before, and those of VGG lack torchvision's adaptive pooling, whose
output is kept once more. `pytest -m torch` measures more of them at batch 3, in bytes kept, and
`mobilenet-v2`, `mobilenet-v3-large`, `densenet121` and `inception-v3` in peaks too:

- `mobilenet-v2`, `densenet121`, `inception-v3`, `resnext50` and `shufflenet-v2` are equal.
- `mobilenet-v3-large`: torchvision's dropout is in place, with a mask of an element of the volume's
  type in the place of a byte: 3 x 1,280 bytes a sample more in float32.
- `efficientnet-b0`: the same dropout, and a float32 a sample for each of 9 residuals that are
  dropped at random: 3 x 1,280 + 36 bytes a sample more.
- `convnext-tiny`: such a number for 17 residuals, 68 bytes a sample more.
- `swin-t`: such a number for 22 residuals, 88 bytes a sample: 319,902,384 here, 319,902,648 there.
  Built without that dropping, what is kept is equal in float32, and under bfloat16 autocast,
  265,249,296. The peaks are then 230,496 bytes higher there in both: buffers of 8 bytes for each of
  49 x 49 pairs of positions of a window, where they stand in the table of biases, in 12 layers.
  With it the peak in float32 is 903,372 bytes higher still, 0.15 %: 17 numbers a sample, and a
  volume of 14 x 14 x 384, since the gradient of a residual is multiplied by such a number.
- `squeezenet`: the class ends before the softmax, whose 1,000 outputs are kept here.
- Under bfloat16 autocast the first five are equal too, `convnext-tiny` and `squeezenet` differ by
  the same bytes, since both are in float32 there, and `efficientnet-b0` by 1,280 + 18 a sample.
- `vit-b16`, float32: 421,203,576 here, 464,776,824 there. `nn.MultiheadAttention` copies query, key
  and value into one storage, and the value, a view of it, keeps all three: two volumes of 197 x 768
  more in each of 12 layers. The peak is 43,573,248 bytes higher for the same reason, 3.7 %. Under
  bfloat16 autocast both are equal.
"""

PUBLISHED = """### Published measurements

Of others, on GPUs, with what the allocator counts (`max_memory_allocated`); MiB.
"""


def section() -> Iterator[str]:
    measured = json.loads(FIGURES.read_text(encoding="utf-8"))
    analyses = {name: archcalc.analyze(archcalc.load(name)) for name in measured["networks"]}
    yield INTRODUCTION
    yield from saved(analyses, measured["networks"])
    yield from peaks(analyses, measured["networks"])
    yield from optimizers(analyses, measured["optimizers"])
    yield from checkpointing(analyses, measured["checkpointing"])
    yield from torchvision(analyses, measured["networks"])
    yield from published()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> list[str]:
    """A markdown table; all columns after the first ``words`` are numbers."""
    rule = ["---" if number < words else "---:" for number in range(len(headings))]
    return [f"| {' | '.join(row)} |" for row in (headings, rule, *rows)] + [""]


def cell(ours: int, theirs: int) -> str:
    return f"{ours:,}" if ours == theirs else f"{ours:,} ({theirs:,})"


def agreeing(pairs: Iterable[tuple[Any, Any]]) -> int:
    return sum(ours == theirs for ours, theirs in pairs)


def amp(is_half: bool) -> str | None:
    return "bfloat16" if is_half else None


def of_layers(training: Training, analysis: Analysis, batch: int) -> int:
    """What the layers keep, without the loss."""
    sizes = [size for node, size in training.saved.items() if node < len(analysis.nodes)]
    return bytes_at(sum(sizes), batch)


def saved(analyses: dict[str, Analysis], networks: dict[str, Any]) -> list[str]:
    rows, pairs = [], []
    for name, analysis in analyses.items():
        row = [f"`{name}`"]
        for form in ("float32", "amp_bf16"):
            found = []
            for place in ("inplace", "outofplace"):
                settings = Settings(amp=amp(form != "float32"), in_place=place == "inplace")
                kept = of_layers(train(analysis, settings), analysis, 2)
                found.append((kept, networks[name]["saved_bytes"][f"{form}_{place}"]))
            assert found[0] == found[1]
            row.append(cell(*found[0]))
            pairs += found
        rows.append(row)
    text = SAVED.format(equal=agreeing(pairs), every=len(pairs))
    return [text, *table(["network", "float32", "bfloat16 autocast"], rows)]


def peaks(analyses: dict[str, Analysis], networks: dict[str, Any]) -> list[str]:
    rows, pairs, inference = [], {}, []
    for name, analysis in analyses.items():
        row = [f"`{name}`"]
        for number, run in enumerate(networks[name]["training_peak"]):
            loss = OF_ALL if len(analysis.outputs) > 1 else Settings().loss
            half = amp(run["dtype"] != "float32")
            settings = Settings(optimizer=run["optimizer"], loss=loss, amp=half)
            peak = train(analysis, settings).course.peak(run["batch"])
            pairs[name, number] = (peak.bytes, peak.phase), (run["bytes"], run["phase"])
            row.append(cell(peak.bytes, run["bytes"]))
        theirs = networks[name]["inference_peak"]
        for form in ("in_place", "out_of_place"):
            course = infer(analysis, Settings(in_place=form == "in_place")).course
            inference.append((course.peak(theirs["batch"]).bytes, theirs[form]))
            row.append(cell(*inference[-1]))
        rows.append(row)
    others = {key: pair for key, pair in pairs.items() if key[0] != FOREIGN}
    worst = max(abs(ours[0] - theirs[0]) / theirs[0] for ours, theirs in others.values())
    text = PEAKS.format(
        equal=agreeing(pairs.values()), every=len(pairs),
        others=agreeing(others.values()), without=len(others),
        inference=agreeing(inference), inferences=len(inference),
    )  # fmt: skip
    headings = [
        "network", "momentum, float32, 2", "adam, bfloat16, 2", "adam, float32, 32",
        "momentum, bfloat16, 32", "inference, 2", "not in place",
    ]  # fmt: skip
    differences = DIFFERENCES.format(worst=f"{100 * worst:.2f}")
    return [text, *table(headings, rows), differences]


def optimizers(analyses: dict[str, Analysis], measured: list[dict[str, Any]]) -> list[str]:
    rows: dict[tuple[str, str], list[str]] = {}
    pairs = []
    for run in measured:
        settings = Settings(
            optimizer=OPTIMIZERS[run["opt"]].split()[0],
            weight_decay=run["opt"].endswith("_wd"),
            foreach=run["foreach"],
        )
        course = train(analyses[run["net"]], settings).course
        ours = course.peak(2).bytes, course.moments(2)[-1].bytes
        theirs = run["truth"], run["opt_truth"]
        pairs.append((ours, theirs))
        row = rows.setdefault((run["net"], run["opt"]), [])
        row += map(cell, ours, theirs)
    headings = ["network", "optimizer", "foreach", "its optimizer", "looped", "its optimizer"]
    shown = [[f"`{net}`", OPTIMIZERS[opt], *row] for (net, opt), row in rows.items()]
    text = OPTIMIZER.format(equal=agreeing(pairs), every=len(pairs))
    return [text, *table(headings, shown, words=2)]


def checkpointing(analyses: dict[str, Analysis], measured: list[dict[str, Any]]) -> list[str]:
    rows, pairs = [], []
    for run in measured:
        names = STAGES if run["segments"] == 4 else BLOCKS
        course = train(analyses[run["net"]], Settings(checkpoint=(names,))).course
        ours, theirs = course.peak(run["B"]).bytes, run["truth_ckpt"]
        plain = train(analyses[run["net"]], Settings()).course.peak(run["B"]).bytes
        pairs.append((ours + 4, theirs))
        rows.append([f"`{run['net']}`", names, f"{run['B']}", f"{plain:,}", cell(ours, theirs)])
    text = CHECKPOINTING.format(equal=agreeing(pairs), every=len(pairs))
    headings = ["network", "runs again", "batch", "without", "with"]
    return [text, *table(headings, rows, words=2)]


def torchvision(analyses: dict[str, Analysis], networks: dict[str, Any]) -> list[str]:
    rows, pairs = [], []
    for name, analysis in analyses.items():
        theirs = networks[name].get("torchvision_module")
        if theirs is None:
            continue
        training = train(analysis, Settings())
        found = [(of_layers(training, analysis, 2), theirs["saved_truth"])]
        for batch in (2, 32):
            found.append((training.course.peak(batch).bytes, theirs[f"peak{batch}_truth"]))
        pairs += found
        rows.append([f"`{name}`", *(cell(*pair) for pair in found)])
    text = TORCHVISION.format(equal=agreeing(pairs), every=len(pairs))
    return [text, *table(["network", "kept, batch 2", "peak, batch 2", "peak, batch 32"], rows)]


def published() -> list[str]:
    """One layer of 1,024 units applied 100 times; two of torchvision's classes on a GPU."""
    layers = "layers: [{type: linear, repeat: 100, units: 1024}]"
    chain = archcalc.analyze(archcalc.loads(f"name: chain\ninput: 1024\n{layers}\n"))
    course = train(chain, Settings(optimizer="sgd", loss=NO_LOSS)).course
    after = [moment for moment in course.moments(10_240) if moment.phase == "forward"][-1].bytes
    shared = after - 99 * chain.layers[0].param_bytes
    resnet50 = Path(builtin_folder()) / "resnet50-torchvision.yaml"
    text = resnet50.read_text(encoding="utf-8").split("\npublished:")[0]
    tens = text.replace("units: 1000", "units: 10").split("\nexpect:")[0]
    found = [trained_with_sgd(VGG16_BN.read_text(encoding="utf-8")), trained_with_sgd(tens)]
    rows = [
        [
            "torchinfo, issue 144", "a linear layer 1024 x 1024 applied 100 times to 10,240 x 1024,"
            " after the forward pass", "4,044.00390625", mib(shared, 8), "equal",
        ],
        [
            "WSShiro/vramexp, torch 2.0.1", "`vgg16_bn`, 10 classes, batch 128, SGD",
            "17,231.9, of which about 25 were there before", mib(found[0]),
            f"{percent(found[0], 17_231.9 - 24.7)}: cuDNN's workspaces, up to 600 MB, are counted"
            " there and not here",
        ],
        [
            "WSShiro/vramexp, torch 2.0.1", "`resnet50`, 10 classes, batch 128, SGD",
            "11,738.2, of which about 1,052 were there before", mib(found[1]),
            f"{percent(found[1], 11_738.2 - 1_051.6)}: agrees",
        ],
    ]  # fmt: skip
    headings = ["from", "of", "measured", "computed", "verdict"]
    return [PUBLISHED, *table(headings, rows, words=len(headings))]


def trained_with_sgd(text: str) -> int:
    analysis = archcalc.analyze(archcalc.loads(text))
    return train(analysis, Settings(optimizer="sgd")).course.peak(128).bytes


def mib(count: int, digits: int = 1) -> str:
    return f"{count / MIB:,.{digits}f}"


def percent(count: int, measured: float) -> str:
    return f"{100 * (count / MIB / measured - 1):+.1f} %"
