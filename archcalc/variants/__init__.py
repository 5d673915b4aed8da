"""Variants of an architecture: other values of its variables, other inputs, and what they give."""
