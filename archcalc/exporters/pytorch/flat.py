"""A network as one class, a module a row: for what declares no blocks, or none that can be kept."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

from archcalc.exporters.pytorch.channels import ACTIVATIONS
from archcalc.exporters.pytorch.line import Line, Site
from archcalc.exporters.pytorch.writers import WRITERS
from archcalc.network.network import INPUT, Network

# Names that a module or the file has already: a layer of that name would hide it.
_TAKEN = """
F nn self torch x add_module apply bfloat16 buffers children compile cpu cuda double eval
extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu
load_state_dict modules mtia named_buffers named_children named_modules named_parameters
parameters register_backward_hook register_buffer register_forward_hook register_module
register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict to
to_empty train training type xpu zero_grad matmul pixel_shuffle space_to_depth
"""
TAKEN = frozenset(_TAKEN.split())


class Names:
    """Names in Python for paths, no two the same."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._used: set[str] = set()

    def of(self, path: str) -> str:
        """The name of a path; the same one each time."""
        if path not in self._given:
            name = re.sub(r"\W", "_", path)
            if name[:1].isdigit() or keyword.iskeyword(name) or name in TAKEN:
                name = f"layer_{name}"
            while name in self._used:
                name = f"{name}_"
            self._used.add(name)
            self._given[path] = name
        return self._given[path]


def line_of(site: Site) -> Line:
    """How a layer is written."""
    return WRITERS[site.layer.type](site)


def applied(line: Line, module: str, inputs: Sequence[str], activation: str | None) -> str:
    """The expression of a layer's result."""
    source = line.call.format(*inputs, module=f"self.{module}", all=", ".join(inputs))
    return ACTIVATIONS[activation].format(source) if activation else source


class Class:
    """A class as it is written: its constructor and its forward pass, line by line."""

    def __init__(self, name: str, summary: str) -> None:
        self.name = name
        self.summary = summary
        self.parameters: list[str] = []
        self.made: list[str] = []
        self.reads: list[str] = ["x"]
        self.steps: list[str] = []
        self.uses: list[str] = []

    def source(self) -> str:
        head = f'class {self.name}(nn.Module):\n    """{self.summary}"""\n'
        made = "".join(f"        {line}\n" for line in self.made)
        steps = "".join(f"        {line}\n" for line in self.steps)
        arguments = ", ".join(["self", *self.parameters])
        start = f"\n    def __init__({arguments}):\n        super().__init__()\n{made}"
        forward = f"\n    def forward({', '.join(['self', *self.reads])}):\n{steps}"
        return head + start + forward


def flat_class(network: Network, name: str, summary: str) -> Class:
    """The class of a whole network."""
    made = Class(name, summary)
    last, names = _last_readers(network), Names()
    values = {INPUT: "x"}
    if network.names_inputs:
        values = {index: names.of(name) for index, name in enumerate(network.inputs)}
        made.reads = list(values.values())
    for index, node in enumerate(network.nodes[network.first_layer :], network.first_layer):
        assert node.layer is not None
        assert node.shape is not None
        module = names.of(node.path)
        channels = str(node.shape.inputs[0].channels) if node.shape.inputs else ""
        line = line_of(Site(node.layer, node.shape, channels))
        made.uses += line.uses
        if line.make and node.shares is None:
            made.made.append(f"self.{module} = {line.make}")
            if node.frozen:
                made.made.append(f"self.{module}.requires_grad_(False)")
        owner = module if node.shares is None else names.of(network.nodes[node.shares].path)
        inputs = [values[feed] for feed in node.inputs]
        source = applied(line, owner, inputs, node.activation)
        # A value that the next row alone reads needs no name of its own.
        follows = last[index] == index + 1 and not any(feed == index for _, feed in network.outputs)
        values[index] = "x" if follows and _is_free(last, index) else module
        made.steps.append(f"{values[index]} = {source}")
    outputs = [values[index] for _, index in network.outputs]
    made.steps.append(f"return {', '.join(outputs)}")
    return made


def _is_free(last: Sequence[int], index: int) -> bool:
    """Whether the network's input is read no more, whose name is x as well."""
    return last[INPUT] <= index


def _last_readers(network: Network) -> list[int]:
    last = [-1] * len(network.nodes)
    for index, node in enumerate(network.nodes):
        for feed in (*node.inputs, *node.likes):
            last[feed] = index
    return last
