"""Every layer type, a line for each; the files beside this one hold those that are alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from archcalc.network.layers.base import Family, Layer, Memory


class LayerTypes(Mapping[str, type[Layer]]):
    """Layer types by name. A file of them is imported when one of its types is looked up.

    ``places`` has FILE.CLASS of each name. Few networks need more than a handful of the files: to
    import all of them takes 5 % of the time of `archcalc table vgg16 --format json`.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self.places = places
        self._imported: dict[str, type[Layer]] = {}

    def __getitem__(self, name: str) -> type[Layer]:
        if name not in self._imported:
            file, _, layer = self.places[name].partition(".")
            module = import_module(f"archcalc.network.layers.{file}")
            self._imported[name] = getattr(module, layer)
        return self._imported[name]

    def __contains__(self, name: object) -> bool:
        return name in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


# Those that need no keys and have no weights: an entry of any type may name one as `activation`.
ACTIVATIONS = LayerTypes(
    {
        "relu": "activation.relu",
        "relu6": "activation.relu6",
        "leaky_relu": "activation.leaky_relu",
        "elu": "activation.elu",
        "selu": "activation.selu",
        "gelu": "activation.gelu",
        "silu": "activation.silu",
        "mish": "activation.mish",
        "hardswish": "activation.hardswish",
        "hardsigmoid": "activation.hardsigmoid",
        "sigmoid": "activation.sigmoid",
        "tanh": "activation.tanh",
        "softplus": "activation.softplus",
        "softmax": "activation.Softmax",
        "identity": "activation.Identity",
    }
)

LAYERS = LayerTypes(
    {
        "conv": "conv.Conv",
        "depthwise_conv": "conv.DepthwiseConv",
        "separable_conv": "conv.SeparableConv",
        "conv_transpose": "transposed.ConvTranspose",
        "maxpool": "pool.MaxPool",
        "avgpool": "pool.AvgPool",
        "l2pool": "pool.L2Pool",
        "adaptive_avgpool": "pool.AdaptiveAvgPool",
        "adaptive_maxpool": "pool.AdaptiveMaxPool",
        "global_avgpool": "pool.GlobalAvgPool",
        "global_maxpool": "pool.GlobalMaxPool",
        "blurpool": "fixed.BlurPool",
        "unfold": "fixed.Unfold",
        "linear": "linear.Linear",
        "rbf": "linear.Rbf",
        "lstm": "recurrent.Lstm",
        "gru": "recurrent.Gru",
        "rnn": "recurrent.Rnn",
        "batchnorm": "norm.BatchNorm",
        "layernorm": "norm.LayerNorm",
        "instancenorm": "norm.InstanceNorm",
        "groupnorm": "norm.GroupNorm",
        "lrn": "norm.LocalResponseNorm",
        "scale": "norm.Scale",
        "rmsnorm": "lengths.RmsNorm",
        "l2norm": "lengths.L2Norm",
        "grn": "lengths.ResponseNorm",
        **ACTIVATIONS.places,
        "prelu": "activation.PRelu",
        "maxout": "activation.MaxOut",
        "add": "merge.Add",
        "subtract": "merge.Subtract",
        "multiply": "merge.Multiply",
        "divide": "merge.Divide",
        "concat": "merge.Concat",
        "dropout": "reshape.Dropout",
        "flatten": "reshape.Flatten",
        "reshape": "reshape.Reshape",
        "reduce_sum": "reshape.ReduceSum",
        "slice": "reshape.Slice",
        "split": "split.Split",
        "pad": "resize.Pad",
        "crop": "resize.Crop",
        "upsample": "resize.Upsample",
        "pixel_shuffle": "shuffle.PixelShuffle",
        "space_to_depth": "shuffle.SpaceToDepth",
        "channel_shuffle": "shuffle.ChannelShuffle",
        "rearrange": "shuffle.Rearrange",
        "roll": "shuffle.Roll",
        "squeeze_excite": "squeeze.SqueezeExcite",
        "matmul": "attention.Matmul",
        "attention": "attention.Attention",
        "self_attention": "attention.SelfAttention",
        "transpose": "tokens.Transpose",
        "parameter": "tokens.Parameter",
        "constant": "tokens.FixedTensor",
        "gather": "tokens.Gather",
        "rotary": "tokens.Rotary",
        "embedding": "tokens.Embedding",
    }
)

__all__ = ["ACTIVATIONS", "LAYERS", "Family", "Layer", "Memory"]
