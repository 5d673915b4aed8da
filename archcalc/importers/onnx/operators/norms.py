"""Normalisations."""

from __future__ import annotations

from archcalc.importers.graph import Untranslatable
from archcalc.importers.onnx.folding import integer
from archcalc.importers.onnx.model import OnnxNode
from archcalc.importers.onnx.translation import Operator, Translation


def batchnorm(t: Translation, node: OnnxNode) -> None:
    x, scale, offset, mean, _ = node.inputs[:5]
    weight, bias = t.weights(scale, offset)
    arguments = {
        "input": t.ref(x),
        "weight": weight,
        "bias": bias,
        "running_mean": t.statistics(mean),
    }
    t.call(node, "batch_norm", t.shape(x), arguments)


def layernorm(t: Translation, node: OnnxNode) -> None:
    x, scale, *bias = node.inputs
    shape = t.shape(x)
    axis = integer(node, "axis", -1) % len(shape)
    weight, *rest = t.weights(scale, *bias)
    arguments = {
        "input": t.ref(x),
        "normalized_shape": list(shape[axis:]),
        "weight": weight,
        "bias": rest[0] if rest else None,
    }
    t.call(node, "layer_norm", shape, arguments)


def rmsnorm(t: Translation, node: OnnxNode) -> None:
    x, scale = node.inputs
    shape = t.shape(x)
    (weight,) = t.weights(scale)
    axis = integer(node, "axis", -1) % len(shape)
    arguments = {"input": t.ref(x), "normalized_shape": list(shape[axis:]), "weight": weight}
    t.call(node, "rms_norm", shape, arguments)


def instancenorm(t: Translation, node: OnnxNode) -> None:
    x, scale, offset = node.inputs
    weight, bias = t.weights(scale, offset)
    t.call(node, "instance_norm", t.shape(x), {"input": t.ref(x), "weight": weight, "bias": bias})


def groupnorm(t: Translation, node: OnnxNode) -> None:
    x, scale, offset = node.inputs
    weight, bias = t.weights(scale, offset)
    arguments = {
        "input": t.ref(x),
        "num_groups": integer(node, "num_groups"),
        "weight": weight,
        "bias": bias,
    }
    t.call(node, "group_norm", t.shape(x), arguments)


def lrn(t: Translation, node: OnnxNode) -> None:
    x = node.inputs[0]
    t.call(
        node, "local_response_norm", t.shape(x), {"self": t.ref(x), "size": integer(node, "size")}
    )


def l2norm(t: Translation, node: OnnxNode) -> None:
    x = node.inputs[0]
    if integer(node, "axis", -1) % len(t.shape(x)) != 1 or integer(node, "p", 2) != 2:
        raise Untranslatable(
            "LpNormalization over anything but the channels' squares has no layer type"
        )
    t.call(node, "l2_normalize", t.shape(x), {"self": t.ref(x)})


OPERATORS: dict[str, Operator] = {
    "BatchNormalization": batchnorm,
    "LayerNormalization": layernorm,
    "RMSNormalization": rmsnorm,
    "InstanceNormalization": instancenorm,
    "GroupNormalization": groupnorm,
    "LRN": lrn,
    "LpNormalization": l2norm,
}
