"""PFIF 1.4, the exchange format of registers of missing people: people, and dated notes about them.

A record that looks for somebody is a question, and no person who came; a note that believes somebody dead is a claim. Both are
refused with a sentence, so that a person takes them where they belong, and nothing of them is lost.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from intake.sources.beginning import Rejoined, on_disk
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Column, Format, Options, Source, SourceRow

#: Field of PFIF, and the column that it becomes; columns are named as the fields of people are.
COLUMNS = {
    "person_record_id": "reference",
    "full_name": "full_name",
    "given_name": "given_name",
    "family_name": "family_name",
    "sex": "sex",
    "date_of_birth": "birth_date",
    "age": "age",
    "home_city": "origin",
    "home_state": "home_state",
    "home_country": "home_country",
    "source_date": "registered_on",
}
#: What the latest note says; shown on review, taken by no field.
STATUS, STATUS_AT, SEEN_AT = "status", "status_at", "last_known_location"
_SOUGHT = frozenset({"information_sought", "believed_missing"})
_DEAD = "believed_dead"
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


class Note(NamedTuple):
    """One note; `said_at` is when its author said so, however late it was passed on."""

    said_at: str
    status: str
    place: str


def read(file: IO[bytes], limits: Limits, *, now: datetime | None = None) -> Source:
    """The people of the file, each with what the latest note about them says. The file is read twice; memory holds notes only.

    Raises the refusal `not_pfif` where this is not PFIF, or where it holds entities, which PFIF has no use for.
    """
    notes = _latest_notes(file)
    file.seek(0)
    columns = [*COLUMNS.values(), STATUS, STATUS_AT, SEEN_AT]
    rows = _rows(file, notes, (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"), limits)
    return Source("pfif", tuple(Column(name) for name in columns), rows, [])


def _elements(file: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    """Elements of this name as dictionaries. A note within a person is about that person, whether it says so or not."""
    person = ""
    try:
        for _event, element in iterparse(file, events=("end",), forbid_dtd=True):
            kind = _local(element)
            if kind == "person_record_id":
                person = (element.text or "").strip()
            if kind == name:
                yield {"person_record_id": person, **_fields(element)}
            if kind in {"person", "note"}:
                element.clear()
    except (ParseError, DefusedXmlException, UnicodeDecodeError, LookupError):
        raise refused("not_pfif") from None


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _fields(element: Element) -> dict[str, Any]:
    return {_local(child): (child.text or "").strip() for child in element if _local(child) != "note"}


def _latest_notes(file: IO[bytes]) -> dict[str, Note]:
    """Of each person, the note that was said last, whatever the order of the file: a note may come late and be of earlier."""
    latest: dict[str, Note] = {}
    for told in _elements(file, "note"):
        note = Note(told.get("source_date", ""), told.get("status", ""), told.get("last_known_location", ""))
        person = told.get("person_record_id", "")
        if note.status and (person not in latest or note.said_at >= latest[person].said_at):
            latest[person] = note
    return latest


def _rows(file: IO[bytes], notes: dict[str, Note], now: str, limits: Limits) -> Iterator[SourceRow]:
    for number, told in enumerate(_elements(file, "person"), start=1):
        if number > limits.rows:
            raise refused("too_many_rows")
        note = notes.get(told.get("person_record_id", ""), Note("", "", ""))
        cells = tuple(told.get(name, "") for name in COLUMNS)
        yield SourceRow(number, (*cells, note.status, note.said_at, note.place), _problem(told, note, now))


def _problem(told: dict[str, Any], note: Note, now: str) -> str:
    expires = told.get("expiry_date", "")
    if expires and expires < now:
        return "pfif_expired"
    if note.status == _DEAD:
        return "pfif_believed_dead"
    if note.status in _SOUGHT:
        return "pfif_sought"
    return ""


def _recognises(head: bytes, name: str) -> bool:
    return _XML.match(head) is not None and b"pfif" in head


def _open(file: Rejoined, options: Options, limits: Limits) -> AbstractContextManager[Source]:
    return _opened(file, limits)


@contextmanager
def _opened(file: Rejoined, limits: Limits) -> Iterator[Source]:
    with on_disk(file) as copy:
        yield read(copy, limits)


PFIF = Format("pfif", _recognises, _open)
