"""What importing costs: a large ONNX file, and a network of torchvision beyond PyTorch itself."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from measure import Section, Settings, archcalc, megabytes, milliseconds, processes

from archcalc.exporters.onnx import wire

CONVOLUTIONS, CHANNELS = 12, 512
MODEL = "torchvision.models:resnet50"
START = "import torch"


def model(count: int) -> bytes:
    """Convolutions with their weights inside: 9.4 MB each, but for the first."""
    nodes, weights, channels = [], [], 3
    for at in range(count):
        shape = (CHANNELS, channels, 3, 3)
        tensor = [wire.field(1, size) for size in shape]
        data = bytes(4 * CHANNELS * channels * 9)
        tensor += [wire.field(2, wire.FLOAT), wire.field(8, f"w{at}"), wire.field(9, data)]
        weights.append(b"".join(tensor))
        keys: dict[str, wire.Attribute] = {"kernel_shape": [3, 3], "pads": [1] * 4}
        nodes.append(wire.node("Conv", [f"x{at}", f"w{at}"], [f"x{at + 1}"], keys))
        channels = CHANNELS
    ends = [wire.typed(f"x{at}", [1, c, 32, 32]) for at, c in ((0, 3), (count, CHANNELS))]
    opsets = [wire.opset("", 17)]
    return wire.model("large", nodes, weights, ends[:1], ends[1:], [], opsets)


def measure(settings: Settings) -> Section:
    rows: list[list[str]] = []
    measured: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.onnx"
        data = model(3 if settings.quick else CONVOLUTIONS)
        path.write_bytes(data)
        whole, peaks = processes({"onnx": archcalc("import", str(path))}, settings.repetitions(5))
    rows.append([
        f"`archcalc import` of an ONNX file of {megabytes(len(data))}",
        milliseconds(whole["onnx"]), "", megabytes(peaks["onnx"]),
    ])  # fmt: skip
    if not settings.quick:
        measured |= {"onnx": whole["onnx"], "onnx megabytes": peaks["onnx"] / 1e6}
    probe = [settings.torch, "-c", "import torchvision, archcalc"]
    if not subprocess.run(probe, capture_output=True, check=False).returncode:
        commands = {
            "torch": [settings.torch, "-c", START],
            MODEL: archcalc("import", MODEL, "--input", "224x224x3", python=settings.torch),
        }
        whole, peaks = processes(commands, settings.repetitions(5, quick=1))
        beyond = whole[MODEL] - whole["torch"]
        rows.append([
            f"`archcalc import {MODEL}`", milliseconds(whole[MODEL]), milliseconds(beyond),
            megabytes(peaks[MODEL]),
        ])  # fmt: skip
        measured["torchvision"] = beyond
    return Section(
        "Importing",
        f"Whole commands, and what is left of them without a process that does `{START}` alone.",
        ["command", "time", "beyond PyTorch", "peak memory"],
        rows,
        measured,
    )
