"""Where a request sees everybody's rows, or beneath a veil: lists that somebody has to look at before they grow."""

import ast
from collections.abc import Iterator

import pytest

from core.database_roles import Why
from tests.repository.source import name, product_files, tree

#: Module, function, and the reason.
PLACES = {
    ("displacement/actions/flagging.py", "flag_likely", Why.PAIRS),
    ("displacement/actions/judging.py", "judge", Why.PAIRS),
    ("displacement/actions/merging.py", "merge", Why.MERGES),
    ("displacement/actions/merging.py", "unmerge", Why.MERGES),
    ("displacement/actions/repeats.py", "registered_before", Why.REPEATS),
    ("displacement/admin/duplicate.py", "_judge", Why.PAIRS),
    ("displacement/admin/duplicate.py", "get_changelist_instance", Why.PAIRS),
    ("displacement/admin/duplicate.py", "get_object", Why.PAIRS),
    ("displacement/admin/duplicate.py", "may", Why.PAIRS),
    ("displacement/admin/duplicate.py", "next_url", Why.PAIRS),
    ("displacement/admin/honey.py", "number", Why.DECOYS),
    ("displacement/identity/lookup.py", "likely_duplicates", Why.LIKELY),
    ("intake/undoing.py", "undo", Why.LISTS),
    ("reports/figures/decoys.py", "laid_out", Why.FIGURES),
    ("reports/figures/known.py", "has_changed_since", Why.FIGURES),
    ("reports/figures/query.py", "rows", Why.FIGURES),
    ("roster/actions/honey.py", "touched", Why.DECOYS),
    ("retention/actions/erasures.py", "approve", Why.ERASURES),
    ("retention/actions/erasures.py", "ask", Why.ERASURES),
    ("retention/actions/holds.py", "set_hold", Why.HOLDS),
    ("retention/actions/waiting.py", "unanswered", Why.ERASURES),
    ("shelters/actions/places.py", "check_places", Why.PLACES),
    ("shelters/actions/stays.py", "_check_guests", Why.PLACES),
    ("shelters/alternatives.py", "nearest_with_places", Why.PLACES),
}
#: Who may say under which role a connection works.
STANDING = {
    "accounts/api/standing.py",
    "accounts/rows.py",
    "config/starting.py",
    "core/database_roles.py",
}

#: Modules that ask for what is veiled, and what for.
UNVEILING = {
    "accounts/actions/revealing.py": "opens one record by an act, within a budget",
    "core/admin/acts.py": "whether what is stored differs from what was typed",
    "core/sealed.py": "writes it back as it was",
    "core/veils.py": "the same",
    "displacement/actions/birth.py": "whether somebody was born yet",
    "displacement/actions/erasing.py": "leaves the year, where figures need an age",
    "displacement/actions/versions.py": "whether a change changes something",
    "displacement/identity/differences.py": "whether two records say the same",
    "displacement/identity/spotting.py": "looks for whoever is erased in what waits",
    "displacement/identity/takeable.py": "takes values over from a merged record",
    "displacement/models/person.py": "ages and match keys",
    "retention/actions/waiting.py": "looks for whoever is erased in what waits",
}


def _entered(module: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "as_service":
                    yield node.name, ast.unparse(call.args[0]).removeprefix("Why.")


def test_each_place_is_known() -> None:
    found = {
        (name(path), function, Why[why])
        for path in product_files()
        if name(path) != "core/database_roles.py"
        for function, why in _entered(tree(path))
    }
    assert found == PLACES
    assert {why for _module, _function, why in PLACES} == set(Why)


def test_each_module_that_unveils_is_known() -> None:
    found = {name(path) for path in product_files() if "unveiled(" in path.read_text()}
    assert found == UNVEILING.keys()


def test_nobody_else_takes_a_role() -> None:
    words = ("database_roles", "set_config('role'", "SET ROLE")
    taking = {
        name(path)
        for path in product_files()
        if any(word in path.read_text() for word in words)
        and not {line.split("import ")[1] for line in _imports(path.read_text())} <= {"Why, as_service"}
    }
    assert taking - STANDING <= {"config/row_roles.py", "config/row_security.py"}


def _imports(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("from core.database_roles import")]


@pytest.mark.parametrize(
    "source", ["@as_service(Why.X)\ndef f(): ...", "def f():\n  with as_service(Why.X): ..."]
)
def test_an_entry_would_be_found(source: str) -> None:
    assert list(_entered(ast.parse(source))) == [("f", "X")]
