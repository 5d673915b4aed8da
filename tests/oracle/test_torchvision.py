"""Memory of torchvision's own classes, not of twins built from our files."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from agreement import saved

import archcalc
from archcalc.analysis.training import train
from archcalc.network.training import Settings

torch = pytest.importorskip("torch")
models = pytest.importorskip("torchvision.models")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(torch.version.cuda is None, reason="PyTorch was built without CUDA"),
]

BATCH = 3
NAMES = {
    "alexnet-torchvision": "alexnet",
    "vgg16-torchvision": "vgg16",
    "googlenet-torchvision": "googlenet",
    "resnet50-torchvision": "resnet50",
    "mobilenet-v2": "mobilenet_v2",
    "mobilenet-v3-large": "mobilenet_v3_large",
    "densenet121": "densenet121",
    "inception-v3": "inception_v3",
}
KEYS = {key: {"aux_logits": False, "init_weights": False} for key in ["googlenet", "inception_v3"]}

# Elements behind a dropout that is in place there: its mask then has the activation's type and
# not one byte an element.
MASKS_IN_PLACE = {"mobilenet-v3-large": 1280}


@pytest.mark.parametrize("name", NAMES)
def test_saved_bytes_and_peaks(name: str) -> None:
    from torch_training.measure import entering, peaks, saved_bytes

    analysis = archcalc.analyze(archcalc.load(name))
    build = partial(getattr(models, NAMES[name]), **KEYS.get(NAMES[name], {}))
    data: Any = partial(entering, analysis, BATCH)
    for amp, width in ((None, 4), ("bfloat16", 2)):
        training = train(analysis, Settings(amp=amp))
        masks = MASKS_IN_PLACE.get(name, 0) * (width - 1) * BATCH
        assert saved(training, analysis, BATCH) + masks == saved_bytes(build, data, amp)
        theirs = peaks(build, data, amp=amp)
        found: dict[str, int] = {}
        for moment in training.course.moments(BATCH):
            found[moment.phase] = max(moment.bytes, found.get(moment.phase, 0))
        assert (found["backward"], found["optimizer"]) == theirs[1:]


# In bytes a sample, what torchvision's class keeps more: masks in place, and a number for every
# residual that is dropped at random; and what it keeps less: the output of a softmax.
# Under autocast the last of these and the residuals of convnext are in float32 all the same.
DIFFERENCES = {
    "resnext50": ("resnext50_32x4d", {None: 0, "bfloat16": 0}),
    "shufflenet-v2": ("shufflenet_v2_x1_0", {None: 0, "bfloat16": 0}),
    "squeezenet": ("squeezenet1_0", {None: -4 * 1000, "bfloat16": -4 * 1000}),
    "efficientnet-b0": (
        "efficientnet_b0",
        {None: (4 - 1) * 1280 + 9 * 4, "bfloat16": (2 - 1) * 1280 + 9 * 2},
    ),
    "convnext-tiny": ("convnext_tiny", {None: 17 * 4, "bfloat16": 17 * 4}),
}
SWIN = {
    "patch_size": [4, 4], "embed_dim": 96, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24],
    "window_size": [7, 7], "stochastic_depth_prob": 0,
}  # fmt: skip


@pytest.mark.parametrize("amp", [None, "bfloat16"])
def test_windows_of_swin(amp: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds besides, for each layer, where pairs of positions stand in its table of biases."""
    from torch_training.measure import entering, peaks, saved_bytes

    monkeypatch.setattr(torch.nn.init, "trunc_normal_", lambda *_, **__: None)  # reads its numbers
    analysis = archcalc.analyze(archcalc.load("swin-t"))
    training = train(analysis, Settings(amp=amp))
    build, data = partial(models.SwinTransformer, **SWIN), partial(entering, analysis, BATCH)
    assert saved(training, analysis, BATCH) == saved_bytes(build, data, amp)
    places = 8 * 12 * 49**2
    assert training.course.peak(BATCH).bytes + places == max(peaks(build, data, amp=amp))


@pytest.mark.parametrize("amp", [None, "bfloat16"])
@pytest.mark.parametrize("name", DIFFERENCES)
def test_saved_bytes(name: str, amp: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from torch_training.measure import entering, saved_bytes

    monkeypatch.setattr(torch.nn.init, "trunc_normal_", lambda *_, **__: None)  # reads its numbers
    analysis = archcalc.analyze(archcalc.load(name))
    kind, more = DIFFERENCES[name]
    data: Any = partial(entering, analysis, BATCH)
    ours = saved(train(analysis, Settings(amp=amp)), analysis, BATCH) + more[amp] * BATCH
    assert ours == saved_bytes(getattr(models, kind), data, amp)
