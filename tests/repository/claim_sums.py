"""Finding code that would add claims up: over the database, in SQL, or in Python."""

import ast
import re
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
#: What Django adds up or averages with; of claims nothing of it may be asked. Counting claims and their newest is no sum.
ADDING = frozenset({"Sum", "Avg"})
_SQL = re.compile(r"\b(?:sum|avg)\s*\(", re.IGNORECASE)
_TABLE = re.compile(r"\bdisplacement_claim\b")
#: A claim's number, as a model or as a figure has it.
NUMBERS = frozenset({"value", "value_min", "value_max"})
_CLAIM = re.compile(r"\bClaim\b|\.claims\b|\bclaims\b")


def sums_of_claims(source: str) -> list[tuple[int, str]]:
    """Line and function of each place that adds numbers as claims have them.

    Database: Sum or Avg in a module that speaks of claims; SQL that sums and names their table. Python: `sum`, `+` and `+=` of
    what was read from a `.value`, directly or through a name of the same function. It finds too much rather than too little.
    """
    module = ast.parse(source)
    found = {*_in_database(module, source), *_in_sql(module), *_in_python(module)}
    return sorted(found)


def _in_database(module: ast.Module, source: str) -> Iterator[tuple[int, str]]:
    if not _CLAIM.search(source):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _called(node) in ADDING:
            yield node.lineno, _function_of(module, node)


def _in_sql(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if _TABLE.search(node.value) and _SQL.search(node.value):
            yield node.lineno, _function_of(module, node)


def _in_python(module: ast.Module) -> Iterator[tuple[int, str]]:
    for outer in ast.walk(module):
        if not isinstance(outer, Function):
            continue
        names = _names_of_numbers(outer)
        for node in ast.walk(outer):
            if isinstance(node, ast.Call) and _called(node) == "sum" and _reads(node, names):
                yield node.lineno, outer.name
            if not isinstance(node, (ast.BinOp, ast.AugAssign)) or not isinstance(node.op, ast.Add):
                continue
            if _reads(node, names):
                yield node.lineno, outer.name


def _names_of_numbers(function: ast.AST) -> frozenset[str]:
    """Names that the function gives to something read from a claim's number; twice, for names made of names."""
    names: frozenset[str] = frozenset()
    for _turn in range(2):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and _is_number(node.value, names):
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _is_number(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether the expression is a number or a list of numbers: not where they only go through a call or a comparison."""
    match node:
        case ast.Attribute():
            return node.attr in NUMBERS
        case ast.Name():
            return node.id in names
        case ast.BoolOp():
            return any(_is_number(value, names) for value in node.values)
        case ast.IfExp():
            return _is_number(node.body, names) or _is_number(node.orelse, names)
        case ast.BinOp():
            return _is_number(node.left, names) or _is_number(node.right, names)
        case ast.List() | ast.Tuple() | ast.Set():
            return any(_is_number(each, names) for each in node.elts)
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
            return _is_number(node.elt, names)
        case ast.DictComp() | ast.Dict() | ast.Starred() | ast.Subscript():
            return any(_is_number(child, names) for child in ast.iter_child_nodes(node))
    return False


def _reads(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether one side of a plus, or what is summed, is such a number."""
    match node:
        case ast.BinOp():
            return _is_number(node.left, names) or _is_number(node.right, names)
        case ast.AugAssign():
            return _is_number(node.value, names)
        case ast.Call():
            return any(_is_number(argument, names) for argument in node.args)
    return False


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _function_of(module: ast.Module, wanted: ast.AST) -> str:
    """The innermost function around a node; empty at the top of the module."""
    around = [
        outer
        for outer in ast.walk(module)
        if isinstance(outer, Function) and any(node is wanted for node in ast.walk(outer))
    ]
    return around[-1].name if around else ""
