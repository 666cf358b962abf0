"""Places to break in words that are longer than a narrow column, so that no name runs out of its cell."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from reports.rendering.content.document import Document

ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"[^\s\u00a0]{19,}")
_PIECE = re.compile(r".{12}")


@lru_cache(maxsize=2)
def with_breaks(document: Document) -> Document:
    """The document with an invisible place to break after every twelve letters of very long words; mostly none.

    Kept for a moment, as the composed report is.
    """
    broken: Document = _broken(document)
    return broken


def _broken(content: Any) -> Any:
    match content:
        case str():
            return _LONG_WORD.sub(_with_places, content)
        case tuple():
            return tuple(_broken(item) for item in content)
        case _ if is_dataclass(content) and not isinstance(content, type):
            return replace(content, **{f.name: _broken(getattr(content, f.name)) for f in fields(content)})
    return content


def _with_places(word: re.Match[str]) -> str:
    return _PIECE.sub(rf"\g<0>{ZERO_WIDTH_SPACE}", word.group())
