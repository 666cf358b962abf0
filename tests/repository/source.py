"""The project's own Python files, parsed once."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "config",
    "reports",
    "intake",
    "retention",
    "roster",
    "shelters",
    "displacement",
    "exchange",
    "accounts",
    "regions",
    "audit",
    "core",
)


@cache
def product_files() -> tuple[Path, ...]:
    """Every module of the product, migrations left out."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def files_of_tests() -> tuple[Path, ...]:
    """Every module of the tests."""
    return tuple(sorted((ROOT / "tests").rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The file as the project speaks of it."""
    return str(path.relative_to(ROOT))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Lines from the first to the last, decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
