"""``code``: what a file says of the code that it describes."""

from __future__ import annotations

import pytest
from language import analysis, file, mistake

from archcalc.network.network import Code


def test_a_callable_and_what_it_is_called_with() -> None:
    layers = "  - {type: linear, units: $n}\n"
    text = file(layers, "code: torchvision.models:resnet50\nvariables: {n: 2}\n")
    assert analysis(text).network.code == Code("torchvision.models", "resnet50", {})
    call = "code: {call: a.b:C.make, args: {width: $(2 * n), names: [x, 1], flag: true}}\n"
    text = file(layers, f"{call}variables: {{n: 2}}\n")
    arguments = {"width": 6, "names": ("x", 1), "flag": True}
    assert analysis(text, variables={"n": 3}).network.code == Code("a.b", "C.make", arguments)


@pytest.mark.parametrize(
    ("code", "rule", "column"),
    [
        ("resnet50", "wrong-value", 7),
        ("a:b:c", "wrong-value", 7),
        ("os.system('x'):y", "wrong-value", 7),
        ("[a, b]", "wrong-value", 7),
        ("{args: {n: 1}}", "missing-key", 7),
        ("{call: 'a b:c'}", "wrong-value", 14),
        ("{call: a:b, arg: {n: 1}}", "unknown-key", 19),
        ("{call: a:b, args: [1]}", "wrong-value", 25),
        ("{call: a:b, args: {n: $m}}", "undefined-variable", 29),
    ],
)
def test_mistakes(code: str, rule: str, column: int) -> None:
    found = mistake(file("  - {type: relu}\n", f"code: {code}\n"))
    assert (found.rule, found.span and found.span[:2]) == (rule, (3, column))
