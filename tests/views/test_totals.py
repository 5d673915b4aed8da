"""Heading, totals and shares."""

from __future__ import annotations

from nets import net

import archcalc
from archcalc.views import totals as summary
from archcalc.wording import exact


def total(analysis: archcalc.Analysis, label: str) -> str:
    return dict(summary.totals(analysis, exact))[label]


def test_the_heading_says_what_was_calculated() -> None:
    analysis = archcalc.analyze(
        archcalc.loads(
            "name: N\ndescription: d\nsource: S\nyear: 2000\ninput: 4x5x6\nlayers: [{type: relu}]\n"
        ),
        batch=2,
        dtype="int8",
    )
    assert summary.heading(analysis) == [
        "N: d",
        "S, 2000",
        "input 4x5x6 (height x width x channels), batch 2, int8",
    ]
    assert summary.heading(net("{type: relu}", "4"))[0] == "net"


def test_text_of_several_lines_is_one() -> None:
    text = "name: N\ndescription: |\n  two\n  lines\ninput: 4\nlayers: [{type: relu}]\n"
    assert summary.heading(archcalc.analyze(archcalc.loads(text)))[0] == "N: two lines"


def test_totals() -> None:
    entries = ["{type: conv, name: c, filters: 2, kernel: 1}", "{type: batchnorm, name: b}"]
    analysis = net(entries, "3x3x4")
    weights, biases = 4 * 2 + 2, 2 + 2
    assert total(analysis, "layers") == "2, depth 1"
    assert total(analysis, "output") == "b 3x3x2"
    assert total(analysis, "params") == (
        f"{weights + biases} ({weights} weights + {biases} biases; 4 in buffers), "
        f"{4 * (weights + biases)} bytes"
    )
    macs, bias_uses, normalised = 4 * 2 * 9, 2 * 9, 2 * (2 * 9)
    assert total(analysis, "MACs") == f"{macs} ({2 * macs + bias_uses + normalised} FLOPs)"
    elements = 9 * 4 + 9 * 2 + 9 * 2
    assert total(analysis, "activations").startswith(f"{elements} elements with the input, ")
    assert total(analysis, "peak") == f"{4 * (9 * 4 + 9 * 2)} bytes at c"


def test_many_outputs_are_counted() -> None:
    names = [f"r{i}" for i in range(10)]
    analysis = net(
        [f"{{type: relu, name: {n}, from: input}}" for n in names], "2", outputs=str(names)
    )
    assert total(analysis, "output").endswith("r7 2, and 2 more")


def test_a_network_that_costs_nothing() -> None:
    assert total(net("{type: relu}", "2"), "cost") == "no parameters and no MACs"


def test_families_with_little_of_anything_are_left_out() -> None:
    entries = [
        "{type: conv, name: c, filters: 100, kernel: 1}",
        "{type: maxpool, kernel: 2}",
        "{type: scale, bias: false}",
        "{type: linear, units: 100}",
    ]
    analysis = net(entries, "4x4x100")
    # scale: 100 of 100 x 100 + 100 + 100 + 2 x 2 x 100 x 100 + 100 parameters, under half a percent
    assert [line.partition(":")[0] for line in summary.shares(analysis)] == [
        "convolutions",
        "fully connected layers",
    ]
