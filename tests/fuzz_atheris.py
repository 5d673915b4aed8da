"""Throws inputs at `invariants.hold` that reach code which no earlier input has reached.

    pip install -e '.[test,fuzz]'
    python tests/fuzz_atheris.py CORPUS -max_total_time=3600

CORPUS is a folder that keeps what reached something new; the first run fills it with the shipped
architectures and with files of `fuzz.py`. The arguments are those of libFuzzer, such as
``-runs=100000``, or a file to try again. An input that breaks something ends the run, and stays in
a file ``crash-…``.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["archcalc"]):
    import fuzz
    from invariants import hold

    # Commands and renderers are imported where they are called: all of them now.
    for path in sorted((Path(__file__).parents[1] / "architectures").glob("*.yaml"))[:2]:
        hold(path.read_bytes())
    hold(b"name: x\ninput: 8x8x3\nlayers: [{type: cnov}, {type: conv, filters: $(x)}]")

SEEDS = 400
LARGEST = 6_000  # bytes


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """The language's own words in half of the inputs, in the other what libFuzzer thinks of."""
    dice = random.Random(seed)
    if dice.random() < 0.5:
        mutated: bytes = atheris.Mutate(data, max_size)
        return mutated
    return fuzz.mutated(data, dice)[:max_size]


def fill(corpus: Path) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        for number, data in enumerate([*fuzz.shipped(), *fuzz.inputs(SEEDS, seed=1)]):
            (corpus / f"seed-{number:03}").write_bytes(data)


def main() -> None:
    folder = next((Path(word) for word in sys.argv[1:] if not word.startswith("-")), None)
    if folder is None:
        sys.exit(__doc__)
    if not folder.is_file():
        fill(folder)
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    given = [f"-max_len={LARGEST}", "-timeout=600", "-rss_limit_mb=1500", *options]
    atheris.Setup(
        [sys.argv[0], *given, str(folder)], lambda data: hold(data) and None, custom_mutator=mutate
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
