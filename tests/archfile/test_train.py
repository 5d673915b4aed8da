"""`train` in a file: how the network is trained, for what that takes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from nets import broken, net, text

import archcalc
from archcalc.analysis.training import train
from archcalc.cli.group import cli
from archcalc.network.training import Settings

LAYERS = ["{block: pair, name: a}", "{block: pair, name: b}", "{type: linear, units: 10}"]
BLOCKS = "{pair: {layers: [{type: conv, filters: 4, kernel: 3}, {type: relu, name: last}]}}"
WHOLE = (
    "{optimizer: adamw, weight_decay: true, amp: bfloat16, checkpoint: blocks, batch: 32, "
    "fit: 24GB, reserve: 1GiB, in_place: false, loss: cross-entropy-of-all}"
)


def trained(keys: str, **top: str) -> archcalc.Analysis:
    return net(LAYERS, "16x16x3", blocks=BLOCKS, train=keys, **top)


def refused(keys: str) -> list[tuple[str, str]]:
    return broken(LAYERS, "16x16x3", blocks=BLOCKS, train=keys)


def test_every_key() -> None:
    analysis = trained(WHOLE)
    assert analysis.network.train == Settings(
        optimizer="adamw",
        weight_decay=True,
        amp="bfloat16",
        checkpoint=("blocks",),
        in_place=False,
        loss="cross-entropy-of-all",
        batch=32,
        fit=24 * 10**9,
        reserve=2**30,
    )
    assert analysis.batch == 32
    assert analysis.training
    assert analysis.training.settings == analysis.network.train


def test_the_batch_of_a_call_goes_first() -> None:
    file = archcalc.loads(text(LAYERS, "16x16x3", blocks=BLOCKS, train="{batch: 32}"))
    assert archcalc.analyze(file, batch=2).batch == 2
    assert archcalc.analyze(file).batch == 32


def test_without_it_nothing_is_simulated() -> None:
    analysis = net(LAYERS, "16x16x3", blocks=BLOCKS)
    assert analysis.training is None
    assert {layer.saved_bytes for layer in analysis.layers} == {None}
    assert "training_peak_bytes" not in analysis.to_dict()["totals"]
    assert "saved_bytes" not in analysis.to_dict()["layers"][0]


def test_a_figure_asks_for_it() -> None:
    analysis = net(LAYERS, "16x16x3", blocks=BLOCKS, budget="{training_peak_bytes: 1MB}")
    assert analysis.training
    assert analysis.training.settings == Settings()


def test_quantities_in_json() -> None:
    analysis = trained("{batch: 4, fit: 1MB, checkpoint: [a]}")
    document, course = analysis.to_dict(), train(analysis, Settings(checkpoint=("a",))).course
    totals = document["totals"]
    assert totals["training_peak_bytes"] == course.peak(4).bytes
    assert totals["largest_batch"] == course.largest_batch(10**6)
    assert totals["gradient_bytes"] == totals["param_bytes"]
    assert sum(layer["saved_bytes"] for layer in document["layers"]) == totals["saved_bytes"]
    assert trained("{batch: 4}").to_dict()["totals"]["largest_batch"] is None


def test_expectations_and_budgets() -> None:
    analysis = trained("{batch: 4}")
    assert analysis.training
    peak = analysis.training.course.peak(4).bytes
    held = {"expect": f"{{training_peak_bytes: {peak}}}", "budget": f"{{saved_bytes: {peak}}}"}
    assert archcalc.check(trained("{batch: 4}", **held)) == []
    (finding,) = archcalc.check(trained("{batch: 4}", budget="{training_peak_bytes: 1000}"))
    assert "it is reached at b.last, backward; most is in a.last" in finding.message


def test_a_layer_and_a_group_may_be_expected() -> None:
    expected = "{layers: {a.conv1: {gradient_bytes: 448}, a: {saved_bytes: 0}}}"
    (finding,) = archcalc.check(trained("{}", expect=expected))
    assert finding.message.startswith("saved_bytes is 6,208, and 0 is expected")


@pytest.mark.parametrize(
    ("keys", "rule", "message"),
    [
        ("{optimiser: adam}", "unknown-key", 'train has no key "optimiser"'),
        ("{optimizer: adan}", "wrong-value", "optimizer takes one of sgd, momentum, adam"),
        ("{amp: float64}", "wrong-value", "amp takes one of bfloat16, float16"),
        ("{batch: 0}", "size-below-one", "batch"),
        ("{fit: 24XB}", "wrong-value", "fit takes a count such as"),
        ("{checkpoint: c}", "unknown-name", 'no group or instance of a block has the path "c"'),
        ("{checkpoint: []}", "wrong-value", "checkpoint is an empty list"),
        ("{checkpoint: [a, b, a]}", "wrong-value", '"a" and "a" overlap'),
        ("{reserve: 1GB}", "wrong-value", "reserve is taken from fit, which is not given"),
        ("{fit: 1GB, reserve: 2GB}", "wrong-value", "reserve is 2,000,000,000 bytes, and fit only"),
        ("{checkpoint: [a, stages]}", "unknown-name", "no group or instance of a block has"),
        ("adam", "wrong-value", 'train takes a mapping, not "adam"'),
    ],
)
def test_mistakes(keys: str, rule: str, message: str) -> None:
    ((found, said),) = refused(keys)
    assert found == rule
    assert said.startswith(message)


def test_int8_has_no_gradients() -> None:
    keys = {"train": "{batch: 2}", "expect": "{saved_bytes: 1}"}
    file = archcalc.loads(text(LAYERS, "16x16x3", blocks=BLOCKS, **keys))
    analysis = archcalc.analyze(file, dtype="int8")
    assert analysis.training is None
    (finding,) = archcalc.check(analysis)
    assert finding.message == "saved_bytes is not known: int8 has no gradients"


def test_a_budget_is_the_least_that_a_batch_may_be() -> None:
    limit = archcalc.check(trained("{fit: 1MB}", budget="{largest_batch: 1M}"))
    assert "under the budget of 1,000,000 by" in limit[0].message
    assert archcalc.check(trained("{fit: 1MB}", budget="{largest_batch: 2}")) == []
    (unknown,) = archcalc.check(trained("{batch: 4}", budget="{largest_batch: 2}"))
    assert unknown.message == "largest_batch is not known: `train` says no `fit`"


def test_options_go_before_the_file(tmp_path: object) -> None:
    file = text(LAYERS, "16x16x3", blocks=BLOCKS, train="{optimizer: adam, amp: bfloat16}")
    args = ["memory", "-", "--format", "json", "--optimizer", "sgd", "--batch", "3"]
    result = CliRunner().invoke(cli, args, input=file)
    found = json.loads(result.output)
    assert (found["optimizer"], found["amp"], found["batch"]) == ("sgd", "bfloat16", 3)


def test_compare_and_diff_take_the_others_along() -> None:
    from archcalc.views.comparison import comparison
    from archcalc.views.difference import difference

    with_it, without = trained("{optimizer: sgd}"), net(LAYERS, "16x16x3", blocks=BLOCKS)
    first, second = comparison([("with", with_it), ("without", without)])
    assert first.totals["training_peak_bytes"] == second.totals["training_peak_bytes"]
    assert difference(with_it, without).is_empty
    assert "training_peak_bytes" not in comparison([("a", without), ("b", without)])[0].totals


def test_columns_ask_for_it() -> None:
    analysis = net(LAYERS, "16x16x3", blocks=BLOCKS)
    table = archcalc.render(analysis, "csv", columns=["name", "saved_bytes"], sort="saved_bytes")
    assert table.splitlines()[1] == f"a.last,{14 * 14 * 4 * 4}"
