"""Throws inputs at archcalc that nobody meant: none may raise anything but `SpecError`.

    python tests/fuzz.py --runs 100000 --seed 1

Bytes, YAML out of the language's own words, and mutations of the shipped architectures are read,
analysed, held against the rules and rendered. A run fails on any other exception, on more than a
second for one input, and on more than 200 MB for the whole process. Failing inputs are printed.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import archcalc
from archcalc import api
from archcalc.network.layers import LAYERS
from archcalc.renderers import FINDING_FORMATS
from archcalc.rules.catalogue import CHECKS
from archcalc.rules.describing import run as held_against
from archcalc.views.findings import Checked

SECONDS = 1.0
MEGABYTES = 200
WORDS = (
    *LAYERS, "name", "input", "layers", "blocks", "variables", "type", "block", "with", "repeat",
    "first", "last", "copy", "$copy", "when",
    "from", "outputs", "branches", "activation", "filters", "kernel", "stride",
    "padding", "dilation", "groups", "expect", "budget", "allow", "published", "arguments",
    "required", "true", "false", "same", "half", "valid", "8x8x3", "784", "16x8x8x3", "0", "1",
    "2", "3", "7", "-1", "1.5", "010", "1:30", "yes", "~", ".nan", "$x", "$(x)", "$(1/0)",
    "$(2**9**9)", "$(min(1,2))", "*a", "&a", "!!int", "<<", "|", ">", "%", "@", "`", "\x1b[31m",
    "1000000000", "99999999999999999999", "a", "b", "conv1", "a.b", "5M", "61MB", "\u202e",
    "\u2028",
)  # fmt: skip
MARKS = ("{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "\n  ", "\n    ", " ", "'", '"', "#")


def random_bytes(dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(300))


def random_yaml(dice: random.Random) -> bytes:
    parts = dice.choices((WORDS, MARKS), (2, 3), k=dice.randrange(1, 120))
    return "".join(dice.choice(part) for part in parts).encode()


def random_file(dice: random.Random) -> bytes:
    """A file with the right frame and odd entries."""
    entries = "".join(f"  - {_entry(dice, 0)}\n" for _ in range(dice.randrange(1, 8)))
    size = dice.choice(("8x8x3", "784", "16x1", "4x8x8x2", "1x1x1", "1000000000x1000000000x1"))
    return f"name: x\ninput: {size}\nvariables: {{x: 2}}\nlayers:\n{entries}".encode()


def _entry(dice: random.Random, depth: int) -> str:
    kind = dice.choice(list(LAYERS))
    pairs = [f"type: {kind}"]
    for name, key in LAYERS[kind].keys().items():
        if key.required or dice.random() < 0.2:
            pairs.append(f"{name}: {_value(dice)}")
    if LAYERS[kind].merges and depth < 3:
        branches = ", ".join(f"[{_entry(dice, depth + 1)}]" for _ in range(dice.randrange(3)))
        pairs.append(f"branches: [{branches}]")
    if dice.random() < 0.2:
        pairs.append(f"activation: {dice.choice(('relu', 'softmax', 'prelu', 'x'))}")
    return f"{{{', '.join(pairs)}}}"


def _value(dice: random.Random) -> str:
    numbers = ("0", "1", "2", "3", "4", "8", "100", "1000000000", "$x", "$(x * 3)", "half", "same")
    if dice.random() < 0.7:
        return dice.choice(("1", "1", "2", "3"))
    if dice.random() < 0.2:
        return f"[{', '.join(dice.choices(numbers, k=dice.randrange(4)))}]"
    return dice.choice((*numbers, "true", "false", "linear", "2x2x3", "[[1, 2], [0, 3]]"))


def mutation(dice: random.Random) -> bytes:
    """A shipped architecture with a few pieces cut, copied, or replaced."""
    return mutated(dice.choice(shipped()), dice)


def mutated(data: bytes, dice: random.Random) -> bytes:
    text = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.randrange(12))
        piece = dice.choice((b"", bytes(text[start:end]) * 2, dice.choice(WORDS).encode(),
                             dice.choice(MARKS).encode(), dice.randbytes(2)))  # fmt: skip
        text[start:end] = piece
    return bytes(text)


def shipped(known: list[bytes] = []) -> list[bytes]:  # noqa: B006 - read once
    if not known:
        folder = Path(api.builtin_folder())
        known.extend(path.read_bytes() for path in sorted(folder.glob("*.yaml")))
    return known


MAKERS: tuple[Callable[[random.Random], bytes], ...] = (
    random_bytes, random_yaml, random_file, mutation,
)  # fmt: skip


def inputs(runs: int, seed: int) -> Iterator[bytes]:
    """The same inputs for the same seed."""
    dice = random.Random(seed)
    for number in range(runs):
        yield MAKERS[number % len(MAKERS)](dice)


def throw(data: bytes) -> str | None:
    """What goes wrong with an input, if anything does."""
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 10 * SECONDS)
    try:
        source = api.source_of(data, "input.yaml")
        analysis = api.run(source)
        found = held_against(analysis, CHECKS, CHECKS)
        for form in ("json", "markdown", "csv"):
            archcalc.render(analysis, form)
        for check_format in FINDING_FORMATS.values():
            api.written(check_format, [Checked(source, found, (), 0)], strict=True)
    except archcalc.SpecError as error:
        for check_format in FINDING_FORMATS.values():
            api.written(
                check_format, [Checked(error.source, error.diagnostics, (), 0)], strict=True
            )
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    taken = time.process_time() - began
    return f"took {taken:.2f} s" if taken > SECONDS else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGPROF, _too_long)
    failures = 0
    for number, data in enumerate(inputs(options.runs, options.seed)):
        fact = throw(data)
        if fact is not None:
            failures += 1
            sys.stdout.write(f"input {number}: {fact}\n{data!r}\n")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{options.runs:,} inputs, {failures} failures, {used:.0f} MB at the most\n")
    return 1 if failures or used > MEGABYTES else 0


def _too_long(*_: object) -> None:
    raise TimeoutError("no answer in ten seconds")


if __name__ == "__main__":
    sys.exit(main())
