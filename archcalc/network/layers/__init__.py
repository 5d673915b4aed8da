"""Every layer type, one declaration each; the files beside this one hold a family each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module

from archcalc.network.layers.base import Family, Layer, Memory

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "conv": ("conv", "depthwise_conv", "separable_conv"),
    "transposed": ("conv_transpose",),
    "pool": (
        "maxpool", "avgpool", "l2pool", "adaptive_avgpool", "adaptive_maxpool",
        "global_avgpool", "global_maxpool",
    ),
    "linear": ("linear", "rbf"),
    "norm": ("batchnorm", "layernorm", "instancenorm", "groupnorm", "lrn", "scale"),
    "activation": (
        "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish",
        "hardsigmoid", "sigmoid", "tanh", "softplus", "softmax", "prelu", "identity", "maxout",
    ),
    "merge": ("add", "multiply", "concat"),
    "reshape": (
        "dropout", "flatten", "reshape", "slice", "pad", "crop", "upsample", "pixel_shuffle",
        "channel_shuffle",
    ),
}  # fmt: skip

_HOME = {name: module for module, names in FAMILIES.items() for name in names}


class LayerTable(Mapping[str, type[Layer]]):
    """Layer types by name. A family is imported when one of its types is looked up."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = dict.fromkeys(names)
        self._known: dict[str, type[Layer]] = {}

    def __getitem__(self, name: str) -> type[Layer]:
        if name not in self._known:
            if name not in self._names:
                raise KeyError(name)
            module = import_module(f"archcalc.network.layers.{_HOME[name]}")
            self._known.update((layer.type, layer) for layer in module.TYPES)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


LAYERS: Mapping[str, type[Layer]] = LayerTable(_HOME)
ACTIVATIONS: Mapping[str, type[Layer]] = LayerTable(
    name for name in FAMILIES["activation"] if name not in ("prelu", "maxout")
)

__all__ = ["ACTIVATIONS", "FAMILIES", "LAYERS", "Family", "Layer", "Memory"]
