"""What a program calls."""

from __future__ import annotations

import gc
import json
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from process import run

import archcalc

TEXT = """\
name: net
input: 8x8x3
variables: {width: 2, deep: false}
layers:
  - {type: conv, name: c, filters: $(4 * width), kernel: 3, padding: 1}
  - {type: conv, name: d, filters: 5, kernel: 1, when: $deep}
"""


@pytest.fixture
def net() -> archcalc.Architecture:
    return archcalc.loads(TEXT)


def test_public_names() -> None:
    assert dir(archcalc) == sorted(archcalc.__all__)
    classes = [name for name in archcalc.__all__ if name[0].isupper() and not name.isupper()]
    assert all(issubclass(getattr(archcalc, name), object) for name in classes)
    functions = [name for name in archcalc.__all__ if name[0].islower()]
    assert all(getattr(archcalc, name).__doc__ for name in functions)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        archcalc.nothing_like_it  # noqa: B018
    assert resources.files("archcalc").joinpath("py.typed").is_file()


def test_load_by_name_and_by_path(tmp_path: Path) -> None:
    assert archcalc.load("vgg16").name == "VGG-16"
    path = tmp_path / "net.yaml"
    path.write_text(TEXT)
    assert archcalc.load(path).name == archcalc.load(str(path)).name == "net"


def test_load_of_what_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match="did you mean `alexnet`"):
        archcalc.load("alexnte")
    with pytest.raises(FileNotFoundError):
        archcalc.load("./nowhere.yaml")


def test_load_of_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(archcalc.SpecError):
        archcalc.load(path)


def test_mistakes_are_diagnostics() -> None:
    with pytest.raises(archcalc.SpecError) as raised:
        archcalc.loads(TEXT.replace("filters", "filter"), "mine.yaml")
    first = raised.value.diagnostics[0]
    assert isinstance(first, archcalc.Diagnostic)
    assert (first.rule, first.severity.value, first.place) == ("unknown-key", "error", (5, 27))
    assert str(raised.value).startswith("mine.yaml:5:27: error[unknown-key]: ")


def test_layers_and_totals(net: archcalc.Architecture) -> None:
    analysis = archcalc.analyze(net)
    conv = analysis.layers[0]
    assert (conv.name, conv.type, conv.output) == ("c", "conv", archcalc.Volume(8, (8, 8)))
    assert conv.params == 3 * 3 * 3 * 8 + 8
    assert analysis.totals.macs == 3 * 3 * 3 * 8 * 8 * 8
    assert archcalc.check(analysis) == analysis.diagnostics == []


@pytest.mark.parametrize("size", ["4x6,channels=1", archcalc.Volume(1, (4, 6))])
def test_another_input(net: archcalc.Architecture, size: archcalc.Volume | str) -> None:
    analysis = archcalc.analyze(net, input=size)
    assert analysis.input == archcalc.Volume(1, (4, 6))
    assert analysis.totals.weights == 3 * 3 * 1 * 8
    assert archcalc.analyze(net).input == archcalc.Volume(3, (8, 8))


@pytest.mark.parametrize(
    ("width", "channels"),
    [(1, 4), ("3", 12), (0.5, 2), (Fraction(3, 4), 3), ("0.25", 1), (1.5, 6)],
)
def test_variables(net: archcalc.Architecture, width: object, channels: int) -> None:
    analysis = archcalc.analyze(net, variables={"width": width})
    assert analysis.layers[0].output.channels == channels


@pytest.mark.parametrize("deep", [True, "true"])
def test_a_truth_value(net: archcalc.Architecture, deep: object) -> None:
    assert len(archcalc.analyze(net, variables={"deep": deep}).layers) == 2


def test_batch_and_dtype(net: archcalc.Architecture) -> None:
    totals = archcalc.analyze(net, batch=3, dtype="int8").totals
    assert totals.activation_elements == totals.activation_bytes == 3 * (8 * 8 * 3 + 8 * 8 * 8)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dtype": "float"},
        {"batch": 0},
        {"limit_layers": 0},
        {"input": "8by8"},
        {"input": "0x8x3"},
        {"variables": {"wide": 1}},
    ],
)
def test_wrong_arguments(net: archcalc.Architecture, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts are those of the command line
        archcalc.analyze(net, **wrong)  # type: ignore[arg-type]


def test_what_does_not_fit_is_the_files_mistake(net: archcalc.Architecture) -> None:
    with pytest.raises(archcalc.SpecError) as raised:
        archcalc.analyze(net, variables={"width": "0.3"})
    assert raised.value.diagnostics[0].rule == "not-an-integer"


def test_render_in_every_format(net: archcalc.Architecture) -> None:
    analysis = archcalc.analyze(net)
    assert archcalc.render(analysis) == archcalc.render(analysis, "table")
    assert json.loads(archcalc.render(analysis, "json")) == analysis.to_dict()
    assert archcalc.render(analysis, "markdown").startswith("## net\n")
    assert archcalc.render(analysis, "csv", columns=["name"]) == "name\nc\n"
    assert archcalc.render(analysis, "html") == analysis._repr_html_()
    with pytest.raises(ValueError, match="format is one of table, "):
        archcalc.render(analysis, "jsn")
    with pytest.raises(ValueError, match="did you mean `params`"):
        archcalc.render(analysis, columns=["parms"])


def test_what_an_interpreter_shows_is_short(net: archcalc.Architecture) -> None:
    assert repr(net) == "<Architecture 'net' from <string>>"
    shown = repr(archcalc.analyze(net))
    assert shown.startswith("<Analysis of 'net': Totals(layers=1, weights=216, ")
    assert len(shown) < 400
    assert repr(archcalc.analyze(net).layers[0]) == (
        "<c: Conv(filters=8, kernel=3, padding=1), 8x8x3 -> 8x8x8>"
    )


def test_an_architecture_can_be_analysed_again_and_again(net: archcalc.Architecture) -> None:
    first = archcalc.analyze(net).to_dict()
    archcalc.analyze(net, variables={"width": 9}, input="5x5,channels=1", batch=2)
    assert archcalc.analyze(net).to_dict() == first


@pytest.mark.parametrize("value", ["", " ", "$(2 * 3)", "$width"])
def test_a_variable_is_set_to_a_value(value: str) -> None:
    net = archcalc.loads(
        "name: x\ninput: 8x8x3\nvariables: {n: 4}\nlayers: [{type: conv, filters: $n, kernel: 3}]\n"
    )
    with pytest.raises(ValueError, match="a variable is set to a number, a truth value or a word"):
        archcalc.analyze(net, variables={"n": value})


def test_an_input_is_sizes_or_a_volume() -> None:
    with pytest.raises(ValueError, match="input takes sizes such as"):
        archcalc.analyze(archcalc.load("lenet5"), input=28.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [1.5, 2.0, True, 0, -1, "2"])
def test_a_batch_is_a_whole_number(number: Any) -> None:
    with pytest.raises(ValueError, match="batch is a whole number of at least 1"):
        archcalc.analyze(archcalc.load("lenet5"), batch=number)
    with pytest.raises(ValueError, match="limit_layers is a whole number of at least 1"):
        archcalc.analyze(archcalc.load("lenet5"), limit_layers=number)


@pytest.mark.parametrize(
    ("word", "name"), [("fp16", "float16"), ("half", "float16"), ("torch.float32", "float32")]
)
def test_another_name_of_an_element_type_gets_a_suggestion(word: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean `{name}`"):
        archcalc.analyze(archcalc.load("lenet5"), dtype=word)
    refused = run("table", "lenet5", "--dtype", word)
    assert refused.status == 2
    assert f"did you mean `{name}`" in refused.err


def test_what_is_no_architecture_or_analysis_is_said() -> None:
    name: Any = "lenet5"
    with pytest.raises(TypeError, match="analyze takes what load or loads returns, not 'lenet5'"):
        archcalc.analyze(name)
    loaded: Any = archcalc.load("lenet5")
    with pytest.raises(TypeError, match="check takes what analyze returns, not <Architecture"):
        archcalc.check(loaded)


def test_the_collector_of_cyclic_garbage_is_as_it_was_before() -> None:
    architecture = archcalc.load("lenet5")
    for set_to, is_on in ((gc.enable, True), (gc.disable, False)):
        set_to()
        try:
            archcalc.analyze(architecture)
            with pytest.raises(archcalc.SpecError):
                archcalc.loads("input: 3")
            assert gc.isenabled() is is_on
        finally:
            gc.enable()
