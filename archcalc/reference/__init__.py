"""Pages made from the declarations: the JSON Schema, the layer types, and a file to start from."""

from __future__ import annotations

from archcalc.renderers import Format, by_name

# Of rules and of layer types: all of them, or those named.
RULE_FORMATS = by_name(
    Format("text", "for the terminal", "reference.rules:text", ("width",)),
    Format("markdown", "the whole manual, for GitHub", "reference.rules:markdown"),
)
LAYER_FORMATS = by_name(
    Format("text", "for the terminal", "reference.layers:text", ("width",)),
    Format("markdown", "for GitHub", "reference.layers:markdown"),
)
