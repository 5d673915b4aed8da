"""The data that renderers write: rows, totals, differences, explanations."""
