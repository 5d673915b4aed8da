"""Memory of training of the shipped networks against PyTorch's, simulated (`training.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import archcalc
from archcalc.analysis.training import infer, train
from archcalc.analysis.training.envelope import bytes_at
from archcalc.network.training import BLOCKS, OF_ALL, STAGES, Settings

FIGURES = Path(__file__).parents[1] / "pytorch_figures" / "training.json"
MEASURED: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
NETWORKS: dict[str, Any] = MEASURED["networks"]
GIB = 2**30

# LeNet-5's connection table and trained subsampling are no layers of PyTorch: the reference was
# made with others in their place.
WITHOUT_LENET5 = [name for name in NETWORKS if name != "lenet5"]

# The twin that was measured adds `x.reshape(x.shape)` to `y`. That is a view, and PyTorch adds no
# gradient to a view in place: the identity's gradient, 14 x 14 x 1024 float32 of two samples, is
# alive once more. PyTorch's own networks have no such view (`torchvision_module`, same file).
OF_A_VIEW = {
    "resnet101": 1_044_480,
    "resnet101-torchvision": 442_368,
    "resnet152": 1_044_480,
    "resnet152-torchvision": 442_368,
}


def analysed(name: str, batch: int = 1) -> archcalc.Analysis:
    return archcalc.analyze(archcalc.load(name), batch=batch)


@pytest.mark.parametrize("name", WITHOUT_LENET5)
def test_saved_bytes(name: str) -> None:
    analysis = analysed(name)
    found = {}
    for setting in NETWORKS[name]["saved_bytes"]:
        amp = "bfloat16" if setting.startswith("amp") else None
        settings = Settings(amp=amp, in_place=setting.endswith("_inplace"))
        saved = train(analysis, settings).saved
        layers = [size for node, size in saved.items() if node < len(analysis.nodes)]
        found[setting] = bytes_at(sum(layers), 2)
    assert found == NETWORKS[name]["saved_bytes"]


@pytest.mark.parametrize("name", WITHOUT_LENET5)
def test_peaks_of_a_step(name: str) -> None:
    analysis = analysed(name)
    for row in NETWORKS[name]["training_peak"]:
        amp = None if row["dtype"] == "float32" else row["dtype"]
        # googlenet-aux was measured with a loss at every one of its outputs
        loss = OF_ALL if len(analysis.outputs) > 1 else Settings().loss
        settings = Settings(optimizer=row["optimizer"], amp=amp, loss=loss)
        peak = train(analysis, settings).course.peak(row["batch"])
        is_small = (row["batch"], row["dtype"]) == (2, "float32")
        of_a_view = OF_A_VIEW.get(name, 0) if is_small else 0
        assert (peak.bytes + of_a_view, peak.phase) == (row["bytes"], row["phase"])


@pytest.mark.parametrize("name", [name for name in NETWORKS if name.endswith("-torchvision")])
def test_peaks_of_torchvision(name: str) -> None:
    """Of torchvision's own class, which has no such view."""
    analysis, measured = analysed(name), NETWORKS[name]["torchvision_module"]
    training = train(analysis, Settings())
    assert training.course.peak(2).bytes == measured["peak2_truth"]
    assert training.course.peak(32).bytes == measured["peak32_truth"]


@pytest.mark.parametrize("name", WITHOUT_LENET5)
def test_peaks_at_inference(name: str) -> None:
    analysis, measured = analysed(name), NETWORKS[name]["inference_peak"]
    for form in ("in_place", "out_of_place"):
        inference = infer(analysis, Settings(in_place=form == "in_place"))
        assert inference.course.peak(measured["batch"]).bytes == measured[form]


OPTIMIZERS = {"sgdm": "momentum", "sgdm_wd": "momentum"}


@pytest.mark.parametrize(
    "row", MEASURED["optimizers"], ids=lambda row: f"{row['net']}-{row['opt']}"
)
def test_optimizers(row: dict[str, Any]) -> None:
    settings = Settings(
        optimizer=OPTIMIZERS.get(row["opt"], row["opt"]),
        weight_decay=row["opt"].endswith("_wd"),
        foreach=row["foreach"],
    )
    course = train(analysed(row["net"]), settings).course
    assert course.peak(2).bytes == row["truth"]
    assert course.moments(2)[-1].bytes == row["opt_truth"]


@pytest.mark.parametrize("row", MEASURED["checkpointing"], ids=lambda row: row["net"])
def test_checkpointing(row: dict[str, Any]) -> None:
    """Measured on the engine of the CPU, which holds the 4 bytes of the first gradient."""
    names = STAGES if row["segments"] == 4 else BLOCKS
    course = train(analysed(row["net"]), Settings(checkpoint=(names,))).course
    assert course.peak(row["B"]).bytes + 4 == row["truth_ckpt"]


@pytest.mark.parametrize(
    ("name", "amp", "batches"),
    [
        ("resnet50-torchvision", None, (95, 293)),
        ("resnet50-torchvision", "bfloat16", (183, 567)),
        ("vgg16-torchvision", None, (86, 320)),
        ("vgg16-torchvision", "bfloat16", (143, 539)),
        ("resnet50", None, (100, 308)),
        ("resnet50", "bfloat16", (192, 595)),
    ],
)
def test_largest_batches(name: str, amp: str | None, batches: tuple[int, int]) -> None:
    course = train(analysed(name), Settings(optimizer="adamw", amp=amp)).course
    assert (course.largest_batch(8 * GIB), course.largest_batch(24 * GIB)) == batches
    for limit, batch in zip((8 * GIB, 24 * GIB), batches, strict=True):
        assert course.peak(batch).bytes <= limit < course.peak(batch + 1).bytes
