"""Files that ask for much within the limits: a tenth of each, and the whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

from files import flat
from measure import Section, Settings, archcalc, megabytes, milliseconds, process, ratio

HEAD = "name: x\ninput: 32x32x3\n"
POINT = "name: x\ninput: 1x1x1\nlayers:\n"
PERIODIC = "type: conv_transpose, filters: 1, stride: 4096, from: input"


class Stranger(NamedTuple):
    """A command and the file that it reads, made from how many there are of what it is about.

    ``FILE`` in the command is that file once more, and ``HERE`` where it stands, if not at the end.
    ``before`` is what it took before it was bounded, where that is known: at 0063d4c.
    """

    command: str
    size: int
    make: Callable[[int], str]
    before: str = ""

    def words(self, path: Path) -> list[str]:
        command = self.command if "HERE" in self.command else f"{self.command} HERE"
        return command.replace("FILE", str(path)).replace("HERE", str(path)).split()


def lines(count: int, line: str) -> str:
    return "".join(line.replace("@", str(number)) for number in range(count))


def allowed(count: int) -> str:
    layers = lines(count, "  - {type: relu, name: x@, from: input}\n")
    entries = lines(count - 1, "  - {rule: unused-layer, at: x@, because: y}\n")
    return f"{HEAD}layers:\n{layers}allow:\n{entries}"


def merged(count: int) -> str:
    first = f"  - {{{PERIODIC}, name: a, kernel: 4096}}\n"
    second = f"  - {{{PERIODIC}, name: b, kernel: 4098, padding: 1}}\n"
    names = ", ".join(["a, b"] * (count // 2))
    return f"{POINT}{first}{second}  - {{type: concat, from: [{names}]}}\n"


def misaligned(count: int) -> str:
    first = f"  - {{{PERIODIC}, name: a, kernel: 4096}}\n"
    second = f"  - {{{PERIODIC}, name: b, kernel: 4098, padding: [[0, 2], [0, 2]]}}\n"
    merges = lines(count, "  - {type: concat, from: [a, b]}\n")
    return f"{POINT.replace('1x1x1', '2x2x1')}{first}{second}{merges}"


def periodic_rows(count: int) -> str:
    first = f"  - {{{PERIODIC}, name: a, kernel: 4096}}\n"
    return f"{POINT}{first}  - {{layers: [{{type: relu}}], repeat: {count}}}\n"


def scattered(count: int) -> str:
    first = "type: conv_transpose, name: a, filters: 1, kernel: 3, dilation: 4095, stride: 4096"
    layers = [
        f"  - {{type: conv, from: a, filters: {number}, kernel: 4096, stride: 128}}\n"
        for number in range(1, count + 1)
    ]
    return f"name: x\ninput: 256x2\nlayers:\n  - {{{first}}}\n{''.join(layers)}"


def published(count: int) -> str:
    layers = lines(40, "  - {type: conv, from: input, filters: 10, kernel: 3, stride: 3}\n")
    figures = lines(count, "  - {quantity: params, value: 1, source: a}\n")
    return f"name: x\ninput: 7x7x3\nlayers:\n{layers}published:\n{figures}"


def unfitting(count: int) -> str:
    layers = [
        f"  - {{type: conv, from: input, filters: 1, kernel: 5001, stride: {5003 + 2 * number}}}\n"
        for number in range(count)
    ]
    return f"name: x\ninput: 1000000x1\nlayers:\n{''.join(layers)}"


def literal_lists(count: int) -> str:
    block = "blocks: {b: {arguments: {x: 1}, layers: [{type: relu, when: false}]}}\n"
    values = ", ".join(["1"] * 9_990)
    call = f"{{block: b, with: {{x: [{values}]}}}}"
    return f"{HEAD}{block}layers:\n  - {{type: relu}}\n  - {{repeat: {count}, layers: [{call}]}}\n"


def unknown_name(count: int) -> str:
    layers = lines(count * 25, "  - {type: relu, name: r@}\n")
    group = "{from: nome, layers: [{type: relu, when: false}]}"
    return f"{HEAD}layers:\n{layers}  - {{repeat: {count}, layers: [{group}]}}\n"


def misspelled(count: int) -> str:
    layers = lines(count, "  - {type: relu, name: r@}\n")
    return f"{HEAD}layers:\n{layers}{lines(100, '  - {type: relu, from: nome@}' + chr(10))}"


def stars(count: int) -> str:
    group = "{type: relu, name: e}"
    for name in "dcb":
        group = f"{{name: {name}, layers: [{group}]}}"
    paths = [("a", "*", *rest) for rest in _starred(("b", "c", "d", "e"))]
    quantities = ("params", "macs", "weights", "biases", "buffers", "connections")
    zeros = ", ".join(f"{name}: 0" for name in quantities)
    expect = "".join(f"    {'.'.join(path)}: {{{zeros}}}\n" for path in paths)
    layers = f"layers:\n  - {{name: a, repeat: {count}, layers: [{group}]}}\n"
    return f"{HEAD}{layers}expect:\n  layers:\n{expect}"


def _starred(names: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    for bits in range(2 ** len(names)):
        yield tuple("*" if bits >> place & 1 else name for place, name in enumerate(names))


def repeated(count: int) -> str:
    conv = "{type: conv, filters: 3, kernel: 3, padding: 1}"
    norm = "{type: batchnorm, activation: relu}"
    return f"{HEAD}layers: [{{layers: [{conv}, {norm}], repeat: {count // 2}}}]\n"


def unused(count: int) -> str:
    return f"{HEAD}layers:\n" + lines(count, "  - {type: relu, from: input}\n")


def blank(count: int) -> str:
    return "\n" * count + "%"


def arguments(count: int) -> str:
    defaults = ", ".join(f"a{number}: 1" for number in range(200))
    body = f"{{arguments: {{{defaults}}}, layers: [{{type: relu}}]}}"
    return f"{HEAD}blocks:\n{lines(count, f'  b@: {body}{chr(10)}')}layers:\n  - {{type: relu}}\n"


STRANGERS: Mapping[str, Stranger] = {
    "entries of allow, and as many findings": Stranger("check", 4_000, allowed, "18.5 s, 35 MB"),
    "inputs of a merge, of period 4,096": Stranger("table", 200, merged, "4.0 s, 22 MB"),
    "published figures beside 40 illegal strides": Stranger(
        "check", 10_000, published, "26.2 s, 37 MB"
    ),
    "calls with a list of 9,990": Stranger("table", 3_000, literal_lists, "22.6 s, 250 MB"),
    "illegal strides of kernel 5,001": Stranger("table", 200, unfitting, "3.6 s, 23 MB"),
    "misaligned merges of period 4,096": Stranger("table", 20, misaligned, "3.0 s, 22 MB"),
    "copies of an unknown name": Stranger("table", 400, unknown_name, "2.4 s, 38 MB"),
    "layers before 100 unknown names": Stranger("check", 99_000, misspelled),
    "copies that paths with stars name": Stranger("check", 8_000, stars, "4.5 s, 119 MB"),
    "rows drawn": Stranger("table", 100_000, repeated, "31.3 s, 587 MB"),
    "rows of markdown": Stranger("table --format markdown", 100_000, repeated),
    "rows of CSV": Stranger("table --format csv", 100_000, repeated),
    "rows that counters count": Stranger("compare --conventions", 100_000, repeated),
    "rows of two files": Stranger("diff FILE", 50_000, repeated),
    "rows of a report": Stranger("report -o FILE.md", 40_000, repeated),
    "rows whose memory is planned": Stranger("memory", 100_000, repeated),
    "different rows drawn": Stranger("table", 20_000, flat),
    "different rows of CSV": Stranger("table --format csv", 20_000, flat),
    "layers beside one that is explained": Stranger("explain HERE conv1", 20_000, flat),
    "rows of a field of period 4,096": Stranger(
        "table --format csv", 5_000, periodic_rows, "2.7 s"
    ),
    "convolutions over a scattered field": Stranger("table", 200, scattered, "8.2 s"),
    "findings as JUnit": Stranger("check --format junit --strict", 20_000, unused, "11.9 s"),
    "findings as JSON": Stranger("check --format json --strict", 20_000, unused),
    "findings as SARIF": Stranger("check --format sarif --strict", 20_000, unused),
    "blank lines before a mistake": Stranger("check", 12_000_000, blank, "9.3 s"),
    "blocks of 200 arguments": Stranger("table", 2_900, arguments, "5.8 s, 342 MB"),
}


def measure(settings: Settings) -> Section:
    rows, measured = [], {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stranger.yaml"
        for name, stranger in STRANGERS.items():
            whole = stranger.size // 10 if settings.quick else stranger.size
            times = []
            for count in (max(2, whole // 10), whole):
                file.write_text(stranger.make(count), encoding="utf-8")
                command = archcalc(*stranger.words(file))
                anyhow = ["/bin/sh", "-c", '"$@"; true', "sh", *command]
                runs = [process(anyhow) for _ in range(settings.repetitions(1, quick=1))]
                times.append(median(run.busy for run in runs))
                peak = max(run.peak for run in runs)
            rows.append([
                f"{whole:,} {name}", stranger.before, *map(milliseconds, times),
                ratio(times[1] / times[0]), megabytes(peak),
            ])  # fmt: skip
            measured[f"stranger {name}"] = times[1]
    return Section(
        "Files that ask for much",
        "Within the documented limits, processor seconds of whole commands with a tenth of the "
        "file and with all of it; some end with a mistake. Before they were bounded, the first "
        "took what the second column says.",
        ["what", "before", "a tenth", "whole", "growth", "peak memory"],
        rows,
        measured,
    )
