"""What is not done here, held by reading the source."""

import ast
import re

import pytest

from tests.repository.source import ROOT, files_of_tests, name, product_files, tree

#: Names that say nothing about what is inside.
VAGUE = {"utils", "helpers", "common", "services", "managers", "misc"}
#: A machine's folders and package registries have no place in a project.
FOREIGN = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/|pypi\.org|pythonhosted|npmjs|deb\.debian")
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".yml",
    ".yaml",
    ".html",
    ".css",
    ".js",
    ".lock",
    ".csv",
    ".json",
    ".typ",
    "",
}


def test_modules_are_named_for_what_they_hold() -> None:
    assert [name(path) for path in product_files() if path.stem in VAGUE] == []


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{name(path)}:{node.lineno}"
        for path in product_files()
        for outer in ast.walk(tree(path))
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(outer)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert inside == []


def test_no_star_imports() -> None:
    stars = [
        f"{name(path)}:{node.lineno}"
        for path in (*product_files(), *files_of_tests())
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert stars == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a rule silenced without saying which", r"#\s*noqa(?!:)|#\s*type:\s*ignore(?!\[)"),
        ("work left for later", r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b"),
        ("an effect hidden in a signal", r"\bpost_sa" r"ve\b|\bpre_sa" r"ve\b(?!\(self, instance)"),
        ("a query in a loop hidden by all fields", r"fields\s*=\s*[\"']__all__"),
    ],
)
def test_not_done_here(what: str, pattern: str) -> None:
    found = [
        f"{name(path)}:{number}"
        for path in product_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == [], what


def test_no_error_is_swallowed_whole() -> None:
    """Whoever catches everything raises it again or writes it down."""
    swallowed = [
        f"{name(path)}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and not any(isinstance(inner, (ast.Raise, ast.Call)) for inner in ast.walk(node))
    ]
    assert swallowed == []


def test_public_things_say_what_they_mean() -> None:
    silent = []
    for path in product_files():
        module = tree(path)
        if path.name != "__init__.py" and ast.get_docstring(module) is None:
            silent.append(name(path))
        for node in module.body:
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            if isinstance(node, kinds) and not node.name.startswith("_") and ast.get_docstring(node) is None:
                silent.append(f"{name(path)}:{node.lineno} {node.name}")
    assert silent == []


def test_nothing_speaks_of_a_machine() -> None:
    skip = {".git", ".venv", "var", "node_modules", ".mypy_cache", ".ruff_cache"}
    found = []
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if not path.is_file() or skip & set(relative.parts) or path.suffix not in TEXTS:
            continue
        if relative == relative.parent / "test_habits.py":
            continue
        if FOREIGN.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(str(relative))
    assert found == []
