"""Memory of training, every layer type by itself and random networks, against PyTorch."""

from __future__ import annotations

import pytest
from agreement import agree, saved

import archcalc
from archcalc.analysis.training import train
from archcalc.network.layers import ACTIVATIONS, LAYERS
from archcalc.network.layers.base import Example
from archcalc.network.training import BLOCKS, STAGES, Settings

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.torch
# The CUDA device is fake, but a PyTorch that was built without CUDA does not even have that.
fake_cuda = pytest.mark.skipif(torch.version.cuda is None, reason="PyTorch was built without CUDA")

# Layers that PyTorch has not, so that a twin is one of several ways to write them.
FOREIGN = ("rbf", "lstm", "gru", "rnn", "grn", "rotary")
# Those that read nothing, or no numbers that are trained, and those whose heads lie side by side
# only in volumes of tokens: they are measured in networks of tokens.
OF_TOKENS = ("parameter", "constant", "embedding", "attention", "self_attention")
BATCHES = (2, 5)
# Entries that run in another way than the example of their type.
OTHER = {
    "pad reflect": Example("{type: pad, padding: 2, mode: reflect}", "9x7x4"),
    "pad replicate": Example("{type: pad, padding: 2, mode: replicate}", "9x7x4"),
    "pad channels": Example("{type: pad, channels: [1, 2]}", "9x7x4"),
    "causal conv": Example("{type: conv, filters: 6, kernel: 3, padding: causal}", "9x7x4"),
    "causal maxpool": Example("{type: maxpool, kernel: 3, padding: causal}", "9x7x4"),
    "scale by": Example("{type: scale, by: 0.1}", "9x7x4"),
    "scale tensor": Example("{type: scale, per: tensor}", "9x7x4"),
    "upsample fraction": Example("{type: upsample, scale: 3/2, mode: linear}", "9x7x4"),
    "subtract broadcast": Example(
        "{type: subtract, from: [input, a]}", "9x7x4", "{type: global_avgpool, name: a}"
    ),
    "rmsnorm of a vector": Example("{type: rmsnorm}", "12"),
    "rmsnorm without a scale": Example("{type: rmsnorm, affine: false}", "9x7x4"),
    "unfold overwritten": Example("{type: unfold, kernel: 3, activation: relu}", "9x7x4"),
    "batchnorm of a slice": Example(
        "{type: batchnorm}", "9x7x8", "{type: slice, start: 1, stop: 5}"
    ),
    "instancenorm of a slice": Example(
        "{type: instancenorm}", "9x7x8", "{type: slice, start: 1, stop: 5}"
    ),
    "l2norm of a vector": Example("{type: l2norm}", "12"),
    "standardized conv": Example(
        "{type: conv, filters: 6, kernel: 3, padding: 1, standardized: true}", "9x7x4"
    ),
    "split in three": Example(
        "{type: split, name: s, sizes: [1, 4, 3]}",
        "9x7x8",
        after="{type: concat, from: [s.2, s.0, s.1, first]}",
    ),
    "split along an axis": Example(
        "{type: split, name: s, parts: 3, axis: height}",
        "9x7x8",
        after="{type: multiply, from: [s.2, s.0, s.1]}",
    ),
    "multiply map": Example(
        "{type: multiply, from: [input, a]}",
        "9x7x4",
        "{type: conv, name: a, filters: 1, kernel: 1}",
    ),
}
# Of the copies that autocast makes of standardized weights, the gain's is not followed.
GAIN = Example("{type: conv, filters: 6, kernel: 3, standardized: true, gain: true}", "9x7x4")
EXAMPLES = {**{name: layer.example for name, layer in LAYERS.items()}, **OTHER}
ALONE = [name for name in EXAMPLES if name not in (*FOREIGN, *OF_TOKENS)]
# Their masks are of bytes on CUDA alone, and cuDNN alone copies a slice.
OF_CUDA = ("dropout", "batchnorm of a slice")


def alone(example: Example) -> str:
    """An example behind a layer that is trained, before layers to a loss."""
    *spatial, channels = example.input.split("x")
    first = f"{{type: conv, name: first, filters: {channels}, kernel: 1}}"
    if not spatial:
        first = f"{{type: linear, name: first, units: {channels}}}"
    entry = example.entry.replace("from: [input", "from: [first").replace(", trainable: true", "")
    before, after = ([one] if one else [] for one in (example.before, example.after))
    layers = [first, *before, entry, *after]
    analysis = archcalc.analyze(archcalc.loads(_text(example.input, layers)))
    if analysis.layers[-1].output.spatial:
        layers += ["{type: conv, filters: 7, kernel: 1}", "{type: global_avgpool}"]
    return _text(example.input, [*layers, "{type: linear, units: 10}"])


def _text(size: str, layers: list[str]) -> str:
    return f"name: alone\ninput: {size}\nlayers:\n" + "".join(f"  - {one}\n" for one in layers)


@fake_cuda
@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "not in place"])
@pytest.mark.parametrize("amp", [None, "bfloat16"])
@pytest.mark.parametrize("name", ALONE)
def test_every_type(name: str, amp: str | None, in_place: bool) -> None:
    analysis = archcalc.analyze(archcalc.loads(alone(EXAMPLES[name])))
    for batch in BATCHES:
        agree(analysis, Settings(amp=amp, in_place=in_place), batch)


@pytest.mark.parametrize(
    "name", ["attention", "self_attention", *(name for name in ALONE if name not in OF_CUDA)]
)
def test_every_type_with_real_tensors(name: str) -> None:
    from torch_training.measure import saved_on_cpu

    analysis = archcalc.analyze(archcalc.loads(alone(EXAMPLES[name])))
    training = train(analysis, Settings(in_place=False))
    for batch in BATCHES:
        assert saved(training, analysis, batch) == saved_on_cpu(analysis, batch)


@fake_cuda
@pytest.mark.parametrize("in_place", [True, False], ids=["in place", "not in place"])
def test_a_gain_of_standardized_weights(in_place: bool) -> None:
    analysis = archcalc.analyze(archcalc.loads(alone(GAIN)))
    for batch in BATCHES:
        agree(analysis, Settings(in_place=in_place), batch)


@fake_cuda
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_behind_another_layer(name: str) -> None:
    layers = [f"{{type: conv, filters: 4, kernel: 1, activation: {name}}}"]
    layers += [f"{{type: batchnorm, activation: {name}}}", "{type: linear, units: 3}"]
    analysis = archcalc.analyze(archcalc.loads(_text("6x6x3", layers)))
    for amp in (None, "bfloat16"):
        agree(analysis, Settings(amp=amp), 3)


@fake_cuda
@pytest.mark.parametrize("seed", range(150))
def test_random_networks(seed: int) -> None:
    from training_drafts import draft

    analysis = archcalc.analyze(archcalc.loads(draft(seed, 6 + seed % 12)))
    for amp in (None, "bfloat16"):
        agree(analysis, Settings(optimizer="adam", amp=amp, in_place=seed % 3 != 0), 3)


@fake_cuda
@pytest.mark.parametrize("name", ["lenet1", "alexnet", "vgg11-lrn", "resnet18", "googlenet"])
def test_shipped_networks(name: str) -> None:
    agree(archcalc.analyze(archcalc.load(name)), Settings(optimizer="adamw"), 4)


@fake_cuda
@pytest.mark.parametrize(("names", "segments"), [(STAGES, 4), (BLOCKS, 8)])
@pytest.mark.parametrize("amp", [None, "bfloat16"])
def test_checkpointing(names: str, segments: int, amp: str | None) -> None:
    from torch_training.measure import entering, peaks
    from torch_training.network import Network

    from archcalc.network.checkpoints import checkpoints

    analysis = archcalc.analyze(archcalc.load("resnet18"))
    again = checkpoints(analysis.network, (names,))
    assert len(again) == segments
    training = train(analysis, Settings(checkpoint=(names,), amp=amp))
    for batch in BATCHES:
        theirs = peaks(
            lambda: Network(analysis, segments=again),
            lambda batch=batch: entering(analysis, batch),  # type: ignore[misc]
            amp=amp,
        )
        assert training.course.peak(batch).bytes == max(theirs)


@fake_cuda
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("weight_decay", [False, True])
@pytest.mark.parametrize("foreach", [False, True])
def test_optimizers(optimizer: str, weight_decay: bool, foreach: bool) -> None:
    """Of RMSprop a step counter a parameter, which PyTorch has on the CPU, is left out."""
    from torch_training.measure import entering, peaks
    from torch_training.network import Network

    analysis = archcalc.analyze(archcalc.load("lenet5-modern"))
    settings = Settings(optimizer=optimizer, weight_decay=weight_decay, foreach=foreach)
    theirs = peaks(
        lambda: Network(analysis),
        lambda: entering(analysis, 2),
        optimizer,
        weight_decay=0.01 if weight_decay else 0,
        foreach=foreach,
    )
    counters = 4 * 10 if optimizer == "rmsprop" else 0
    assert train(analysis, settings).course.moments(2)[-1].bytes == theirs.optimizer - counters
