"""Architecture files that are made for the measurements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

SEES_ALL = '  - {rule: field-exceeds-input, because: "a classifier of the whole picture"}\n'
WIDE = "300000x300000x8"


def chain(layers: int) -> str:
    """Convolutions without padding: each has an input and a receptive field of its own."""
    return (
        f"name: chain\ninput: {WIDE}\nlayers:\n  - name: body\n    repeat: {layers}\n    layers:\n"
        "      - {type: conv, name: conv, filters: 8, kernel: 3}\n"
    )


def branches(layers: int) -> str:
    """Sums of four branches: five rows a copy, each sum with a receptive field of its own."""
    return (
        f"name: branches\ninput: 64x64x8\nlayers:\n  - name: body\n    repeat: {layers // 5}\n"
        "    layers:\n      - type: add\n        name: sum\n        branches:\n"
        "          - [{type: conv, filters: 8, kernel: 1}]\n"
        "          - [{type: conv, filters: 8, kernel: 3, padding: 1}]\n"
        "          - [{type: conv, filters: 8, kernel: 5, padding: 2}]\n"
        "          - [{type: maxpool, kernel: 3, stride: 1, padding: 1}]\n"
    )


def repeated(layers: int) -> str:
    """Equal copies of a convolution and its normalisation."""
    return (
        f"name: repeated\ninput: 64x64x8\nlayers:\n  - name: body\n    repeat: {layers // 2}\n"
        "    layers:\n"
        "      - {type: conv, name: conv, filters: 8, kernel: 3, padding: 1, bias: false}\n"
        "      - {type: batchnorm, name: norm, activation: relu}\n"
    )


def flat(layers: int) -> str:
    """One entry a layer, each with another number of filters."""
    entries = "".join(
        f"  - {{type: conv, filters: {16 + index}, kernel: 3, padding: 1}}\n"
        for index in range(layers)
    )
    return f"name: flat\ninput: 64x64x3\nlayers:\n{entries}"


def variants(text: str, count: int) -> Iterator[str]:
    """Files of a ResNet's size, no two alike: other filters, classes and inputs.

    Inputs are odd multiples of 32, as 224 is, and smaller than the last receptive field, so that
    the findings are those that the file allows. Printed figures, which hold for the network as it
    was, are left out.
    """
    body = text[: text.index("published:")] if "published:" in text else text
    choices = product(range(1, 11), range(6), range(20))
    for scale, size, units in islice(choices, count):
        changes: Mapping[str, str] = {
            "224x224x3": f"{32 * (2 * size + 3)}x{32 * (2 * size + 3)}x3",
            "units: 1000": f"units: {1000 + units}",
            "\nallow:\n": f"\nallow:\n{SEES_ALL}",
            **{
                f"width: {64 * 2**stage}}}": f"width: {8 * scale * 2**stage}}}"
                for stage in range(4)
            },
        }
        changed = body
        for old, new in changes.items():
            assert old in changed
            changed = changed.replace(old, new)
        yield changed
