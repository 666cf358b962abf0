"""The Humanitarian Exchange Language: a row of hashtags between header and data says what columns mean (HXL 1.1)."""

import re
from collections.abc import Sequence

from intake.sources.source import Record

#: Mixed case and blanks before attributes are allowed.
_TAG = re.compile(r"#\s*[a-z]\w*(?:\s*\+\s*[a-z]\w*)*", re.IGNORECASE | re.ASCII)
_BLANKS = re.compile(r"\s+")
#: How notes below a table begin.
_NOTE = re.compile(r"[*†‡¹²³(\[]|notes?\b|sources?\b|прим|источник|джерел|\d\)", re.IGNORECASE)
_NOTE_CHARACTERS = 40


def tag_of(cell: str) -> str:
    """The hashtag with its attributes, in small letters without blanks; "" where the cell is none."""
    text = cell.strip()
    return _BLANKS.sub("", text).lower() if _TAG.fullmatch(text) else ""


def tags_row(records: Sequence[Record]) -> int | None:
    """Index of the row of hashtags among the first rows: the first of whose filled cells at least half are hashtags."""
    for index, record in enumerate(records):
        filled = [cell for cell in record.cells if cell.strip()]
        if 2 * sum(bool(tag_of(cell)) for cell in filled) >= max(len(filled), 1):
            return index
    return None


def is_note(cells: Sequence[str]) -> bool:
    """Whether the row is one remark and no data: a single cell, long or with a remark's beginning."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and (len(filled[0]) > _NOTE_CHARACTERS or bool(_NOTE.match(filled[0])))


def parts_of(tag: str) -> tuple[str, frozenset[str]]:
    """Hashtag and attributes apart; the order of attributes means nothing."""
    name, *attributes = tag.split("+")
    return name, frozenset(attributes)
