"""``share`` and ``frozen``: weights that several layers use, and those that are not trained."""

from __future__ import annotations

import pytest
from language import analysis, diagnostics, file, mistake

from archcalc.analysis.quantities import QUANTITIES
from archcalc.api import Analysis, analyze, loads
from archcalc.network.training import Settings

HEAD = """blocks:
  head:
    layers:
      - {type: conv, name: t, filters: 3, kernel: 3, padding: 1, repeat: 2, activation: relu}
      - {type: batchnorm, name: b}
      - {type: separable_conv, name: o, filters: 4, kernel: 1}
"""
ONE = 2 * (9 * 3 * 3 + 3) + 2 * 3 + (3 + 3 * 4 + 4)


def shared(found: Analysis) -> dict[str, str]:
    return {row.name: row.shared_with for row in found.layers if row.shared_with}


def test_an_instance_uses_the_weights_of_another_at_other_sizes() -> None:
    layers = (
        "  - {block: head, name: a}\n  - {type: maxpool, kernel: 2, from: input}\n"
        "  - {block: head, name: b, share: a}\n  - {block: head, name: c, share: b, from: input}\n"
    )
    found = analysis(file(layers, HEAD))
    rows = ("t.0", "t.1", "b", "o.depthwise", "o.pointwise")
    assert shared(found) == {f"{x}.{row}": f"a.{row}" for x in "bc" for row in rows}
    assert found.totals.params == ONE
    assert found.totals.buffers == 2 * 3
    macs = {row.name: row.macs for row in found.layers}
    assert macs["b.t.0"] == 9 * 3 * 3 * 16 * 16
    assert macs["c.t.0"] == macs["a.t.0"] == 9 * 3 * 3 * 32 * 32
    rows_of_b = [row for row in found.layers if row.name.startswith("b.")]
    assert [(row.weights, row.biases, row.buffers) for row in rows_of_b] == [(0, 0, 0)] * 5
    alone = analysis(file("  - {block: head, name: c}\n", HEAD))
    assert [row.flops for row in found.layers[-5:]] == [row.flops for row in alone.layers]


def test_json_has_the_path_where_there_is_one() -> None:
    layers = "  - {type: conv, name: a, filters: 3, kernel: 1, repeat: 2, share: true}\n"
    first, second = analysis(file(layers)).to_dict()["layers"]
    assert "shared_with" not in first
    assert second["shared_with"] == "a.0"


@pytest.mark.parametrize(
    "entry", ["{block: head, name: h, ", "{layers: [{block: head}], name: h, "]
)
def test_all_copies_use_the_first_ones(entry: str) -> None:
    layers = f"  - {entry}repeat: 12, share: true}}\n"
    head = HEAD.replace("filters: 4", "filters: 3")
    found = analysis(file(layers, head))
    assert found.totals.params == ONE - 4
    assert all(other.startswith("h.0.") for other in shared(found).values())
    assert len(shared(found)) == 11 * 5


def test_sharing_inside_copies_stays_inside_them() -> None:
    layers = (
        "  - name: g\n    repeat: 12\n    layers:\n"
        "      - {type: conv, name: a, filters: 3, kernel: 1}\n"
        "      - {type: conv, name: b, filters: 3, kernel: 1, share: a}\n"
        "  - {type: conv, filters: 3, kernel: 1, share: g.11.b}\n"
    )
    found = analysis(file(layers))
    assert shared(found) == {**{f"g.{n}.b": f"g.{n}.a" for n in range(12)}, "conv1": "g.11.a"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "{type: conv, filters: 4, kernel: 3, share: a}",
            "it has weights F x F x C x K = 3 x 3 x 3 x 4, biases K = 4 (conv), "
            'and "a" weights F x F x C x K = 3 x 3 x 3 x 3, biases K = 3 (conv)',
        ),
        (
            "{type: conv, filters: 3, kernel: 3, bias: false, share: a}",
            "it has weights F x F x C x K = 3 x 3 x 3 x 3 (conv), "
            'and "a" weights F x F x C x K = 3 x 3 x 3 x 3, biases K = 3 (conv)',
        ),
        ("{block: head, share: a}", 'it has 5 layers with weights, and "a" 1 layer'),
        ("{type: relu, share: a}", 'it has 0 layers with weights, and "a" 1 layer'),
        ("{type: batchnorm, share: true}", "`share: true` is for the copies of an entry: "),
        ("{type: batchnorm, share: [a]}", "share takes the name of a layer, or true, not a list"),
        ("{type: batchnorm, share: $(1 + 1)}", 'share takes a name or true, not "2"'),
        ("{type: batchnorm, share: b}", 'no layer before this one is named "b"'),
        ("{type: batchnorm, share: b, when: false}", 'no layer before this one is named "b"'),
        ("{type: batchnorm, frozen: 3}", "frozen takes true or false"),
    ],
)
def test_mistakes(entry: str, message: str) -> None:
    layers = f"  - {{type: conv, name: a, filters: 3, kernel: 3}}\n  - {entry}\n"
    assert mistake(file(layers, HEAD)).message.startswith(message)


def test_what_a_mistake_hides_is_no_second_mistake() -> None:
    layers = (
        "  - {type: conv, name: a, filters: 3, kernel: 99}\n"
        "  - {block: head, share: a}\n  - {block: head, share: true, repeat: $(1 / 0)}\n"
    )
    assert len(diagnostics(file(layers, HEAD))) == 2


def training(layers: str, **settings: object) -> Analysis:
    text = file(layers, HEAD, "8x8x3")
    return analyze(loads(text), train=Settings(**settings), batch=2)  # type: ignore[arg-type]


@pytest.mark.parametrize("amp", [None, "bfloat16"])
def test_gradients_and_states_of_shared_weights_are_there_once(amp: str | None) -> None:
    entry = "{type: conv, name: c, filters: 3, kernel: 3, padding: 1, repeat: 6"
    found = training(f"  - {entry}, share: true}}\n", amp=amp, optimizer="adam")
    assert found.training
    one = (9 * 3 * 3 + 3) * 4
    assert found.training.gradients == {1: one}
    assert (found.training.parameters, found.training.state) == (one, 2 * one)
    apart = training(f"  - {entry}}}\n", amp=amp, optimizer="adam")
    assert apart.training
    assert sum(apart.training.saved.values()) >= sum(found.training.saved.values())


def test_one_layer_of_1024_units_a_hundred_times() -> None:
    """4044.00390625 MiB after the forward pass, as PyTorch allocates them (torchinfo issue 144)."""
    layers = "  - {type: linear, name: l, units: 1024, repeat: 100, share: true}\n"
    text = file(layers, size="1024")
    found = analyze(loads(text), train=Settings(loss="none"), batch=10_240)
    saved = QUANTITIES["saved_bytes"].total(found)
    assert saved is not None
    last_output = 10_240 * 1024 * 4
    assert saved + last_output + found.totals.param_bytes == 4044.00390625 * 2**20


def test_frozen_weights_count_and_have_no_gradient() -> None:
    layers = (
        "  - {block: head, name: a, frozen: true}\n  - {type: linear, units: 4, frozen: true}\n"
        "  - {type: linear, name: l, units: 2}\n"
    )
    found = training(layers, optimizer="adamw")
    assert found.training
    linear, last = 8 * 8 * 4 * 4 + 4, 4 * 2 + 2
    assert found.totals.params == ONE + linear + last
    assert QUANTITIES["frozen_params"].total(found) == ONE + linear
    assert sum(found.training.gradients.values()) == last * 4
    assert found.training.state == 2 * last * 4
    assert sum(row.saved_bytes or 0 for row in found.layers[:-1]) == 0
    document = found.to_dict()
    assert document["totals"]["frozen_params"] == ONE + linear
    assert document["layers"][0]["frozen_params"] == 9 * 3 * 3 + 3
    assert "frozen_params" not in document["layers"][-1]


def test_what_a_frozen_layer_keeps_where_a_gradient_passes() -> None:
    first = "  - {type: conv, name: a, filters: 3, kernel: 1}\n"
    for entry, keeps in (
        ("{type: conv, filters: 5, kernel: 1, frozen: true}", 2 * 64 * 3 * 4),
        ("{type: batchnorm, frozen: true}", 2 * 64 * 3 * 4 + 2 * 3 * 4),
        ("{type: linear, units: 5, frozen: true}", 0),
        ("{type: linear, units: 5}", 2 * 64 * 3 * 4),
    ):
        found = training(f"{first}  - {entry}\n", loss="none")
        assert found.layers[1].saved_bytes == keeps, entry


def test_a_shared_weight_is_frozen_where_it_is() -> None:
    layers = (
        "  - {type: conv, name: a, filters: 3, kernel: 1, frozen: true}\n"
        "  - {type: conv, filters: 3, kernel: 1, share: a}\n"
    )
    found = training(layers)
    assert found.training
    assert found.training.gradients == {}
    assert (
        "frozen_params"
        not in analysis(file(layers.replace(", frozen: true", ""))).to_dict()["totals"]
    )


def test_a_frozen_learned_tensor_has_no_gradient() -> None:
    layers = (
        "  - {type: parameter, name: p, shape: 8x8x3, frozen: true}\n"
        "  - {type: add, from: [p, input]}\n  - {type: linear, units: 2}\n"
    )
    found = training(layers)
    assert found.training
    assert sum(found.training.gradients.values()) == (8 * 8 * 3 * 2 + 2) * 4
