"""Asks PyTorch for the operations of a module. Nothing else here imports it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from archcalc.importers.graph import Module, Refused, Unfit
from archcalc.importers.pytorch.traced import Call, Ref, Stored, Traced
from archcalc.network.volume import Volume
from archcalc.wording import visible

# Attributes of modules that `operations.modules` knows by their class.
ATTRIBUTES = {"LocalResponseNorm": ("size",)}


def traced(module: Any, input: Volume, device: str) -> Traced:
    """The calls of a module for one sample of an input, in evaluation mode.

    Raises:
        Refused: where PyTorch cannot trace it.
    """
    import torch

    module.eval()
    shape = (1, input.channels, *input.spatial)
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()), torch.no_grad():
            example = torch.empty(shape, device=device)
            program = torch.export.export(module, (example,), strict=False)
    except Exception as error:
        fact = f"PyTorch cannot trace it: {said(error)}"
        raise Refused([Unfit(fact, type(module).__name__)]) from None
    return _TraceReader(module, program).traced()


def said(error: BaseException) -> str:
    """The kind of an error and the first line of what it says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {visible(lines[0][:200]) if lines else 'without a message'}"


class _TraceReader:
    """An exported program as plain data."""

    def __init__(self, module: Any, program: Any) -> None:
        self.module = module
        self.program = program
        self.first: dict[int, str] = {}
        self.trained: dict[str, bool] = {}
        for name, parameter in module.named_parameters(remove_duplicate=False):
            self.first.setdefault(id(parameter), name)
            self.trained[name] = bool(parameter.requires_grad)

    def traced(self) -> Traced:
        signature = self.program.graph_signature
        parameters = dict(self.module.named_parameters(remove_duplicate=False))
        stored: dict[str, Stored] = {}
        places = {}
        inputs = []
        for node in self.program.graph.nodes:
            if node.op != "placeholder":
                continue
            shape = tuple(map(int, getattr(node.meta.get("val"), "shape", ())))
            places[node.name] = shape
            if node.name in signature.inputs_to_parameters:
                name = signature.inputs_to_parameters[node.name]
                name = self.first[id(parameters[name])] if name in parameters else name
                stored[node.name] = Stored(name, shape, True, self.trained.get(name, True))
            elif node.name in signature.user_inputs:
                inputs.append(node.name)
            else:
                stored[node.name] = Stored(node.name, shape, False)
        calls = tuple(
            self._call(node) for node in self.program.graph.nodes if node.op == "call_function"
        )
        sizes = {n: int(p.numel()) for n, p in self.module.named_parameters()}
        outputs = tuple(name for name in signature.user_outputs if isinstance(name, str))
        return Traced(inputs[0], stored, calls, outputs, sizes, self._attributes())

    def _attributes(self) -> dict[str, dict[str, Any]]:
        return {
            path: {name: getattr(module, name) for name in ATTRIBUTES[type(module).__name__]}
            for path, module in self.module.named_modules()
            if type(module).__name__ in ATTRIBUTES
        }

    def _call(self, node: Any) -> Call:
        value = node.meta.get("val")
        values = value if isinstance(value, list | tuple) else [value]
        shapes = tuple(tuple(map(int, getattr(v, "shape", ()))) for v in values)
        if node.target.__name__ == "getitem":
            arguments = {"self": Ref(node.args[0].name), "index": node.args[1]}
            return Call(node.name, "getitem", arguments, shapes, _modules(node))
        schema = getattr(node.target, "_schema", None)
        name = schema.name.rpartition("::")[2] if schema else node.target.__name__
        operation = name.removesuffix("_") if not name.startswith("__") else name
        arguments = _arguments(node, schema)
        in_place = name.endswith("_") and not name.startswith("_")
        return Call(node.name, operation, arguments, shapes, _modules(node), in_place)


def _arguments(node: Any, schema: Any) -> dict[str, Any]:
    """The arguments by the names of the operation's schema, defaults included."""
    found: dict[str, Any] = {}
    declared = list(schema.arguments) if schema else []
    for at, argument in enumerate(declared):
        if at < len(node.args):
            found[argument.name] = _plain(node.args[at])
        elif argument.name in node.kwargs:
            found[argument.name] = _plain(node.kwargs[argument.name])
        else:
            found[argument.name] = argument.default_value
    if not declared:
        found = {str(at): _plain(value) for at, value in enumerate(node.args)}
    return found


def _plain(argument: Any) -> Any:
    if isinstance(argument, list | tuple) and not isinstance(argument, Ref):
        return [_plain(item) for item in argument]
    if hasattr(argument, "op") and hasattr(argument, "users"):
        return Ref(argument.name)
    if hasattr(argument, "node") and hasattr(argument, "__int__"):
        return int(argument)
    return argument


def _modules(node: Any) -> tuple[Module, ...]:
    """The modules around an operation, from the outermost in; the whole is not among them."""
    stack: Mapping[str, Any] = node.meta.get("nn_module_stack") or {}
    found: list[Module] = []
    above = ""
    for key, (path, kind) in stack.items():
        if not path or path == above:
            continue
        inside = path.removeprefix(f"{above}.") if above else path
        *between, name = inside.split(".")
        call = int(key.rpartition("@")[2]) if "@" in key else 0
        found += [Module(part) for part in between]
        found.append(Module(name, str(kind).rpartition(".")[2], call))
        above = path
    return tuple(found)
