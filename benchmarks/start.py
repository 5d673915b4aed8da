"""Cold start: each command in a process of its own, against the imports that it cannot avoid."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import Section, Settings, archcalc, megabytes, milliseconds, process, processes, ratio

PLAIN = "import click, yaml"
DRAWN = "import click, yaml, rich.console, rich.table"

COMMANDS = (
    "--version",
    "list",
    "table vgg16 --format json",
    "table vgg16 --format csv",
    "table vgg16 --format markdown",
    "table vgg16",
    "table resnet50 --format json",
    "explain alexnet conv1",
    "conv 7x7x3 --kernel 3 --stride 3 --filters 10",
    "pool 7x7x3 --kernel 2",
    "check vgg16",
    "new net",
    "published alexnet",
    "rules",
    "layers",
    "report vgg16 -o FOLDER/report.md",
    "compare alexnet vgg16",
    "diff resnet50 resnet50-torchvision",
    "schema",
)


def measure(settings: Settings) -> Section:
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            command: archcalc(*command.replace("FOLDER", folder).split()) for command in COMMANDS
        }
        floors = {code: [sys.executable, "-c", code] for code in ("pass", PLAIN, DRAWN)}
        drawn = {command for command, parts in commands.items() if draws(parts)}
        times, peaks = processes({**floors, **commands}, settings.repetitions(21))
    rows = [
        [f'`python -c "{code}"`', milliseconds(times[code]), "", "", megabytes(peaks[code])]
        for code in floors
    ]
    ratios = {}
    for command in COMMANDS:
        floor = DRAWN if command in drawn else PLAIN
        ratios[command] = times[command] / times[floor]
        rows.append(
            [
                f"`archcalc {command.replace('FOLDER/', '')}`",
                milliseconds(times[command]),
                "with rich" if command in drawn else "plain",
                ratio(ratios[command]),
                megabytes(peaks[command]),
            ]
        )
    return Section(
        "Cold start",
        "Each command in a process of its own. The floor is what the command cannot avoid: "
        "starting Python and importing\n`click` and `yaml`, and `rich` where it draws.",
        ["command", "time", "floor", "time / floor", "peak memory"],
        rows,
        {
            "start of json": ratios["table vgg16 --format json"],
            "start of table": ratios["table vgg16"],
        },
    )


def draws(command: list[str]) -> bool:
    """Whether a command imports rich."""
    first = Path(command[0])
    script = [str(first)] if first.suffix != ".exe" and first.name == "archcalc" else []
    start = [sys.executable, "-X", "importtime", *(script or command[1:3])]
    rest = command[1:] if script else command[3:]
    return "rich.table" in process([*start, *rest]).err
