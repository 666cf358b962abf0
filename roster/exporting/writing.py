"""The file of an export, streamed: COPY, then pieces that are encrypted as they come. No name touches a disk in clear."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any
from uuid import UUID

from django.db import connection

from audit.actions.reading import MOST_IDS
from core.encryption import Place, decrypt_bytes, encrypt_bytes
from displacement.models import HoneyRecord
from roster.exporting.columns import COLUMNS
from roster.exporting.opened import opened
from roster.models import ASKED, ExportPart, PeopleExport

#: What the household of a person answered last.
_ANSWER = """(SELECT c.is_given FROM displacement_consent c
    WHERE c.household_id = h.id AND c.purpose = %(purpose)s AND c.voided_at IS NULL
    ORDER BY c.occurred_at DESC, c.recorded_at DESC, c.id DESC LIMIT 1)"""
#: Whether that lets them be in the file, where it takes a yes and where it does not.
_IS_IN = {True: f"{_ANSWER} IS TRUE", False: f"{_ANSWER} IS NOT FALSE"}
#: Bytes of the file in one piece.
PIECE = 1 << 20
_LENGTH = struct.Struct(">I")
#: How a line begins: the person's id, which every export has.
_ID = 36


@dataclass(slots=True)
class Told:
    """What was written: how many people, the ids of the first of them, and how many are left out by what they answered."""

    people: int = 0
    left_out: int = 0
    first_ids: list[UUID] = field(default_factory=list)


def write(export: PeopleExport) -> Told:
    """Make the file and keep it in the database, in pieces. One COPY, one INSERT for each piece; memory does not grow."""
    told = Told(left_out=_left_out(export))
    pieces = _pieces(_copied(export, told))
    columns = [COLUMNS[name] for name in export.columns]
    places = [place for place, column in enumerate(columns, start=1) if not column.sql]
    if places:
        pieces = opened(_rested(export, pieces), [export.columns[place - 1] for place in places], places)
    for number, piece in enumerate(_rested(export, chain([_heading(export)], pieces))):
        sealed = encrypt_bytes(piece, place_of(export, number))
        ExportPart.objects.create(export=export, number=number, data=sealed)
    return told


def _rested(export: PeopleExport, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, encrypted until the last of them is there: a connection that copies answers nothing else meanwhile."""
    with tempfile.TemporaryFile() as spool:
        for number, piece in enumerate(pieces):
            sealed = encrypt_bytes(piece, _spooled(export, number))
            spool.write(_LENGTH.pack(len(sealed)) + sealed)
        spool.seek(0)
        for number, sealed in enumerate(_kept(spool)):
            yield decrypt_bytes(sealed, _spooled(export, number))


def _spooled(export: PeopleExport, number: int) -> Place:
    return Place("spool", f"{export.pk}:{number}", "data")


def read(export: PeopleExport) -> Iterator[bytes]:
    """The file, piece by piece. One query for each."""
    for number in range(export.parts.count()):
        sealed = bytes(export.parts.values_list("data", flat=True).get(number=number))
        yield decrypt_bytes(sealed, place_of(export, number))


def place_of(export: PeopleExport, number: int) -> Place:
    """Where a piece lies; it opens nowhere else."""
    return Place("roster_exportpart", f"{export.pk}:{number}", "data")


def question(export: PeopleExport) -> tuple[str, dict[str, Any]]:
    """The SELECT that is copied, and its parameters: the person's id, then the columns that SQL reads. One query.

    No decoys, whom honest work would look for at a door, and nobody whose household answered otherwise for the recipients.
    Where the application opens some, the household's id is at the end.
    """
    columns = [COLUMNS[name] for name in export.columns]
    read = ["p.id", *(column.written for column in columns if column.sql)]
    if len(read) <= len(columns):
        read.append("p.household_id")
    where, values = _who(export)
    return f"SELECT {', '.join(read)} {where} AND {_IS_IN[ASKED[export.recipients].needs_yes]}", values


def _left_out(export: PeopleExport) -> int:
    """How many more would be in the file if nobody were asked. Two queries."""
    where, values = _who(export)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) {where} AND NOT ({_IS_IN[ASKED[export.recipients].needs_yes]})", values
        )
        return int(cursor.fetchone()[0])


def _who(export: PeopleExport) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE of the people whom the export is about, whatever they answered, and their parameters. One query."""
    stays = (
        "AND EXISTS (SELECT FROM shelters_stay s WHERE s.person_id = p.id AND s.shelter_id = %(shelter)s"
        " AND s.voided_at IS NULL AND s.ended_at IS NULL)"
        if export.shelter_id
        else ""
    )
    where = f"""FROM displacement_person p JOIN displacement_household h ON h.id = p.household_id
        JOIN regions_region r ON r.id = h.registered_in_id LEFT JOIN regions_region o ON o.id = h.origin_id
        WHERE p.organisation_id = %(organisation)s AND p.voided_at IS NULL AND p.merged_into_id IS NULL
        AND p.erased_at IS NULL AND r.path ~>=~ %(path)s AND r.path ~<~ %(after)s AND p.id <> ALL(%(decoys)s::uuid[])
        {stays}"""
    path = export.region.path
    return where, {
        "purpose": ASKED[export.recipients].purpose.value,
        "organisation": export.organisation_id,
        "path": path,
        "after": path[:-1] + chr(ord(path[-1]) + 1),
        "shelter": export.shelter_id,
        "decoys": list(HoneyRecord.objects.laid().people),
    }


def _heading(export: PeopleExport) -> bytes:
    """The names of the columns, and the tags below them where they are wanted."""
    columns = [COLUMNS[name] for name in export.columns]
    lines = [["id", *(column.name for column in columns)]]
    if export.has_tags:
        lines.append(["#affected+id", *(column.tag for column in columns)])
    return "".join(f"{','.join(line)}\n" for line in lines).encode()


def _copied(export: PeopleExport, told: Told) -> Iterator[bytes]:
    select, parameters = question(export)
    with ExitStack() as stack:
        cursor = stack.enter_context(connection.cursor())
        statement = f"COPY ({select}) TO STDOUT (FORMAT csv)"
        for line in stack.enter_context(cursor.copy(statement, parameters)):
            if told.people < MOST_IDS:
                told.first_ids.append(UUID(bytes(line[:_ID]).decode()))
            told.people += 1
            yield bytes(line)


def _pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _kept(spool: IO[bytes]) -> Iterator[bytes]:
    while head := spool.read(_LENGTH.size):
        yield spool.read(*_LENGTH.unpack(head))
