"""What a file may do with a layer beside having it: share, freeze, repeat, recur, choose, name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from draft_keys import keys
from draft_windows import Draw, Keys
from drafts import MERGES, SPATIAL, Draft, extend, flow
from hypothesis import assume
from hypothesis import strategies as st

from archcalc.network.volume import Volume

APART = (
    *MERGES,
    "matmul",
    "embedding",
    "split",
    "parameter",
    "constant",
)  # no entry of these stands alone


class Formed(Draft):
    """A draft with a head: variables and blocks that its entries use, and named inputs."""

    def __init__(self, volume: Volume) -> None:
        super().__init__(volume)
        self.variables: Keys = {}
        self.blocks: Keys = {}
        self.names: Sequence[str] = ()

    def text(self, entries: Sequence[str] = ()) -> str:
        text = super().text(entries)
        if self.names:
            given = text.splitlines()[1].partition(": ")[2]
            inputs = flow(dict.fromkeys(self.names, given))
            text = text.replace(f"input: {given}", f"inputs: {inputs}", 1)
        head = {"variables": self.variables, "blocks": self.blocks}
        written = "".join(f"{key}: {flow(value)}\n" for key, value in head.items() if value)
        return text.replace("layers:\n", f"{written}layers:\n", 1)


def shared(draw: Draw, draft: Formed, entry: Keys) -> bool:
    start = {"type": "relu", "name": "start"}
    first, second = (entry | {"name": name, "from": "start"} for name in ("first", "second"))
    return draft.add(start, first, second | {"share": "first"})


def shared_copies(draw: Draw, draft: Formed, entry: Keys) -> bool:
    draft.blocks["unit"] = {"layers": [entry, {"type": "relu"}]}
    return draft.add({"block": "unit", "repeat": draw(st.integers(1, 3)), "share": True})


def frozen(draw: Draw, draft: Formed, entry: Keys) -> bool:
    whole = {"layers": [{"type": "relu"}, entry], "frozen": True}
    return draft.add(draw(st.sampled_from([entry | {"frozen": True}, whole])))


def left_out(draw: Draw, draft: Formed, entry: Keys) -> bool:
    out = draw(st.sampled_from([{"repeat": 0}, {"when": False}, {"when": "$(1 > 2)"}]))
    gone = {"type": "relu", "name": "gone"} | out
    return draft.add(gone, entry, {"layers": [entry]} | out)


def copies(draw: Draw, draft: Formed, entry: Keys) -> bool:
    """The layer in one copy of a group alone."""
    times = draw(st.integers(1, 3))
    place = draw(st.integers(0, times - 1))
    group = [{"type": "relu"}, entry | {"when": f"$(copy == {place})"}]
    return draft.add({"layers": group, "repeat": times})


def ends(draw: Draw, draft: Formed, entry: Keys) -> bool:
    """The first or the last copy of a block is without the layer, or alone has it."""
    unit = [{"type": "relu"}, entry | {"when": "$there"}]
    draft.blocks["unit"] = {"arguments": {"there": "required"}, "layers": unit}
    there = draw(st.booleans())
    end = {draw(st.sampled_from(["first", "last"])): {"there": not there}}
    return draft.add({"block": "unit", "repeat": 2, "with": {"there": there}} | end)


def recursion(draw: Draw, draft: Formed, entry: Keys) -> bool:
    again = {"block": "unit", "with": {"depth": "$(depth - 1)"}, "when": "$(depth > 0)"}
    unit = [{"type": "relu"}, again, entry]
    draft.blocks["unit"] = {"arguments": {"depth": "required"}, "layers": unit}
    return draft.add({"block": "unit", "with": {"depth": draw(st.integers(0, 2))}})


def choices(draw: Draw, draft: Formed, entry: Keys) -> bool:
    """Branches of which some stand under a condition; the type is an argument."""
    branch = {"when": "$there", "layers": [entry | {"type": "$kind"}, {"type": "relu"}]}
    other: list[Keys] = [entry]
    given = {"there": draw(st.booleans()), "kind": entry["type"]}
    merged = {"type": "add", "branches": [other, branch]}
    draft.blocks["unit"] = {"arguments": dict.fromkeys(given, "required"), "layers": [merged]}
    return draft.add({"block": "unit", "with": given})


def lists(draw: Draw, draft: Formed, entry: Keys) -> bool:
    draft.variables["widths"] = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    widths = {"units": '"$(widths[copy])"', "flatten": False, "repeat": "$(len(widths))"}
    return draft.add(entry, {"type": "linear"} | widths)


def sizes(draw: Draw, draft: Formed, entry: Keys) -> bool:
    """A block that reads what it is given: channels, and the layer's output."""
    wide = {"type": "linear", "flatten": False, "units": "$(input.channels + x.channels)"}
    draft.blocks["unit"] = {"layers": [entry | {"name": "x"}, wide]}
    return draft.add({"block": "unit"})


def inputs(draw: Draw, draft: Formed, entry: Keys) -> bool:
    return draft.add(entry)


Form = Callable[[Draw, Formed, Keys], bool]

FORMS: dict[str, tuple[Form, str]] = {
    "share": (shared, "share: first"),
    "shared copies": (shared_copies, "share: true"),
    "frozen": (frozen, "frozen: true"),
    "left out": (left_out, "name: gone"),
    "copy": (copies, "copy =="),
    "first and last": (ends, "there: required"),
    "recursion": (recursion, "depth - 1"),
    "branches under when, and types": (choices, "type: $kind"),
    "lists": (lists, "widths[copy]"),
    "sizes of blocks": (sizes, "x.channels"),
    "inputs": (inputs, "inputs: {"),
}  # fmt: skip


@st.composite
def formed(draw: Draw, form: str, kinds: Sequence[str]) -> str:
    """A valid file with a layer in one of the forms, and up to three layers around it."""
    axes = draw(st.integers(0, 2))
    spatial = tuple(draw(st.integers(3, 10)) for _ in range(axes))
    draft = Formed(Volume(draw(st.sampled_from([2, 3, 4, 6])), spatial))
    if form == "inputs":
        draft.names = ("left", "right", "third")[: draw(st.integers(2, 3))]
        merge = draw(st.sampled_from(["add", "subtract", "multiply", "concat"]))
        read = draft.names[:2] if merge == "subtract" else draft.names
        assume(draft.add({"type": merge, "from": list(read)}))
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=2)):
        extend(draw, draft, kind)
    alone = [kind for kind in kinds if kind not in APART]
    flat = [kind for kind in alone if kind not in SPATIAL]
    kind = draw(st.sampled_from(alone if draft.volume.spatial else flat))
    entry: dict[str, Any] = {"type": kind, **keys(draw, kind, draft.volume)}
    assume(FORMS[form][0](draw, draft, entry))
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=1)):
        extend(draw, draft, kind)
    return draft.text()
