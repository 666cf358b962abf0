"""Entity tags (RFC 9110): whether a record still is as somebody read it."""

import hashlib
from collections.abc import Callable

from django.utils.http import parse_etags
from rest_framework.request import Request

from core.api.faults import NotInThisWay
from core.api.rendering import as_json
from core.api.serializers import Row

ANY = "*"


def etag_of(shown: Row) -> str:
    """The strong tag of a record: another one as soon as anything differs that this reader is shown of it."""
    return f'"{hashlib.sha256(as_json(shown)).hexdigest()[:32]}"'


def tags_of(request: Request) -> list[str] | None:
    """The tags in If-Match; None where the header is not there. A weak tag fits nothing, as the RFC has it."""
    header = request.headers.get("If-Match")
    return None if header is None else [tag for tag in parse_etags(header) if not tag.startswith("W/")]


def require_fitting(tags: list[str], shown: Callable[[], Row]) -> None:
    """Raise the refusal 412 where the record is not as one of the tags says. `*` fits every record that is there."""
    if ANY not in tags and etag_of(shown()) not in tags:
        raise NotInThisWay(412, "precondition_failed")
