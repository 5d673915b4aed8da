"""Merges whose sizes do not fit: which windows lost positions, and at which inputs they would."""

from __future__ import annotations

import pytest

import archcalc
from archcalc import Volume
from archcalc.diagnostics import Diagnostic
from archcalc.network.layers.merge import Add
from archcalc.network.layers.pool import MaxPool
from archcalc.network.layers.resize import Upsample


def unet(size: str, depth: int = 4, padding: int = 1) -> str:
    conv = f"{{type: conv, name: %s, filters: 4, kernel: 3, padding: {padding}}}"
    rows = []
    for level in range(depth):
        rows += [conv % f"enc{level}", f"{{type: maxpool, name: pool{level}, kernel: 2}}"]
    rows.append(conv % "middle")
    for level in reversed(range(depth)):
        rows += [
            f"{{type: conv_transpose, name: up{level}, filters: 4, kernel: 2, stride: 2}}",
            f"{{type: concat, name: skip{level}, from: [enc{level}, up{level}]}}",
            conv % f"dec{level}",
        ]
    return f"name: net\ninput: {size}x1\nlayers:\n" + "".join(f"  - {row}\n" for row in rows)


def mistakes(text: str, input: object = None) -> list[Diagnostic]:
    try:
        archcalc.analyze(archcalc.loads(text), input=input)  # type: ignore[arg-type]
    except archcalc.SpecError as error:
        return error.diagnostics
    return []


def fits(size: tuple[int, ...]) -> bool:
    return not mistakes(unet("16x16"), Volume(1, size))


@pytest.mark.parametrize(
    ("size", "inputs"),
    [
        # four poolings of stride 2: multiples of 16 fit, and nothing else does
        ((570, 570), ["560x560x1", "576x576x1"]),
        ((575, 575), ["560x560x1", "576x576x1"]),
        ((561, 561), ["560x560x1", "576x576x1"]),
        ((570, 576), ["560x576x1", "576x576x1"]),
        ((570, 600), ["560x592x1", "576x608x1"]),
        ((20, 20), ["16x16x1", "32x32x1"]),
    ],
)
def test_the_nearest_inputs_at_which_a_padded_unet_fits(
    size: tuple[int, int], inputs: list[str]
) -> None:
    (found,) = mistakes(unet("16x16"), Volume(1, size))
    assert found.rule == "merge-mismatch"
    assert list(found.suggestions) == [f"an input of {text} fits" for text in inputs]
    for text in inputs:
        height, width, _ = map(int, text.split("x"))
        assert fits((height, width))
    if size[0] == size[1]:
        low, high = (int(text.split("x")[0]) for text in inputs)
        assert not any(fits((n, n)) for n in range(low + 1, high))


def test_the_poolings_that_lost_a_row_are_named() -> None:
    # 570 -> 285 -> 142.5 -> 71 -> 35.5, and up from 35 to 70 against 71
    (found,) = mistakes(unet("570x570"))
    assert found.message == (
        "height 71 against 70; width 71 against 70; its inputs: enc3 71x71x4, up3 70x70x4; before"
        " it, along the height: pool1 turns 285 into 142 (stride 2, 1 row unread) and pool3 turns"
        " 71 into 35 (stride 2, 1 row unread)"
    )
    assert [edit.text for fix in found.fixes for edit in fix.edits] == ["560x560x1", "576x576x1"]


def test_without_poolings_the_convolutions_that_shrink_are_named() -> None:
    text = """\
name: valid
input: 9x9x4
layers:
  - type: add
    branches:
      - [{type: conv, name: a, filters: 4, kernel: 3}, {type: conv, name: b, filters: 4, kernel: 1}]
      - []
"""
    (found,) = mistakes(text)
    assert found.message.endswith("along the height: add1.0.a turns 9 into 7 (kernel 3)")
    assert found.suggestions == ()


def test_a_stride_that_rounds_up_is_named_as_well() -> None:
    # (15 + 2 - 3)/2 + 1 = 8 reads every row, and twice 8 is not 15
    text = """\
name: up
input: 15x15x4
layers:
  - {type: conv, name: down, filters: 4, kernel: 3, stride: 2, padding: 1}
  - {type: upsample, name: up, scale: 2}
  - {type: add, from: [input, up]}
"""
    (found,) = mistakes(text)
    assert found.message.endswith("along the height: down turns 15 into 8 (stride 2)")
    assert found.suggestions == ("an input of 14x14x4 fits", "an input of 16x16x4 fits")


def test_channels_that_differ_are_not_explained_by_sizes() -> None:
    text = "name: x\ninput: 8x8x3\nlayers:\n  - {type: conv, name: a, filters: 4, kernel: 1}\n"
    (found,) = mistakes(text + "  - {type: add, from: [input, a]}\n")
    assert found.message.endswith("its inputs: input 8x8x3, a 8x8x4")
    assert found.suggestions == ()


def test_a_branch_of_another_resolution_fits_at_no_input() -> None:
    text = "name: x\ninput: 4x4x3\nlayers:\n  - {type: maxpool, name: a, kernel: 2}\n"
    (found,) = mistakes(text + "  - {type: add, from: [input, a]}\n")
    assert found.suggestions == ()  # 1x1 would be broadcast


def test_nothing_is_suggested_beside_another_mistake() -> None:
    text = unet("570x570") + "  - {type: conv, filters: 3, kernel: 3, stride: 0}\n"
    assert [found.suggestions for found in mistakes(text)] == [(), ()]


def test_a_network_of_python_gets_suggestions_for_another_input() -> None:
    builder = archcalc.Builder("net", "16x16x4")
    builder.add(MaxPool(kernel=2), name="pool")
    builder.add(Upsample(scale=2), name="up")
    builder.add(Add(), ["input", "up"])
    with pytest.raises(archcalc.SpecError) as caught:
        archcalc.analyze(builder.network(), input=17)
    (found,) = caught.value.diagnostics
    assert "pool turns 17 into 8 (stride 2, 1 row unread)" in found.message
    assert found.suggestions == ("an input of 16x16x4 fits", "an input of 18x18x4 fits")


def test_large_networks_are_not_searched() -> None:
    rows = "  - {layers: [{type: relu}], repeat: 30000}\n"
    text = unet("570x570").replace("layers:\n", f"layers:\n{rows}", 1)
    (found,) = mistakes(text)
    assert "pool3 turns 71 into 35" in found.message
    assert found.suggestions == ()
