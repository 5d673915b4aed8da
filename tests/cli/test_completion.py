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
    pairs = [item.split(",", 1) for item in result.out.splitlines() if item]
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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("archcalc compare mobilenet-v2 --vary wid", ["width="]),
        ("archcalc compare mobilenet-v2 --vary inp", ["input="]),
        ("archcalc table mobilenet-v2 --set inp", []),
        ("archcalc table vgg16 --set conv1_", ["conv1_1.", "conv1_2."]),
        ("archcalc table vgg16 --set conv1_1.str", ["conv1_1.stride="]),
        ("archcalc table resnet50 --set layer2.rep", ["layer2.repeat="]),
        ("archcalc table resnet50 --set layer2.w", ["layer2.width="]),
        ("archcalc table resnet50 --set layer2.0.", ["layer2.0.project=", "layer2.0.stride=",
                                                     "layer2.0.sum.", "layer2.0.width="]),
        ("archcalc table no-such-file --set wid", []),
        ("archcalc compare mobilenet-v2@wid", ["mobilenet-v2@width="]),
        ("archcalc compare mobilenet-v2@width=1@inp", ["mobilenet-v2@width=1@input="]),
        ("archcalc compare vgg16 --columns params,mac", ["params,macs"]),
        ("archcalc compare vgg16 --format r", ["rows"]),
        ("archcalc sweep mobilenet-v2 --vary stage2.rep", ["stage2.repeat="]),
        ("archcalc sweep mobilenet-v2 --columns params,mac", ["params,macs"]),
        ("archcalc sweep mobilenet-v2 --pareto params,mac", ["params,macs"]),
        ("archcalc sweep mobilenet-v2 --max flo", ["flops="]),
        ("archcalc fit mobilenet-v2 --vary wid", ["width="]),
        ("archcalc fit mobilenet-v2 --max mac", ["macs="]),
        ("archcalc fit mobilenet-v2 --maximize para", ["param_bytes", "params"]),
        ("archcalc fit mobilenet-v2 --minimize flo", ["flops"]),
        ("archcalc sizes mobilenet-v2 --set wid", ["width="]),
        ("archcalc diff vgg16 vgg19 --max-increase flo", ["flops="]),
        ("archcalc check mobilenet-v2 --vary wid", ["width="]),
        ("archcalc show mobilenet-v2", ["mobilenet-v2"]),
        ("archcalc new mine --from lenet3", ["lenet300"]),
    ],
)  # fmt: skip
def test_variants(line: str, words: list[str]) -> None:
    assert sorted(offered(line)) == sorted(words)


def test_layer_types() -> None:
    assert offered("archcalc layers conv") == [n for n in LAYERS if n.startswith("conv")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    result = run(_ARCHCALC_COMPLETE=f"{shell}_source")
    assert result.status == 0
    assert "_ARCHCALC_COMPLETE" in result.out
