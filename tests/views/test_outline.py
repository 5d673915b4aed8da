"""How a network is folded, and where its stages begin."""

from __future__ import annotations

import pytest
from reports import GROUPED, analysed

from archcalc import api
from archcalc.views.outline import nested, outline, stages


def test_the_outline_opens_plain_groups_and_folds_blocks_and_copies() -> None:
    net = analysed(GROUPED)
    top = ["open", "single", "several", "sum", "last", "fc"]
    assert [part.path for part in nested(net)] == top
    shown = outline(net)
    opened = ["open.a", "open.b", "single", "several", "sum.0.c", "sum", "last", "fc"]
    assert [part.path for part in shown] == opened
    words = [part.described(net) for part in shown]
    assert words == ["conv", "relu", "pair", "3 x pair", "conv", "add", "maxpool", "linear"]
    assert [part.start for part in shown] == [1, 2, 3, 6, 15, 16, 17, 18]


def test_a_run_of_one_part_is_that_part() -> None:
    net = analysed("name: n\ninput: 8x8x4\nlayers:\n" + "  - {type: relu}\n" * 41)
    shown = outline(net)
    assert [part.stop - part.start for part in shown] == [2] * 20 + [1]
    assert shown[-1].described(net) == "relu"


def test_stages_begin_where_the_resolution_changes() -> None:
    found = stages(api.analyze(api.load("vgg16")))
    assert [stage.resolution for stage in found] == [
        *("224x224", "112x112", "56x56", "28x28", "14x14", "7x7"), "1 position",
    ]  # fmt: skip
    assert found[1].title == "pool1 to conv2_2"
    assert sum(len(stage.parts) for stage in found) == 24


def test_valid_convolutions_that_shave_rows_off_stay_in_their_stage() -> None:
    conv = "  - {type: conv, filters: 2, kernel: 3}\n"
    net = analysed(
        f"name: n\ninput: 64x64x1\nlayers:\n{conv * 4}  - {{type: maxpool, kernel: 2}}\n"
    )
    assert [(stage.resolution, len(stage.parts)) for stage in stages(net)] == [
        ("62x62", 4),
        ("28x28", 1),
    ]


@pytest.mark.parametrize(("rows", "count"), [(41, 1), (40, 2), (59, 1), (60, 1), (89, 1), (90, 2)])
def test_a_stage_is_left_where_the_rows_change_by_half(rows: int, count: int) -> None:
    net = analysed(
        "name: n\ninput: 60x60x1\nlayers:\n  - {type: relu}\n"
        f"  - {{type: upsample, size: {rows}}}\n"
    )
    assert len(stages(net)) == count


def test_maps_of_one_position_are_a_stage_of_their_own() -> None:
    net = analysed(
        "name: n\ninput: 1x1x4\nlayers:\n  - {type: relu}\n  - {type: upsample, scale: 2}\n"
        "  - {type: global_avgpool}\n  - {type: flatten}\n"
    )
    assert [stage.resolution for stage in stages(net)] == ["1 position", "2x2", "1 position"]
