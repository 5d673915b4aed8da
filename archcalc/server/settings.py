"""What a client may set, and what is wrong with what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archcalc.record import Record
from archcalc.wording import nearest, quoted

QUANTITIES = (
    "output", "params", "macs", "weights", "biases", "buffers", "param_bytes", "flops",
    "connections", "receptive_field",
)  # fmt: skip


class EditorSettings(Record):
    """``completion`` is None where it follows from ``yaml_server``: two servers would double it."""

    hints: bool = True
    quantities: tuple[str, ...] = ("output", "params", "macs")
    lenses: bool = True
    completion: bool | None = None
    yaml_server: bool = False

    @property
    def completes(self) -> bool:
        return not self.yaml_server if self.completion is None else self.completion


DEFAULTS = EditorSettings()


def settings(sent: Any) -> tuple[EditorSettings, list[str]]:
    """The settings that a client sends, and what is wrong with them; what is wrong has no effect.

    They may stand under ``archcalc``, as editors send those of all servers.
    """
    if isinstance(sent, Mapping) and isinstance(sent.get("archcalc"), Mapping):
        sent = sent["archcalc"]
    if sent is None:
        return DEFAULTS, []
    if not isinstance(sent, Mapping):
        return DEFAULTS, [f"settings are a mapping, not {quoted(str(sent))}"]
    taken, wrong = dict[str, Any](), list[str]()
    for name, value in sent.items():
        fault = _fault(name, value)
        if fault:
            wrong.append(fault)
        else:
            taken[name] = tuple(value) if name == "quantities" else value
    return DEFAULTS._replace(**taken), wrong


def _fault(name: Any, value: Any) -> str | None:
    if name not in DEFAULTS._fields:
        hints = "".join(f"; {line}" for line in nearest(str(name), DEFAULTS._fields))
        there_are = ", ".join(DEFAULTS._fields)
        return f"there is no setting {quoted(str(name))}{hints}; there are: {there_are}"
    if name == "quantities":
        listed = ", ".join(QUANTITIES)
        if not isinstance(value, list | tuple) or not all(word in QUANTITIES for word in value):
            return f"quantities takes a list of {listed}"
        return None
    if value is None and name == "completion":
        return None
    return None if isinstance(value, bool) else f"{name} takes true or false"
