"""What a report says of where the cost is."""

from __future__ import annotations

from reports import analysed, report

from archcalc import api
from archcalc.analysis.analysis import Analysis
from archcalc.network.layers import Family
from archcalc.renderers.report.cost import early_and_late
from archcalc.views.cost import ends
from archcalc.wording import share

LECTURE = "Most memory is in the early convolutions, most parameters in the late fully connected"


def test_the_sentence_of_the_lecture_stands_where_it_is_true_and_only_there() -> None:
    true = set()
    for name in api.builtin_names():
        analysis = api.analyze(api.load(name))
        layers = analysis.layers
        convs = [i for i, x in enumerate(layers) if x.layer.family is Family.CONVOLUTION]
        if not convs:
            continue
        memory = sum(layers[i].activation_elements for i in convs[: len(convs) // 2])
        params = sum(x.params for x in layers[convs[-1] :] if x.type == "linear")
        if 2 * memory > analysis.totals.activation_elements and 2 * params > analysis.totals.params:
            true.add(name)
        assert (LECTURE in report(analysis)) == (name in true), name
    assert "vgg16" in true
    assert not true & {"alexnet", "resnet50", "googlenet"}


def sentences(analysis: Analysis) -> list[str]:
    found = ends(analysis)
    assert found
    return list(early_and_late(found))


def test_each_half_of_the_sentence_stands_alone_where_only_it_is_true() -> None:
    conv = "  - {type: conv, filters: %d, kernel: 1}\n"
    memory = analysed(f"name: n\ninput: 8x8x1\nlayers:\n{conv % 64}{conv % 2}")
    (sentence,) = sentences(memory)
    held = share(64 * 64, 64 + 64 * 64 + 2 * 64)
    assert sentence == f"Most memory is in the early convolutions: {held} in the first 1 of 2."
    params = analysed(
        f"name: n\ninput: 8x8x1\nlayers:\n{conv % 2}{conv % 8}  - {{type: linear, units: 9}}\n"
    )
    assert sentences(params)[0].startswith("Most parameters are in the late")
    neither = analysed(f"name: n\ninput: 8x8x8\nlayers:\n{conv % 2}{conv % 8}")
    assert not sentences(neither)


def test_one_row_that_holds_most_is_named() -> None:
    net = analysed(
        "name: n\ninput: 8\nlayers:\n  - {type: linear, name: a, units: 90}\n"
        "  - {type: linear, name: b, units: 1}\n"
    )
    owned, all_of_it = 8 * 90 + 90, 8 * 90 + 90 + 90 + 1
    assert (
        f"- Parameters: 1 row holds 80%, of 2 that have any; the largest is `a` with "
        f"{share(owned, all_of_it)}.\n" in report(net)
    )
