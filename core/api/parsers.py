"""Reading JSON strictly: what two programs could read differently is refused."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.api.faults import BodyTooLarge

MOST_BYTES = 1024 * 1024
DEEPEST = 16


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 (a byte order mark is accepted), at most 1 MB, without doubled keys, NaN, or endless nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value that the body holds. Raises ParseError or BodyTooLarge."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise BodyTooLarge
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not UTF-8. Save or send it as UTF-8.")) from error
        try:
            value = json.loads(
                text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite
            )
        except RecursionError as error:
            raise ParseError(_too_deep()) from error
        except ValueError as error:
            raise ParseError(_not_json(error)) from error
        _require_shallow(value)
        return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError(_("A key occurs twice in one object of the body. Send each key once."))
    return found


def _no_constant(_name: str) -> NoReturn:
    raise ParseError(_("The body holds NaN or Infinity. Leave out numbers that are not known."))


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ParseError(_("The body holds a number that is too large."))
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


def _require_shallow(value: Any) -> None:
    """Walk level by level, without recursion of our own."""
    level = [value]
    for _depth in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ParseError(_too_deep())


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
