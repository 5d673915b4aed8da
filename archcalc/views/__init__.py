"""Data to show: what renderers draw."""
