"""Reading JSON strictly, where what two programs could read differently is refused; and forms with a file."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.api.faults import BodyTooLarge

MOST_BYTES = 1024 * 1024
DEEPEST = 16
#: What a form holds beside its file.
_FORM_BYTES = 64 * 1024


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


class FileParser(MultiPartParser):
    """A form with a file (`multipart/form-data`), refused unread where it is larger than a file may be."""

    most_bytes = 10 * MOST_BYTES

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The fields and the file; what is large lies on the disk meanwhile. Raises ParseError or BodyTooLarge."""
        request = (parser_context or {})["request"]
        told = str(request.META.get("CONTENT_LENGTH") or 0)
        # Without a length nothing is read, and the file is missed by name.
        if told.isdigit() and int(told) > self.most_bytes + _FORM_BYTES:
            words = _("The file is too large: at most %(most)d MB. Send it in parts.")
            raise BodyTooLarge(words % {"most": self.most_bytes // MOST_BYTES})
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The form cannot be read. Send it as multipart/form-data.")) from error


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
