"""Files that are sent as tables and are none: each is refused with the way to a table."""

import re
from contextlib import AbstractContextManager

from intake.sources.beginning import HEAD_BYTES, Rejoined
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Format, Options, Source

_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
#: How the older container, in which workbooks with a password are wrapped, names their content.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta|head)", re.IGNORECASE)
#: XML, and JSON of a kind that none of the formats knows.
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|[\[{]\s*[\[{\"])")
_NO_TABLE = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite",
)


def _is_old(head: bytes, name: str) -> bool:
    return head.startswith(_OLD_CONTAINER)


def _open_old(file: Rejoined, options: Options, limits: Limits) -> AbstractContextManager[Source]:
    """The name stands anywhere in the container, and may stand across two pieces."""
    before = b""
    while piece := file.read(HEAD_BYTES):
        if _ENCRYPTED in before + piece:
            raise refused("encrypted")
        before = piece[-len(_ENCRYPTED) :]
    raise refused("xls")


def _is_web_page(head: bytes, name: str) -> bool:
    return _WEB_PAGE.match(head) is not None


def _open_web_page(file: Rejoined, options: Options, limits: Limits) -> AbstractContextManager[Source]:
    raise refused("web_page")


def _is_no_table(head: bytes, name: str) -> bool:
    return head.startswith(_NO_TABLE) or _MARKUP.match(head) is not None


def _open_no_table(file: Rejoined, options: Options, limits: Limits) -> AbstractContextManager[Source]:
    raise refused("not_a_table")


UNREADABLE: tuple[Format, ...] = (
    Format("xls", _is_old, _open_old),
    Format("web_page", _is_web_page, _open_web_page),
    Format("not_a_table", _is_no_table, _open_no_table),
)
