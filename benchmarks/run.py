"""Measures archcalc as it is installed, and writes docs/performance.md.

    python benchmarks/run.py [--quick] [--section NAME] [--torch PYTHON]

Without ``--section`` every section is measured, each in a process of its own, and the page is
written; ``--quick`` repeats less, and ``--section`` prints one section: neither writes the page.
``--torch`` is a Python with PyTorch and the counters to compare with, if it is not this one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import page
import targets
from measure import Section, Settings

SECTIONS = (
    "start",
    "shipped",
    "phases",
    "training",
    "growth",
    "many",
    "flat",
    "strangers",
    "editing",
    "loading",
    "counters",
)
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="measures archcalc as it is installed")
    parser.add_argument(
        "--quick", action="store_true", help="few repetitions, small files; no page"
    )
    parser.add_argument("--section", choices=SECTIONS, help="print one section; no page")
    parser.add_argument("--torch", default=sys.executable, help="a Python with PyTorch")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.section:
        found = measured(chosen.section, Settings(chosen.quick, os.path.abspath(chosen.torch)))
        sys.stdout.write(json.dumps(found) if chosen.json else page.part(found))
        return
    options = ["--torch", chosen.torch, *(["--quick"] if chosen.quick else [])]
    sections = [apart(name, options) for name in SECTIONS]
    figures = {key: value for section in sections for key, value in section.measured.items()}
    text = page.whole([targets.section(figures), *sections])
    if chosen.quick:
        sys.stdout.write(text)
    else:
        PAGE.write_text(text, encoding="utf-8")


def measured(name: str, settings: Settings) -> Section:
    section: Section = import_module(name).measure(settings)
    return section


def apart(name: str, options: Sequence[str]) -> Section:
    """A section measured in a process of its own, so that none inherits another's memory."""
    sys.stderr.write(f"{name}\n")
    command = [sys.executable, __file__, "--section", name, "--json", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return Section(*json.loads(done.stdout))


if __name__ == "__main__":
    main(sys.argv[1:])
