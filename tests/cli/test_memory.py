"""`archcalc memory`: what it prints, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archcalc.cli.group import cli

GIB = 2**30
Golden = Callable[[str, str], None]


def printed(*args: str) -> str:
    result = CliRunner().invoke(cli, ["memory", *args])
    assert result.exit_code == 0, result.output
    return result.output


def document(*args: str) -> Any:
    return json.loads(printed(*args, "--format", "json"))


def refused(*args: str) -> str:
    result = CliRunner().invoke(cli, ["memory", *args])
    assert result.exit_code == 2
    return result.output.rsplit("Error: ", 1)[1]


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_formats(golden: Golden, form: str) -> None:
    args = ("lenet5-modern", "--batch", "64", "--optimizer", "adam", "--fit", "4MiB")
    ending = {"text": "txt", "markdown": "md"}.get(form, form)
    golden(f"memory.{ending}", printed(*args, "--format", form))


def test_text_of_inference(golden: Golden) -> None:
    golden("memory-inference.txt", printed("googlenet-aux", "--inference", "--fit", "1GiB"))


def test_the_document_is_of_the_batch() -> None:
    measured = document("resnet50-torchvision", "--batch", "32", "--optimizer", "adam")
    training = measured["training"]
    assert training["peak"] == {
        "bytes": 3089966124,
        "phase": "backward",
        "layer": "layer4.2.sum",
    }
    assert training["gradient_bytes"] == training["parameter_bytes"] == 4 * 25557032
    assert training["state_bytes"] == 2 * training["parameter_bytes"]
    assert training["largest_batch"] is None
    assert sum(layer["saved_bytes"] for layer in measured["layers"]) == training["saved_bytes"]
    assert document("resnet50-torchvision", "--batch", "2")["training"]["saved_bytes"] == 172031488


def test_lines_give_the_peak_of_every_batch() -> None:
    lines = document("vgg16")["training"]["lines"]
    for batch in (1, 2, 7, 64, 1000):
        (line,) = [line for line in lines if line["from_batch"] <= batch][-1:]
        peak = document("vgg16", "--batch", str(batch))["training"]["peak"]
        assert line["per_sample"] * batch + line["constant"] == peak["bytes"]
        assert (line["phase"], line["layer"]) == (peak["phase"], peak["layer"])


def test_the_largest_batch() -> None:
    args = ("resnet50-torchvision", "--optimizer", "adamw", "--fit")
    assert document(*args, "8GiB")["training"]["largest_batch"] == 95
    assert document(*args, "24GiB")["training"]["largest_batch"] == 293
    assert document(*args, "8GiB", "--amp", "bfloat16")["training"]["largest_batch"] == 183
    assert document(*args, "24GiB", "--reserve", "16GiB")["training"]["largest_batch"] == 95
    assert document(*args, "1MB")["training"]["largest_batch"] == 0


def test_both_types_stand_beside_each_other() -> None:
    shown = printed("resnet50", "--optimizer", "adamw", "--fit", "8GiB", "--amp", "bfloat16")
    assert "  float32: up to a batch of 100;" in shown
    assert "  bfloat16 (amp): up to a batch of 192;" in shown


def test_outputs_without_a_gradient_are_named() -> None:
    sentence = "loss1 and loss2: held to the end, without a gradient"
    assert sentence in printed("googlenet-aux")
    assert sentence not in printed("googlenet-aux", "--loss", "cross-entropy-of-all")
    assert document("googlenet-aux")["outputs_without_gradient"] == ["loss1", "loss2"]


def test_inference_alone() -> None:
    measured = document("vgg16", "--inference", "--batch", "2", "--fit", "8GB")
    assert measured["training"] is None
    assert measured["inference"]["peak"]["bytes"] == 52584448
    room = 8 * 10**9 - measured["inference"]["parameter_bytes"]
    assert measured["inference"]["largest_batch"] == room // (52584448 // 2)


def test_a_checkpoint_that_nothing_has_is_said_to_be_none() -> None:
    assert "checkpointing blocks (there are none)," in printed("alexnet", "--checkpoint", "blocks")
    assert "checkpointing stages," in printed("resnet18", "--checkpoint", "stages")


def test_wrong_usage() -> None:
    assert refused("vgg16", "--dtype", "int8").startswith("int8 has no gradients")
    assert refused("vgg16", "--dtype", "float64", "--amp", "float16").startswith("amp starts from")
    assert refused("resnet18", "--checkpoint", "layer1,layr2") == (
        'no group or instance of a block has the path "layr2"; did you mean `layer2`?\n'
    )
    assert refused("vgg16", "--reserve", "1GB").startswith("reserve is taken from fit")
    assert refused("resnet18", "--checkpoint", "layer1,layer1.0").startswith('"layer1" and "lay')
    assert refused("vgg16", "--fit", "1GB", "--reserve", "2GB").startswith("reserve is 2,000")
    assert '"8xB"' in refused("vgg16", "--fit", "8xB")


def test_options_take_away_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(
        "name: net\ninput: 8x8x3\ntrain: {amp: bfloat16, checkpoint: a, batch: 2}\n"
        "layers:\n  - {name: a, layers: [{type: conv, filters: 4, kernel: 3}]}\n"
    )
    assert document(str(file))["amp"] == "bfloat16"
    measured = document(str(file), "--amp", "none", "--checkpoint", "none")
    assert (measured["amp"], measured["checkpoint"], measured["batch"]) == (None, [], 2)
    shown = printed(str(file), "--inference").splitlines()
    assert "inference, bfloat16 autocast" in shown
