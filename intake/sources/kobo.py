"""Exports of Kobo and ODK as files: a list of submissions, or an answer of their API that holds one."""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from core.strict_json import NotStrict, loads
from intake.sources.beginning import Rejoined
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Format, Options, Source
from intake.sources.submissions import as_source

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\]}{\"]")
#: Where an answer keeps its list: Kobo's API, ODK Central's OData.
_LISTS = ("results", "value")
#: Levels of groups in groups in repeats; forms that people fill in have fewer.
_DEEPEST = 16


def submissions_in(raw: bytes) -> list[Mapping[str, Any]]:
    """The submissions of an export. Raises ValidationError `json_broken` or `not_submissions`."""
    try:
        value = loads(raw, deepest=_DEEPEST)
    except NotStrict:
        raise refused("json_broken") from None
    if isinstance(value, dict):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), [value])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise refused("not_submissions")
    if not value:
        raise refused("header_only")
    return value


def _recognises(head: bytes, name: str) -> bool:
    return _JSON.match(head) is not None


def _open(file: Rejoined, options: Options, limits: Limits) -> AbstractContextManager[Source]:
    return _opened(file, limits)


@contextmanager
def _opened(file: Rejoined, limits: Limits) -> Iterator[Source]:
    """Read whole: an edited submission may stand anywhere before the one that it replaces."""
    raw = bytearray()
    while piece := file.read(1 << 16):
        raw += piece
        if len(raw) > limits.json_bytes:
            raise refused("file_too_large")
    source = as_source(submissions_in(bytes(raw)))
    if len(source.columns) > limits.columns:
        raise refused("too_many_columns")
    yield source


KOBO = Format("kobo", _recognises, _open)
