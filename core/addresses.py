"""Addresses as a log may hold them: what somebody put into one may be a name or the number of a document."""

import re
from collections.abc import Iterator
from functools import cache
from http import HTTPMethod
from typing import Any
from uuid import UUID

from django.urls import get_resolver

UNTOLD = "…"
_VALUES = re.compile(r"<[^<>]*>|\([^()]*\)")
_WORD = re.compile(r"[A-Za-z][\w.-]*")
_URL = re.compile(r"(https?://[^\s/?#'\"]*)[^\s'\"]*")


def told_path(path: str) -> str:
    """The path with `…` in place of each step that is neither a word of our own addresses nor a UUID.

    The words are collected once in the life of a process.
    """
    steps = path.split("/")
    return "/".join(step if not step or step in _words() or _is_id(step) else UNTOLD for step in steps)


def told_method(method: str | None) -> str:
    """The method, or `…` for one that HTTP has not: a client that counts letters for bytes may begin a request with a name."""
    return method if method and method in HTTPMethod.__members__ else UNTOLD


def told_urls(text: str) -> str:
    """The text with each URL in it cut off behind its host: a search has the name that was looked for in it."""
    return _URL.sub(r"\1", text)


def _is_id(step: str) -> bool:
    try:
        return str(UUID(step)) == step
    except ValueError:
        return False


@cache
def _words() -> frozenset[str]:
    return frozenset(_words_of(get_resolver()))


def _words_of(resolver: Any) -> Iterator[str]:
    """What stands in the patterns beside the places for values."""
    for one in resolver.url_patterns:
        text, rest = "", str(one.pattern)
        while text != rest:  # groups may stand in groups
            text, rest = rest, _VALUES.sub(" ", rest)
        for step in text.split("/"):
            yield from _WORD.findall(step.replace("\\", ""))
        if hasattr(one, "url_patterns"):
            yield from _words_of(one)
