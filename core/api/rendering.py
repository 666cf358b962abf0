"""Answers as JSON, written from what the database gave: ids and moments need no word of Python each."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

#: Moments carry their zone and are written in UTC with a Z.
_OPTIONS = orjson.OPT_UTC_Z


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
        return b"" if data is None else orjson.dumps(data, default=str, option=_OPTIONS)
