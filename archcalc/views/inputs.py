"""The inputs of a network as text and as amounts: one has no name, several have."""

from __future__ import annotations

from archcalc.analysis.analysis import Analysis


def volumes(analysis: Analysis) -> str:
    """``224x224x3``; ``left 105x105x1, right 105x105x1``."""
    if not analysis.network.names_inputs:
        return str(analysis.input)
    return ", ".join(f"{name} {volume}" for name, volume in analysis.inputs.items())


def described(analysis: Analysis) -> str:
    """``224x224x3 (height x width x channels)``, each after its name where they have names."""
    if not analysis.network.names_inputs:
        return analysis.input.described()
    return ", ".join(f"{name} {volume.described()}" for name, volume in analysis.inputs.items())


def word(analysis: Analysis) -> str:
    return "inputs" if len(analysis.inputs) > 1 else "input"


def amounts(analysis: Analysis) -> list[tuple[str, int]]:
    """The elements of each in a batch."""
    return [(name, volume.elements * analysis.batch) for name, volume in analysis.inputs.items()]


def seen(analysis: Analysis) -> str:
    """The input of which fields are shown, as a sentence has it."""
    if not analysis.network.names_inputs:
        return "the network's input"
    return f"the input {analysis.nodes[analysis.field_of].name}"
