"""Random valid files for tests: a layer that must be there, with others around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from draft_keys import axis, keys
from draft_windows import Draw, Keys, divisor
from hypothesis import assume
from hypothesis import strategies as st

import archcalc
from archcalc.network.volume import Volume

SPATIAL = (
    "conv", "depthwise_conv", "separable_conv", "conv_transpose", "maxpool", "avgpool", "l2pool",
    "adaptive_avgpool", "adaptive_maxpool", "global_avgpool", "global_maxpool", "instancenorm",
    "lrn", "pad", "crop", "upsample", "pixel_shuffle", "space_to_depth",
    "blurpool", "unfold", "squeeze_excite", "lstm", "gru", "rnn", "roll", "gather", "grn",
)  # fmt: skip
MERGES = ("add", "subtract", "multiply", "divide", "concat")


SEQUENCES = ("lstm", "gru", "rnn", "gather")


def flow(value: Any) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


class Draft:
    """A file that grows by entries that fit; ``volume`` is what the last one gives."""

    def __init__(self, volume: Volume) -> None:
        self.input = volume
        self.volume = volume
        self.entries: list[str] = []

    def text(self, entries: Sequence[str] = ()) -> str:
        size = {"channels": self.input.channels, "size": list(self.input.spatial)}
        if not self.input.spatial:
            del size["size"]
        listed = "".join(f"  - {entry}\n" for entry in (*self.entries, *entries))
        return f"name: draft\ninput: {flow(size)}\nlayers:\n{listed}"

    def add(self, *entries: Keys) -> bool:
        """Appends entries, unless the file would be wrong or its volumes large."""
        written = [flow(entry) for entry in entries]
        try:
            last = archcalc.analyze(archcalc.loads(self.text(written))).layers[-1].output
        except archcalc.SpecError:
            return False
        if last.elements > 20_000:
            return False
        self.entries += written
        self.volume = last
        return True


@st.composite
def files(draw: Draw, must: str, kinds: Sequence[str]) -> str:
    """A valid file with a layer of type ``must``, and up to five of ``kinds`` around it."""
    draft = Draft(volume(draw, must))
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=2)):
        extend(draw, draft, kind)
    if must in SEQUENCES and len(draft.volume.spatial) != 1:
        draft = Draft(draft.input)
    if must in SPATIAL and not draft.volume.spatial:
        draft = Draft(draft.input)
    assume(extend(draw, draft, must))
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=3)):
        extend(draw, draft, kind)
    return draft.text()


def volume(draw: Draw, must: str) -> Volume:
    axes = draw(st.integers(1 if must in SPATIAL else 0, 1 if must in SEQUENCES else 3))
    sizes = [draw(st.integers(3, 6 if axes == 3 else 14)) for _ in range(axes)]
    return Volume(draw(st.sampled_from([2, 3, 4, 6, 8, 12])), tuple(sizes))


def extend(draw: Draw, draft: Draft, kind: str) -> bool:
    """Appends a layer of a type with random keys; False where it does not fit."""
    if kind in MERGES:
        return merge(draw, draft, kind)
    if kind in SPATIAL and not draft.volume.spatial:
        return False
    if kind == "instancenorm" and draft.volume.positions == 1:
        return False
    if kind == "groupnorm" and draft.volume.elements == 1:
        return False
    if kind == "matmul" or (kind == "attention" and draw(st.booleans())):
        return products(draw, draft, kind)
    if kind == "embedding":
        return indices(draw, draft)
    if kind == "pixel_shuffle":
        scale = draw(st.integers(1, 3 if len(draft.volume.spatial) < 3 else 2))
        filters = scale ** len(draft.volume.spatial) * draw(st.integers(1, 2))
        before = {"type": "conv", "filters": filters, "kernel": 1}
        return draft.add(before, {"type": kind, "scale": scale})
    if kind in SEQUENCES and len(draft.volume.spatial) != 1:
        return False
    if kind == "split":
        return split(draw, draft)
    if kind == "crop" and draw(st.booleans()):
        return crop_like(draw, draft)
    if kind == "upsample" and draw(st.integers(0, 3)) == 0:
        return upsample_like(draw, draft)
    entry = {"type": kind, **keys(draw, kind, draft.volume)}
    if kind not in ("identity", "softmax", "squeeze_excite") and draw(st.integers(0, 4)) == 0:
        entry["activation"] = draw(st.sampled_from(["relu", "tanh", "gelu"]))
    if draw(st.integers(0, 7)) == 0:
        entry["repeat"] = 2
    return draft.add(entry)


def indices(draw: Draw, draft: Draft) -> bool:
    """A table behind a vector, or behind one channel of a map."""
    entry = {"type": "embedding", **keys(draw, "embedding", draft.volume)}
    if not draft.volume.spatial:
        return draft.add(entry)
    return draft.add({"type": "slice", "start": 0, "stop": 1}, entry)


def split(draw: Draw, draft: Draft) -> bool:
    """Some of the parts are read, the last one by the layer that follows."""
    given, name = keys(draw, "split", draft.volume), f"split{len(draft.entries)}"
    count = len(given["sizes"]) if "sizes" in given else given["parts"]
    end: Keys = {"type": "relu", "from": f"{name}.{count - 1}"}
    if draw(st.booleans()):
        order = draw(st.permutations(range(count)))
        read = [f"{name}.{place}" for place in order]
        end = {"type": "concat", "from": read, "axis": given["axis"]}
    return draft.add({"type": "split", "name": name, **given}, end)


def products(draw: Draw, draft: Draft, kind: str) -> bool:
    """Scores and what they weigh, or attention, of other keys and values than queries."""
    number, heads = len(draft.entries), divisor(draw, draft.volume.channels)
    query = {"type": "relu", "name": f"query{number}"}
    groups = divisor(draw, heads) if kind == "attention" else heads
    channels = draft.volume.channels // heads * groups
    keyed = {"type": "linear", "units": channels, "flatten": False, "name": f"key{number}"}
    value = {"type": "linear", "units": 2 * groups, "flatten": False, "name": f"value{number}"}
    value["from"] = keyed["from"] = query["name"]
    others = [query["name"], keyed["name"], value["name"]]
    if kind == "attention":
        keys = {"heads": heads, "kv_heads": groups}
        return draft.add(query, keyed, value, {"type": kind, **keys, "from": others})
    scores = {"type": kind, "transpose": True, "heads": heads, "name": f"scores{number}"}
    weighted = {"type": kind, "heads": heads, "from": [scores["name"], value["name"]]}
    return draft.add(query, keyed, value, {**scores, "from": others[:2]}, weighted)


def crop_like(draw: Draw, draft: Draft) -> bool:
    number = len(draft.entries)
    return draft.add(
        {"type": "relu", "name": f"small{number}"},
        {"type": "pad", "padding": draw(st.integers(0, 3))},
        {"type": "crop", "crop": {"like": f"small{number}"}},
    )


def upsample_like(draw: Draw, draft: Draft) -> bool:
    number = len(draft.entries)
    mode = draw(st.sampled_from(["nearest", "linear"]))
    return draft.add(
        {"type": "relu", "name": f"large{number}"},
        {"type": "maxpool", "kernel": draw(st.integers(1, 3)), "stride": draw(st.integers(1, 3))},
        {"type": "upsample", "size": {"like": f"large{number}"}, "mode": mode},
    )


def merge(draw: Draw, draft: Draft, kind: str) -> bool:
    """Named inputs, or branches, of which some are left out; also a 1x1 or a single-channel one."""
    form = draw(st.sampled_from(["from", "branches", "names", "conditions", "broadcast"]))
    channels, number = draft.volume.channels, len(draft.entries)
    along = axis(draw, draft.volume) if kind == "concat" else "channels"
    given: Keys = {"type": kind, "axis": along} if kind == "concat" else {"type": kind}
    alike = kind != "concat" or along != "channels"
    if form == "from":
        first = {"type": "relu", "name": f"first{number}"}
        second = {**same_size(draw, draft.volume, alike), "name": f"second{number}"}
        origin = [f"first{number}", f"second{number}"]
        return draft.add(first, second, {**given, "from": origin})
    if form == "broadcast" and kind != "concat" and draft.volume.spatial:
        if kind in ("multiply", "divide") and draw(st.booleans()):
            gate = {"type": "conv", "filters": 1, "kernel": 3, "padding": "half"}
            return draft.add({"type": kind, "branches": [[gate], []]})
        squeeze: list[Keys] = [{"type": "global_avgpool"}]
        wide = draw(st.booleans())
        last = {"type": "linear", "units": channels}
        squeeze.append(last if wide else {"type": "conv", "filters": channels, "kernel": 1})
        return draft.add({**given, "branches": [squeeze, []]})
    listed = [
        [same_size(draw, draft.volume, alike) for _ in range(draw(st.integers(0, 1)))]
        for _ in range(draw(st.integers(1, 3)))
    ]
    if form == "names":
        return draft.add({**given, "branches": {f"b{i}": b for i, b in enumerate(listed)}})
    if form == "conditions":
        kept = [True, *(draw(st.booleans()) for _ in listed[1:])]
        pairs = zip(listed, kept, strict=True)
        branches = [{"when": there, "layers": branch} for branch, there in pairs]
        return draft.add({**given, "branches": branches})
    return draft.add({**given, "branches": listed})


def same_size(draw: Draw, volume: Volume, alike: bool) -> Keys:
    """A layer that keeps the sizes and, where ``alike``, the channels."""
    filters = volume.channels if alike else draw(st.integers(1, 5))
    if not volume.spatial:
        return {"type": "linear", "units": filters, "bias": draw(st.booleans())}
    kind = draw(st.sampled_from(["conv", "separable_conv", "maxpool", "batchnorm", "silu"]))
    if kind == "maxpool":
        return {"type": kind, "kernel": 3, "stride": 1, "padding": 1}
    if kind not in ("conv", "separable_conv"):
        return {"type": kind}
    window = {"kernel": draw(st.sampled_from([1, 3])), "padding": "half"}
    return {"type": kind, "filters": filters, **window, "dilation": draw(st.integers(1, 2))}
