"""The page: the machine and the versions, then a table for each section."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import yaml
from measure import Section

HEAD = """\
# Performance

Written by `python benchmarks/run.py` from one run on one machine. Times are medians over
repetitions that take turns. Read the ratios; the absolute times are this machine's.
`--section NAME` measures one section and `--quick` takes little time; neither changes this page.
The comparison with PyTorch's counters needs them installed, here or in the Python that `--torch`
names.
"""


def whole(sections: Sequence[Section]) -> str:
    return "\n".join([HEAD, machine(), *map(part, sections)])


def machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("click", "rich", "pyyaml"))
    libyaml = "with" if yaml.__with_libyaml__ else "without"
    return (
        f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}. "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"archcalc {version('archcalc')}, {libraries} {libyaml} libyaml.\n"
    )


def processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def part(section: Section) -> str:
    lines = [section.headings, ["-"] * len(section.headings), *section.rows]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"## {section.title}\n\n{section.text}\n\n{table if section.rows else ''}"
