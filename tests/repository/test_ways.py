"""A batch changes its state in one place, which asks the table of transitions; held by reading the source."""

import ast
from collections.abc import Iterator

import pytest

from tests.repository.source import ROOT, product_files, tree

#: Calls with a keyword `state` that write one. `renew` hands it to `intake.ways.step`.
_WRITERS = {"update", "update_or_create", "get_or_create", "create", "bulk_create", "bulk_update", "Batch"}
WAYS = ROOT / "intake" / "ways.py"


def _writes(module: ast.AST) -> Iterator[int]:
    """The lines that write a state: by assignment, through a queryset or a constructor, by name, or in SQL."""
    for node in ast.walk(module):
        if _is_assigned(node) or _is_writing(node) or _is_statement(node):
            assert isinstance(node, ast.expr)
            yield node.lineno


def _is_assigned(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)


def _is_statement(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    words = " ".join(node.value.lower().split())
    return "update intake_batch " in words and "state" in words


def _is_writing(call: ast.AST) -> bool:
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "setattr":
        return ast.unparse(call.args[1]) == "'state'"
    return name in _WRITERS and any(word.arg == "state" for word in call.keywords)


def test_no_other_place_writes_the_state_of_a_batch() -> None:
    writing = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in product_files()
        if path.is_relative_to(ROOT / "intake") and path != WAYS
        for line in _writes(tree(path))
    ]
    assert writing == []


@pytest.mark.parametrize(
    "source",
    [
        "batch.state = READY",
        "batch.state, batch.failure = FAILED, ''",
        "Batch.objects.filter(pk=1).update(state=READY)",
        "Batch(state=READY)",
        "setattr(batch, 'state', READY)",
        "cursor.execute('UPDATE intake_batch SET state = %s')",
    ],
)
def test_each_way_of_writing_it_would_be_found(source: str) -> None:
    assert list(_writes(ast.parse(source))) == [1]


def test_asking_for_a_state_is_no_writing() -> None:
    source = "renew(batch, state=READY)\nBatch.objects.filter(state=READY)\nif batch.state == READY: pass"
    assert list(_writes(ast.parse(source))) == []
