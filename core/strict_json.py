"""JSON read strictly: what two programs could read differently is refused."""

import json
import math
import re
from typing import Any, NoReturn

from django.utils.translation import gettext as _

#: An escape of half a character; beside its other half it is fine.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class NotStrict(ValueError):
    """Text that is no JSON, or JSON that could be meant in two ways. Its words are for people and repeat nothing of it."""


def loads(raw: bytes, *, deepest: int) -> Any:
    """The value that UTF-8 bytes hold (a byte order mark is accepted), nested at most `deepest` levels.

    Raises NotStrict for other encodings, halves of characters, doubled keys, NaN and Infinity, numbers beyond measure, and
    deeper nesting.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotStrict(_("The body is not UTF-8. Save or send it as UTF-8.")) from error
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError as error:
        raise NotStrict(_too_deep()) from error
    except NotStrict:
        raise
    except ValueError as error:
        raise NotStrict(_not_json(error)) from error
    _require_shallow(value, deepest)
    if _HALF.search(text):
        _require_whole(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrict(_("A key occurs twice in one object of the body. Send each key once."))
    return found


def _no_constant(_name: str) -> NoReturn:
    raise NotStrict(_("The body holds NaN or Infinity. Leave out numbers that are not known."))


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotStrict(_("The body holds a number that is too large."))
    return number


def _not_json(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("The body is not valid JSON: see line %(line)d, column %(column)d.") % {
            "line": error.lineno,
            "column": error.colno,
        }
    return _("The body holds a number that is too large.")


def _too_deep() -> str:
    return _("The body is nested too deeply. Send it as the documentation shows.")


def _require_shallow(value: Any, deepest: int) -> None:
    """Walk level by level, without recursion of our own."""
    level = [value]
    for _depth in range(deepest):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise NotStrict(_too_deep())


def _require_whole(value: Any) -> None:
    """No half of a character, in keys neither: no answer that names its place could be written."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise NotStrict(_("The body holds half of a character. Save or send it as UTF-8.")) from error


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
