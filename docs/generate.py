"""Writes the pages of docs/ that are made from declarations; `--check` fails where one is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import accuracy
import bridges
import editors
import limits
import quantities
from console import filled

from archcalc.reference import layers, rules

FOLDER = Path(__file__).parent


LAYERS_HEAD = """\
# Layer types

Generated from the declarations; `archcalc layers` prints the same. Every entry may also have
`name`, `from`, `when` and `activation` (see [language.md](language.md)). N is the input's size
along an axis, F the kernel, S the stride, P the padding of both sides, D the dilation, C the
input's channels, K the filters, H and W the output's sizes.

"""

RULES_HEAD = """\
# Rules

Generated from the declarations; `archcalc rules` prints the same. In the examples, the caret
points at the place of the finding.

"""


def layers_page() -> str:
    return LAYERS_HEAD + layers.markdown()


def rules_page() -> str:
    return RULES_HEAD + rules.markdown()


def console_page(name: str) -> Callable[[], str]:
    """A page that is written by hand but for the output of the commands in it."""
    return lambda: filled((FOLDER / name).read_text(encoding="utf-8"))


def language_page() -> str:
    text = (FOLDER / "language.md").read_text(encoding="utf-8")
    return limits.filled(quantities.filled(text))


def bridges_page() -> str:
    text = (FOLDER / "bridges.md").read_text(encoding="utf-8")
    return bridges.filled(filled(text))


PAGES: Mapping[str, Callable[[], str]] = {
    "accuracy.md": accuracy.page,
    "bridges.md": bridges_page,
    "editors.svg": editors.picture,
    "language.md": language_page,
    "layers.md": layers_page,
    "rules.md": rules_page,
    "ci.md": console_page("ci.md"),
    "memory.md": console_page("memory.md"),
    "recipes.md": console_page("recipes.md"),
    "reports.md": console_page("reports.md"),
    "variants.md": console_page("variants.md"),
    "../README.md": console_page("../README.md"),
}


def main(arguments: list[str]) -> int:
    """Writes every page, or with ``--check`` names those that differ; then the status is 1."""
    stale = 0
    for name, page in PAGES.items():
        path, text = FOLDER / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'wrote'}: {name}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
