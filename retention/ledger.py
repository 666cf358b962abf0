"""The ledger of erasures, outside of the database: what a backup from before does not know, and must be told after a restore.

A file of lines, each a JSON object: which erasure, whose, why, by whom, of which records. Ids, codes and what stands for rows
under a key; no name. A line is written once the erasure is committed, at once or by the next sweep: a line of one that never
was would erase somebody at a restore.
"""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from retention.lines import append, line_of, read_lines
from retention.models import Erasure

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure that was carried out.

    `marks` stand for rows that were taken out of lists and forms that waited; `emptied` are forms, each with its id on the
    telephone, that a server may send to a restored database once more.
    """

    erasure: UUID
    organisation: UUID
    region: int
    kind: str
    subject: UUID
    ground: str
    asked_at: datetime
    asked_by: UUID
    approved_at: datetime
    approved_by: UUID
    people: tuple[UUID, ...]
    households: tuple[UUID, ...]
    marks: tuple[int, ...] = ()
    emptied: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, erasure: Erasure) -> "Entry":
        """What is written of it."""
        assert erasure.approved_at is not None
        assert erasure.approved_by is not None
        return cls(
            erasure.pk,
            erasure.organisation_id,
            erasure.region_id,
            erasure.kind,
            erasure.subject,
            erasure.ground,
            erasure.asked_at,
            erasure.asked_by,
            erasure.approved_at,
            erasure.approved_by,
            tuple(erasure.people),
            tuple(erasure.households),
            tuple(erasure.taken.get("marks", ())),
            tuple((form, instance) for form, instance in erasure.taken.get("emptied", ())),
        )

    @classmethod
    def read(cls, line: str) -> "Entry":
        """From its line. Raises ValueError, KeyError or TypeError for one that is none."""
        told: dict[str, Any] = json.loads(line)
        for name in ("erasure", "organisation", "subject", "asked_by", "approved_by"):
            told[name] = UUID(told[name])
        for name in ("asked_at", "approved_at"):
            told[name] = datetime.fromisoformat(told[name])
        for name in ("people", "households"):
            told[name] = tuple(map(UUID, told[name]))
        told["marks"] = tuple(map(int, told.get("marks", ())))
        told["emptied"] = tuple((str(form), str(instance)) for form, instance in told.get("emptied", ()))
        return cls(**told)

    def line(self) -> str:
        """As it stands in the file."""
        return line_of(asdict(self))


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the file holds: erasures in the order in which they were done, and the numbers of lines that are none.

    A line that was cut off and written whole after it, as by a full disk, is no loss and not among these.
    """

    entries: tuple[Entry, ...] = ()
    unreadable: tuple[int, ...] = ()


def read() -> Ledger:
    """The ledger; an empty one where there is no file yet."""
    found, lost = read_lines(settings.ERASURES_FILE, Entry.read)
    return Ledger(found, lost)


def write_down() -> int:
    """Add the erasures that the ledger lacks; how many. It is on disk before this returns. One query; none is written twice."""
    known = {entry.erasure for entry in read().entries}
    new = [Entry.of(erasure) for erasure in Erasure.objects.done().exclude(pk__in=known).order_by("pk")]
    if new:
        append(settings.ERASURES_FILE, "".join(entry.line() for entry in new))
    return len(new)


def write_down_now() -> None:
    """The same after a commit: where the disk refuses, the erasure is done all the same, and the next sweep writes it."""
    try:
        write_down()
    except OSError as error:
        logger.error("The ledger of erasures was not written: %s", type(error).__name__)
