"""Imports of our modules stand at the top, where the contract of `pyproject.toml` sees them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import archcalc

ROOT = Path(archcalc.__file__).parent
# They start many times a day, and import what they need when they need it. To define every layer
# type takes 5 % of the time of a whole command.
FOR_START_UP = ("cli/*", "api/*", "__init__.py", "network/layers/__init__.py")


def inner_imports(tree: ast.Module) -> Iterator[int]:
    """The lines on which functions import of archcalc, by a statement or a call with its name."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                is_ours = any(name.partition(".")[0] == "archcalc" for name in imported(node))
                if is_ours and isinstance(node, ast.stmt | ast.expr):
                    yield node.lineno


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "archcalc"]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        return [ast.unparse(node.args[0]).strip("f'\"")]
    return []


def test_only_the_command_line_and_the_api_import_on_use() -> None:
    others = [
        path
        for path in sorted(ROOT.rglob("*.py"))
        if not any(fnmatch(path.relative_to(ROOT).as_posix(), place) for place in FOR_START_UP)
    ]
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in others
        for line in inner_imports(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
