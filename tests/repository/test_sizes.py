"""Tails stay short: it is the long file and the long function that make a codebase hard to live in."""

import ast
from collections.abc import Iterable
from pathlib import Path

from tests.repository.source import files_of_tests, length, name, product_files, tree

FILE, FUNCTION, CLASS, TEST = 400, 50, 200, 40
Kind = type[ast.FunctionDef] | type[ast.AsyncFunctionDef] | type[ast.ClassDef]
_FUNCTIONS: tuple[Kind, ...] = (ast.FunctionDef, ast.AsyncFunctionDef)


def _too_long(paths: Iterable[Path], kinds: tuple[Kind, ...], limit: int) -> list[str]:
    return [
        f"{name(path)}:{node.lineno} {node.name}: {length(node)}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, kinds) and length(node) > limit
    ]


def test_no_file_is_too_long() -> None:
    paths = (*product_files(), *files_of_tests())
    lines = {name(path): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert {path: count for path, count in lines.items() if count > FILE} == {}


def test_no_function_is_too_long() -> None:
    assert _too_long(product_files(), _FUNCTIONS, FUNCTION) == []


def test_no_class_is_too_long() -> None:
    assert _too_long(product_files(), (ast.ClassDef,), CLASS) == []


def test_no_test_is_too_long() -> None:
    assert _too_long(files_of_tests(), _FUNCTIONS, TEST) == []
