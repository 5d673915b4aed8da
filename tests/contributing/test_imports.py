"""Imports of our modules stand at the top, where the contract of `pyproject.toml` sees them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import archcalc

ROOT = Path(archcalc.__file__).parent
# They start many times a day, so they import what they need when they need it.
FOR_START_UP = ("cli", "api", "__init__.py")


def inner_imports(tree: ast.Module) -> Iterator[ast.AST]:
    """What functions import of archcalc, by a statement or by a call with its name."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in (inner for function in functions for inner in ast.walk(function)):
        match node:
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module):
                modules = [module or "archcalc"]
            case ast.Call(func=ast.Name("import_module"), args=[place, *_]):
                modules = [ast.unparse(place).strip("f'\"")]
            case _:
                modules = []
        if any(module.partition(".")[0] == "archcalc" for module in modules):
            yield node


def test_only_the_command_line_and_the_api_import_on_use() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in FOR_START_UP
        for node in inner_imports(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
