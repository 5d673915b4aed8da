"""Loads, analyses and renders one file, and prints the seconds of each: FILE."""

from __future__ import annotations

import json
import sys
from time import perf_counter

import archcalc


def main(path: str) -> None:
    start = perf_counter()
    architecture = archcalc.load(path)
    loaded = perf_counter()
    analysis = archcalc.analyze(architecture)
    analysed = perf_counter()
    archcalc.render(analysis, "json")
    rendered = perf_counter()
    figures = {
        "layers": analysis.totals.layers,
        "load": loaded - start,
        "analyze": analysed - loaded,
        "json": rendered - analysed,
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
