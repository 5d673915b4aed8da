"""A server with an editor: from a change to its diagnostics and hints, over the pipe."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

import files
from measure import Section, Settings, milliseconds

ROOT = Path(__file__).parent.parent
CHANGES = 50
SCREEN = 60  # lines, for which an editor asks
FLAT = 5_000


def measure(settings: Settings) -> Section:
    rows, measured = [], {}
    for name, text, word in _files(settings) if find_spec("pygls") else ():
        seconds = _seconds(text, word, settings.repetitions(CHANGES, quick=10))
        rows.append([name, f"{text.count(chr(10)):,}", milliseconds(seconds)])
        measured[f"edit:{name}"] = seconds * 1e3
    return Section(
        "Typing",
        "From a change of one digit to the diagnostics of its version and the hints of a screen,\n"
        "both read from the pipe; each change makes another text. It needs the extra `server`.",
        ["file", "lines", "time"],
        rows,
        measured,
    )


def _files(settings: Settings) -> list[tuple[str, str, str]]:
    """Each with the words behind which digits are typed, where they stand last."""
    folder = ROOT / "architectures"
    layers = FLAT // 10 if settings.quick else FLAT
    return [
        *(
            (name, (folder / f"{name}.yaml").read_text("utf-8"), "units: ")
            for name in ("resnet50", "googlenet")
        ),
        (f"{layers:,} entries", files.flat(layers), "filters: "),
    ]


def _seconds(text: str, word: str, changes: int) -> float:
    """The median over changes, after one that does not count."""
    sys.path.insert(0, str(ROOT / "tests"))
    from pipe import Pipe

    at = text.rindex(word) + len(word)
    line, column = text[:at].count("\n"), at - text.rfind("\n", 0, at) - 1
    found, length = list[float](), 1
    while text[at + length].isdigit():
        length += 1
    with Pipe() as pipe:
        pipe.open(text)
        for number in range(changes + 1):
            new = str(100 + number)
            start = {"line": line, "character": column}
            end = {"line": line, "character": column + length}
            began = perf_counter()
            pipe.change({"range": {"start": start, "end": end}, "text": new})
            hints = pipe.hints(max(0, line - SCREEN), line + 1)
            pipe.problems()
            found.append(perf_counter() - began)
            assert hints
            length = len(new)
    return median(found[1:])
