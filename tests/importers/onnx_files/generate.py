"""Writes the ONNX files beside it: what PyTorch's exporters make of torchvision's models.

Only the structure is kept: no weights, and of the notes of the newer exporter the names alone.
Needs torch, torchvision, onnx and onnxscript:

    python tests/importers/onnx_files/generate.py [NAME...]
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODELS = {
    "resnet18": (False, True),
    "mobilenet_v3_small": (False, True),
    "densenet121": (False,),
    "shufflenet_v2_x0_5": (False,),
    "vit_b_16": (False, True),  # two of its twelve layers
}
KEPT = (
    "pkg.torch.onnx.name_scopes",
    "pkg.torch.onnx.class_hierarchy",
    "pkg.onnxscript.rewriter.rule_name",
)
FEW = 64


def stripped(model: Any) -> Any:
    """A model without the values of larger tensors, which its shapes do not need."""
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) > 8 * FEW:
            tensor.ClearField("raw_data")
    for node in model.graph.node:
        kept = [(p.key, p.value) for p in node.metadata_props if p.key in KEPT]
        del node.metadata_props[:]
        for key, value in kept:
            node.metadata_props.add(key=key, value=value)
        node.ClearField("doc_string")
    del model.graph.value_info[:]
    return model


def main(names: list[str]) -> None:
    import onnx
    import torch
    import torchvision

    warnings.filterwarnings("ignore")
    for name in names:
        module = torchvision.models.get_model(name, weights=None).eval()
        if name.startswith("vit"):
            del module.encoder.layers[2:]
        example = (torch.zeros(1, 3, 224, 224),)
        for newer in MODELS[name]:
            with tempfile.TemporaryDirectory() as folder:
                path = f"{folder}/model.onnx"
                options: dict[str, Any] = (
                    {"external_data": False} if newer else {"opset_version": 17}
                )
                torch.onnx.export(module, example, path, dynamo=newer, verbose=False, **options)
                model = stripped(onnx.load(path))
            onnx.save(model, HERE / f"{name}-{'newer' if newer else 'older'}.onnx")


if __name__ == "__main__":
    main(sys.argv[1:] or list(MODELS))
