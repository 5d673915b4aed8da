"""What is given beside a file: other inputs, and values of variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any

from archcalc.archfile import parse as document
from archcalc.archfile.checks import is_dynamic
from archcalc.archfile.declaration import Architecture, VariableError
from archcalc.archfile.expansion import expand
from archcalc.archfile.inputs import calculated_inputs
from archcalc.archfile.nodes import SequenceNode, Unknown, Value, Word
from archcalc.archfile.settings import setting
from archcalc.archfile.substitution import value_of_argument
from archcalc.diagnostics import Enough, Fault, Findings, Span
from archcalc.network import sizes
from archcalc.network.network import Network
from archcalc.network.sizes import Inputs, Sizes
from archcalc.network.values import literal
from archcalc.network.volume import Volume
from archcalc.wording import nearest, quoted, shown


def is_path(name: str) -> bool:
    """Whether a value is given for a key of an entry, and not for a variable: conv1.stride."""
    return "." in name


def parse_inputs(value: Inputs | None, own: Mapping[str, Volume | None]) -> dict[str, Volume]:
    """The volumes that sizes mean for a network with these inputs, without those not known.

    Sizes without a name are of the only input.

    Raises:
        ValueError: where they are no sizes, or do not mean such an input.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        if len(own) > 1:
            raise ValueError(
                f"input {shown(value)}: the network has several: {', '.join(own)}; say which, as "
                f"{next(iter(own))}={shown(value)}"
            )
        value = dict.fromkeys(own or ("input",), value)
    volumes = {}
    for name, size in value.items():
        if own and name not in own:
            raise ValueError(_no_input(name, own))
        volume = _parse_volume(name, size, own.get(name))
        if volume is not None:
            volumes[name] = volume
    return volumes


def _parse_volume(name: str, value: Sizes, input: Volume | None) -> Volume | None:
    try:
        if input is None:
            sizes.check_sizes(value)
            return None
        return sizes.resized(value, input)
    except Fault as fault:
        raise ValueError(f"{name} {fault.message}") from None


def apart(
    architecture: Architecture, variables: Mapping[str, Any], input: Inputs | None
) -> tuple[Inputs | None, Mapping[str, Any]]:
    """The sizes of inputs, some of which may be given by name among variables, and the others."""
    sizes = {name: size for name, size in variables.items() if name in architecture.inputs}
    if not sizes:
        return input, variables
    rest = {name: value for name, value in variables.items() if name not in sizes}
    return {**(input if isinstance(input, Mapping) else {}), **sizes}, rest


def input_named(network: Network, name: str) -> int:
    """The node of an input.

    Raises:
        ValueError: where none has the name.
    """
    names = [node.path for node in network.nodes[: network.first_layer]]
    if name not in names:
        raise ValueError(_no_input(name, names))
    return names.index(name)


def _no_input(name: str, names: Iterable[str]) -> str:
    names = list(names)
    hint = "".join(f"; {line}" for line in nearest(name, names))
    return f"there is no input {quoted(name)}; there are: {', '.join(names)}{hint}"


def own_inputs(
    architecture: Architecture, variables: Mapping[str, Value]
) -> dict[str, Volume | None]:
    """The inputs that a file has; None for one that a mistake hides."""
    with suppress(Enough):
        return calculated_inputs(architecture, Findings(), variables)
    return dict.fromkeys(architecture.inputs)


def parse_value(value: Any) -> Value:
    """The value of a variable from a number, a truth value, text or a list; a float by its digits.

    Text in brackets is a list.
    """
    if isinstance(value, bool | int | Fraction):
        return value
    if isinstance(value, list | tuple):
        return tuple(map(parse_value, value))
    text = str(value).strip()
    if text[:1] == "[":
        return _parse_list(text)
    if not text or text.startswith("$"):
        raise ValueError(f"a variable is set to a number, a truth value or a word, not {value!r}")
    try:
        number = literal(text)
    except Fault as fault:
        raise ValueError(fault.message) from None
    return Word(text, span=Span(1, 1)) if number is None else number


def _parse_list(text: str) -> Value:
    findings, value = Findings(), None
    with suppress(Enough, Fault):
        root = document.parse(f"list: {text}\n", findings)
        node = root.get("list") if root and len(root.pairs) == 1 else None
        if isinstance(node, SequenceNode) and not findings and not is_dynamic(node):
            value = value_of_argument(node, None)
    if value is None or isinstance(value, Unknown):
        raise ValueError(f"a variable is set to a list such as [16, 32], not {text!r}")
    return value


def parse_variables(architecture: Architecture, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of variables that the architecture has, and of keys of its entries.

    Raises:
        ValueError: for a variable that it has not, with the nearest name.
    """
    for name, value in given.items():
        if not is_path(name) and name not in architecture.variables:
            known = ", ".join(architecture.variables) or "none"
            hint = "".join(f"; {line}" for line in nearest(name, architecture.variables))
            fact = f"there is no variable {quoted(name)}; there are: {known}{hint}"
            raise VariableError(name, value, fact)
    return parse_values(given)


def parse_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of variables, and settings of keys, as a program or an option gives them.

    Raises:
        VariableError: for one that cannot be a value.
    """
    values: dict[str, Any] = {}
    for name, value in given.items():
        try:
            values[name] = setting(name, value) if is_path(name) else parse_value(value)
        except ValueError as error:
            raise VariableError(name, value, str(error)) from None
    return values


def check_numbers(
    architecture: Architecture,
    given: Mapping[str, Value],
    inputs: Mapping[str, Volume] | None,
    limit: int,
) -> None:
    """Refuse words that were given for numbers, where there are mistakes only because of them.

    Raises:
        VariableError: for the first one.
    """
    numbers = {name: value for name, value in given.items() if _is_number(value)}
    findings = Findings()
    with suppress(Enough):
        network = expand(architecture, findings, numbers, inputs, limit=limit)
        for name, value in given.items():
            known = network.variables.get(name)
            if not findings and name not in numbers and _is_number(known):
                fact = f"the file uses {quoted(name)} as a number; there it is {shown(known)}"
                raise VariableError(name, value, fact)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
