"""What a shell offers for a word that is begun."""

from __future__ import annotations

import pytest
from process import run

from archcalc.api import builtin_names
from archcalc.cli.group import COMMANDS
from archcalc.network.layers import LAYERS


def offered(line: str) -> list[str]:
    words = line.split(" ")
    result = run(
        _ARCHCALC_COMPLETE="bash_complete",
        COMP_WORDS=line.rstrip(" "),
        COMP_CWORD=str(len(words) - 1),
    )
    assert result.status == 0
    pairs = [item.split(",", 1) for item in result.out.splitlines()]
    return [value for kind, value in pairs if kind == "plain"]


def test_commands() -> None:
    assert offered("archcalc ") == list(COMMANDS)
    assert offered("archcalc sch") == ["schema"]


def test_architectures() -> None:
    names = [name for name in builtin_names() if name.startswith("resnet")]
    assert offered("archcalc table resnet") == names


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("archcalc table vgg16 --columns param_", ["param_bytes"]),
        ("archcalc table vgg16 --columns name,flo", ["name,flops"]),
        ("archcalc table vgg16 --sort ma", ["macs", "macs_share"]),
        ("archcalc table vgg16 --format m", ["markdown"]),
        ("archcalc table vgg16 --dtype b", ["bfloat16"]),
        ("archcalc table vgg16 --lim", ["--limit-layers"]),
    ],
)
def test_options(line: str, words: list[str]) -> None:
    assert sorted(offered(line)) == sorted(words)


def test_layer_types() -> None:
    assert offered("archcalc layers conv") == [n for n in LAYERS if n.startswith("conv")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    result = run(_ARCHCALC_COMPLETE=f"{shell}_source")
    assert result.status == 0
    assert "_ARCHCALC_COMPLETE" in result.out
