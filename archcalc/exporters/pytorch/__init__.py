"""A network as PyTorch source, which needs torch alone."""

from __future__ import annotations

import re
from textwrap import wrap

from archcalc.exporters import File
from archcalc.exporters.pytorch.classes import Class, classes
from archcalc.exporters.pytorch.helpers import HELPERS
from archcalc.exporters.pytorch.merging import unsaid
from archcalc.exporters.pytorch.texts import WIDTH
from archcalc.exporters.refusing import refuse
from archcalc.network.network import Network


def files(network: Network, stem: str) -> list[File]:
    """The source of a network: the helpers that it needs, and its class.

    Raises:
        SpecError: for all that it is not written with.
    """
    refuse(network, unsaid)
    made = classes(network, class_name(network.name), _summary(network), class_name)
    return [File("", _source(made).encode())]


def class_name(text: str) -> str:
    """A name as Python has them for classes: ResNet-50 is ResNet50."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[:1].upper() + word[1:] for word in words) or "Network"
    return f"Network{name}" if name[0].isdigit() else name


def _summary(network: Network) -> str:
    """One line or some, without what would end them."""
    text = network.description or network.name
    words = re.sub(r'[\\"\x00-\x1f\x7f-\x9f]', " ", text).split()
    text = " ".join(words)
    lines = wrap(text[:1].upper() + text[1:], WIDTH - 12)[:8]
    end = "\n    " if len(lines) > 1 else ""
    return "\n    ".join(lines) + end or "A network."


def _source(classes: list[Class]) -> str:
    uses = list(dict.fromkeys(name for made in classes for name in made.body.uses))
    text = "".join(made.source() for made in classes)
    uses += [name for name in ("make_divisible",) if f"{name}(" in text]
    helpers = [HELPERS[name] for name in uses]
    body = "\n\n".join([*helpers, *(made.source() for made in classes)])
    imports = ["import torch"] if re.search(r"\btorch\.", body) else []
    imports.append("from torch import nn")
    if re.search(r"\bF\.", body):
        imports.append("from torch.nn import functional as F")
    standard = ["from collections import OrderedDict"] if "OrderedDict(" in body else []
    standard += ["from math import comb"] if "comb(" in body else []
    first = "".join(f"{line}\n" for line in standard) + ("\n" if standard else "")
    return f"{first}{chr(10).join(imports)}\n\n\n{body}"
