"""Answers as JSON, written from what the database gave (ids and moments need no word of Python each), and files as they are."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

#: Moments carry their zone and are written in UTC with a Z.
_OPTIONS = orjson.OPT_UTC_Z


def as_json(data: Any) -> bytes:
    """The value as every answer writes it."""
    return orjson.dumps(data, default=str, option=_OPTIONS)


class OrjsonRenderer(BaseRenderer):
    """JSON in UTF-8. What is neither JSON nor a date, a moment or an id is written as its text."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body; empty where there is nothing to say."""
        return b"" if data is None else as_json(data)


class AsItIs(BaseContentNegotiation):
    """A file has the one format that its address names, whatever the client would prefer."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[OrjsonRenderer, str]:
        """JSON, for refusals; the file itself is not rendered."""
        return OrjsonRenderer(), OrjsonRenderer.media_type

    def select_parser(self, request: Request, parsers: Any) -> None:
        """Nothing is read."""
        return
