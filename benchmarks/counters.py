"""PyTorch's counters on the same networks, where they are installed."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from measure import HERE, Run, Section, Settings, archcalc, megabytes, milliseconds, process, ratio

NETWORKS = ("alexnet", "vgg16", "googlenet", "resnet50", "resnet152")
COLD = "resnet50"
LARGEST = "resnet152"
ONE = "archcalc"
FORWARD = "meta forward pass"

TITLE = "PyTorch's counters"


def measure(settings: Settings) -> Section:
    probe = "import torch, archcalc"
    if subprocess.run([settings.torch, "-c", probe], capture_output=True, check=False).returncode:
        return Section(TITLE, "Not measured: PyTorch is not installed.", [], [], {})
    counting = [settings.torch, str(HERE / "counting.py")]
    names = [COLD] if settings.quick else NETWORKS
    count = str(settings.repetitions(11))
    inside = json.loads(process([*counting, "inside", count, *names]).out)
    tools = inside["tools"]
    cold: dict[str, list[Run]] = {tool: [] for tool in (ONE, *tools)}
    for _ in range(settings.repetitions(5, quick=1)):
        cold[ONE].append(
            process(archcalc("table", COLD, "--format", "json", python=sys.executable))
        )
        for tool in tools:
            run = process([*counting, "cold", tool, COLD])
            cold[tool].append(run._replace(seconds=run.seconds - json.loads(run.out)))
    whole = {tool: median(run.seconds for run in runs) for tool, runs in cold.items()}
    peaks = {tool: max(run.peak for run in runs) for tool, runs in cold.items()}
    rows = []
    for tool in (ONE, FORWARD, *tools):
        times = {name: inside["times"][name][tool] for name in names}
        best = {name: inside["times"][name][ONE] for name in names}
        rows.append(
            [
                tool,
                *(
                    milliseconds(times[name])
                    + (f" ({ratio(times[name] / best[name])})" if tool != ONE else "")
                    for name in names
                ),
                milliseconds(whole[tool]) if tool in whole else "",
                ratio(whole[tool] / whole[ONE]) if tool in whole else "",
                megabytes(peaks[tool]) if tool in peaks else "",
            ]
        )
    measured = {}
    if LARGEST in names:
        base = inside["times"][LARGEST]
        measured["forward"] = base[FORWARD] / base[ONE]
        if "torchinfo" in tools:
            measured["torchinfo"] = base["torchinfo"] / base[ONE]
    if "torchinfo" in tools:
        on_cpu = "torchinfo on the CPU"
        measured["cold meta"] = whole["torchinfo"] / whole[ONE]
        measured["cold cpu"] = whole[on_cpu] / whole[ONE]
        measured["cold memory"] = min(peaks["torchinfo"], peaks[on_cpu]) / peaks[ONE]
    versions = ", ".join(f"{name} {version}" for name, version in inside["versions"].items())
    return Section(
        TITLE,
        f"{versions}.\n\nThe same networks, layer by layer, on the meta device, which computes "
        "nothing; fvcore traces, which needs the CPU.\nIn process, archcalc loads and analyses a "
        "file, and the others get a module that is built already. Cold is a process\nthat gives "
        f"one summary of {COLD}: ours is `archcalc table {COLD} --format json`; the others' is "
        "without the time\nthat they spend in archcalc to learn the layers of the network.",
        ["tool", *names, f"cold {COLD}", "against archcalc", "peak memory"],
        rows,
        measured,
    )
