"""The graph as mermaid draws it."""

from __future__ import annotations

from reports import GROUPED, analysed

from archcalc.renderers.flowchart import mermaid
from archcalc.views.flowchart import flowcharts
from archcalc.views.outline import outline


def test_the_flowchart_draws_each_block_once_with_what_feeds_it() -> None:
    network, block = flowcharts(analysed(GROUPED))
    assert 'n3[["several: 3 x pair<br/>16x16x4"]]' in mermaid(network)
    assert "n3 --> n5" in mermaid(network)
    assert "n4 --> n5" in mermaid(network)
    assert block.path == "single"
    assert 'i0(["open.b<br/>16x16x4"])' in mermaid(block)
    assert 'n2["inner.batchnorm1: batchnorm<br/>16x16x4"]' in mermaid(block)


def test_a_long_chain_is_folded_to_runs_of_layers() -> None:
    net = analysed(
        "name: n\ninput: 8x8x4\nlayers:\n" + "  - {type: conv, filters: 4, kernel: 1}\n" * 1000
    )
    shown = outline(net)
    assert len(shown) == 1000 // 25
    assert shown[0].described(net) == "25 layers"
    assert shown[-1].stop == 1 + 1000
    (chart,) = flowcharts(net)
    assert mermaid(chart).count("<br/>") == 41
    assert "conv1 … conv25" in mermaid(chart)


def test_a_window_in_the_flowchart_has_its_stride_where_it_is_not_1() -> None:
    entries = (
        "{type: conv, name: a, filters: 2, kernel: 1, stride: [1, 2]}",
        "{type: conv, name: b, filters: 2, kernel: 3, stride: 2}",
        "{type: conv, name: c, filters: 2, kernel: [1, 3]}",
    )
    layers = "".join(f"  - {entry}\n" for entry in entries)
    (chart,) = flowcharts(analysed(f"name: n\ninput: 9x19x4\nlayers:\n{layers}"))
    for label in ("a: 1x1/1x2 conv<br/>9x10x2", "b: 3x3/2 conv<br/>4x4x2", "c: 1x3 conv<br/>4x2x2"):
        assert f'["{label}"]' in mermaid(chart)


def test_names_that_mermaid_reserves_are_labels_like_others() -> None:
    names = ("end", "graph", "subgraph", "style", "click", "default", "o", "x", "a--b", "class_1")
    layers = "".join(f"  - {{type: relu, name: {name}}}\n" for name in names)
    (chart,) = flowcharts(analysed(f"name: n\ninput: 4\nlayers:\n{layers}"))
    for place, name in enumerate(names):
        assert f'n{place}["{name}: relu<br/>4"]' in mermaid(chart)


def test_a_shape_that_is_only_read_is_a_dotted_arrow() -> None:
    net = analysed(
        "name: n\ninput: 8x8x4\nlayers:\n  - {type: conv, name: a, filters: 2, kernel: 3}\n"
        "  - {type: upsample, name: b, scale: 2}\n  - {type: crop, name: c, crop: {like: a}}\n"
    )
    assert "n0 -.-> n2" in mermaid(flowcharts(net)[0])
