"""A network as PyTorch source, which needs torch alone."""

from __future__ import annotations

import re

from archcalc.exporters import File
from archcalc.exporters.pytorch.flat import Class, flat_class
from archcalc.exporters.pytorch.helpers import HELPERS
from archcalc.network.network import Network


def files(network: Network, stem: str) -> list[File]:
    """The source of a network: the helpers that it needs, and its class."""
    classes = [flat_class(network, class_name(network.name), _summary(network))]
    return [File("", _source(classes).encode())]


def class_name(text: str) -> str:
    """A name as Python has them for classes: ResNet-50 is ResNet50."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[:1].upper() + word[1:] for word in words) or "Network"
    return f"Network{name}" if name[0].isdigit() else name


def _summary(network: Network) -> str:
    """One line without what would end it."""
    text = network.description or network.name
    return " ".join(re.sub(r'[\\\\"\x00-\x1f\x7f-\x9f]', " ", text).split())[:80]


def _source(classes: list[Class]) -> str:
    uses = list(dict.fromkeys(name for made in classes for name in made.uses))
    helpers = [HELPERS[name] for name in uses]
    body = "\n\n".join([*helpers, *(made.source() for made in classes)])
    imports = ["import torch"] if re.search(r"\btorch\.", body) else []
    imports.append("from torch import nn")
    if re.search(r"\bF\.", body):
        imports.append("from torch.nn import functional as F")
    first = "from math import comb\n\n" if "comb(" in body else ""
    return f"{first}{chr(10).join(imports)}\n\n\n{body}"
