"""Random networks for tests of memory: forks, merges and gates, every volume read by someone."""

from __future__ import annotations

from random import Random

ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish",
    "hardsigmoid", "sigmoid", "tanh", "softplus", "softmax",
)  # fmt: skip
ALIKE = {
    "depthwise_conv": ", kernel: 3, padding: 1",
    "batchnorm": "",
    "groupnorm": ", groups: 1",
    "instancenorm": "",
    "scale": "",
    "prelu": "",
    "lrn": ", size: 3",
    "dropout": "",
    "maxpool": ", kernel: 3, stride: 1, padding: 1",
    "avgpool": ", kernel: 3, stride: 1, padding: 1",
}
NORMS = ("batchnorm", "groupnorm", "instancenorm")
KINDS = (
    "conv", "conv", "halved", "same", "same", "same", "same", "activation", "activation", "add",
    "add", "multiply", "concat", "pool", "gate", "slice", "shuffle", "upsample", "pad",
    "transposed", "maxout",
)  # fmt: skip


class Draft:
    """Grows by entries that fit; ``volumes`` are the size and the channels of every name.

    PyTorch copies a slice, or the gradient of a part of a concatenation, for a normalisation that
    follows: that is not modelled, and no draft has it.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.volumes = {"input": (random.choice([8, 12, 16]), random.choice([3, 4, 8]))}
        self.entries: list[str] = []
        self.types = {"input": ""}
        self.read: set[str] = {"input"}

    def add(self, type: str, keys: str, feeds: list[str], volume: tuple[int, int]) -> str:
        name = f"n{len(self.entries)}"
        activation = self.random.choice(ACTIVATIONS) if self.random.random() < 0.4 else None
        keys += f", activation: {activation}" if activation else ""
        source = feeds[0] if len(feeds) == 1 else f"[{', '.join(feeds)}]"
        self.entries.append(f"{{type: {type}, name: {name}{keys}, from: {source}}}")
        self.volumes[name] = volume
        self.types[name] = activation or type
        self.read.update(feeds)
        return name

    def others(self, feed: str, fits: list[str]) -> list[str]:
        free = [name for name in fits if name != feed]
        return self.random.sample(free, min(len(free), self.random.choice([1, 1, 2])))

    def grow(self) -> None:
        """One more layer, or none where what was drawn does not fit."""
        random = self.random
        maps = [name for name, (size, _) in self.volumes.items() if size]  # no vectors
        feed = maps[-1] if random.random() < 0.75 else random.choice(maps)
        size, channels = self.volumes[feed]
        kind = random.choice(KINDS)
        if kind in ("conv", "halved"):
            filters, kernel = random.choice([4, 8, 16]), random.choice([1, 3])
            stride = 2 if kind == "halved" and size >= 4 else 1
            keys = f", filters: {filters}, kernel: {kernel}, stride: {stride}, padding: same"
            bias = random.choice(["true", "false"])
            self.add("conv", f"{keys}, bias: {bias}", [feed], (-(-size // stride), filters))
        elif kind == "same":
            type = random.choice(list(ALIKE))
            if type not in NORMS or (self.types[feed] != "slice" and size > 1):
                self.add(type, ALIKE[type], [feed], (size, channels))
        elif kind == "activation":
            self.add(random.choice(ACTIVATIONS), "", [feed], (size, channels))
        elif kind in ("add", "multiply"):
            fits = [name for name, volume in self.volumes.items() if volume == (size, channels)]
            if others := self.others(feed, fits):
                self.add(kind, "", [feed, *others], (size, channels))
        elif kind == "concat":
            fits = [
                name
                for name, (other, _) in self.volumes.items()
                if other == size and self.types[name] not in NORMS
            ]
            others = self.others(feed, fits)
            if others and self.types[feed] not in NORMS:
                total = channels + sum(self.volumes[name][1] for name in others)
                self.add("concat", "", [feed, *others], (size, total))
        elif kind == "gate":
            pooled = self.add("global_avgpool", "", [feed], (1, channels))
            gate = self.add("linear", f", units: {channels}", [pooled], (0, channels))
            self.add("multiply", "", [feed, gate], (size, channels))
        elif kind == "pool" and size >= 4 and size % 2 == 0:
            type = random.choice(["maxpool", "avgpool", "l2pool"])
            self.add(type, ", kernel: 2, stride: 2", [feed], (size // 2, channels))
        elif kind == "slice" and channels > 1:
            half = channels // 2
            self.add("slice", f", start: 0, stop: {half}", [feed], (size, half))
        elif kind == "shuffle" and channels > 2 and channels % 2 == 0:
            self.add("channel_shuffle", ", groups: 2", [feed], (size, channels))
        elif kind == "maxout" and channels % 2 == 0 and feed != "input":
            self.add("maxout", ", pieces: 2", [feed], (size, channels // 2))
        elif kind == "upsample" and size <= 8:
            mode = random.choice(["nearest", "linear"])
            self.add("upsample", f", scale: 2, mode: {mode}", [feed], (2 * size, channels))
        elif kind == "pad":
            self.add("pad", ", padding: 1", [feed], (size + 2, channels))
        elif kind == "transposed" and size <= 8:
            keys = ", filters: 4, kernel: 2, stride: 2"
            self.add("conv_transpose", keys, [feed], (2 * size, 4))

    def text(self) -> str:
        """The file, whose last layers read all that nobody else does."""
        unread = [name for name in self.volumes if name not in self.read]
        ends = [f"{{type: global_avgpool, name: {name}end, from: {name}}}" for name in unread]
        if len(unread) > 1:
            ends.append(f"{{type: concat, from: [{', '.join(f'{name}end' for name in unread)}]}}")
        size, channels = self.volumes["input"]
        entries = (*self.entries, *ends, "{type: linear, units: 5}")
        layers = "".join(f"  - {entry}\n" for entry in entries)
        return f"name: draft\ninput: {size}x{size}x{channels}\nlayers:\n{layers}"


def draft(seed: int, layers: int) -> str:
    made = Draft(Random(seed))
    while len(made.entries) < layers:
        made.grow()
    return made.text()
