"""The ledger of legal holds, beside that of erasures: a restored database is told of holds that it has forgotten.

A line for each hold and each step of it; the last line of a hold counts. Ids, codes and times only: the number of the case
stays in the database, since it may lead to people.
"""

import json
import logging
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from displacement.identity.erasing import SCRUBBED
from displacement.models import Household, Incident, Person
from retention.lines import append, line_of, read_lines
from retention.models import Hold

logger = logging.getLogger(__name__)
_IDS = (
    "id",
    "organisation_id",
    "person_id",
    "household_id",
    "incident_id",
    "set_by",
    "lift_asked_by",
    "lifted_by",
)
_MOMENTS = ("starts_at", "ends_at", "set_at", "lift_asked_at", "lifted_at")
_RECORDS: dict[str, Any] = {"person_id": Person, "household_id": Household, "incident_id": Incident}


@dataclass(frozen=True, slots=True)
class HoldEntry:
    """One hold as it stood when the line was written."""

    id: UUID
    organisation_id: UUID
    region_id: int
    person_id: UUID | None
    household_id: UUID | None
    incident_id: UUID | None
    people: tuple[UUID, ...]
    households: tuple[UUID, ...]
    authority: str
    starts_at: datetime
    ends_at: datetime | None
    set_at: datetime
    set_by: UUID
    lift_asked_at: datetime | None
    lift_asked_by: UUID | None
    lifted_at: datetime | None
    lifted_by: UUID | None

    @classmethod
    def of(cls, hold: Hold) -> "HoldEntry":
        """What is written of it."""
        told = {each.name: getattr(hold, each.name) for each in fields(cls)}
        return cls(**{**told, "people": tuple(hold.people), "households": tuple(hold.households)})

    @classmethod
    def read(cls, line: str) -> "HoldEntry":
        """From its line. Raises ValueError, KeyError or TypeError for one that is none."""
        told: dict[str, Any] = json.loads(line)
        for name in _IDS:
            told[name] = told[name] and UUID(told[name])
        for name in _MOMENTS:
            told[name] = told[name] and datetime.fromisoformat(told[name])
        for name in ("people", "households"):
            told[name] = tuple(map(UUID, told[name]))
        return cls(**told)

    def line(self) -> str:
        """As it stands in the file."""
        return line_of(asdict(self))


@dataclass(frozen=True, slots=True)
class HoldsLedger:
    """The latest line of each hold, and the numbers of lines that are none."""

    entries: dict[UUID, HoldEntry]
    unreadable: tuple[int, ...] = ()


def read() -> HoldsLedger:
    """The ledger; an empty one where there is no file yet. A line that was cut off and written whole after it is no loss."""
    found, lost = read_lines(settings.HOLDS_FILE, HoldEntry.read)
    return HoldsLedger({entry.id: entry for entry in found}, lost)


def write_down() -> int:
    """Add the holds and steps that the ledger lacks; how many. On disk before this returns. One query.

    A database that knows less of a hold than the ledger, since it was restored, adds nothing.
    """
    known = read().entries
    rows = [HoldEntry.of(hold) for hold in Hold.objects.order_by("pk")]
    new = [row for row in rows if row.id not in known or _further(row) > _further(known[row.id])]
    if new:
        append(settings.HOLDS_FILE, "".join(row.line() for row in new))
    return len(new)


def write_down_now() -> None:
    """The same after a commit: where the disk refuses, the hold stands all the same, and the next sweep writes it."""
    try:
        write_down()
    except OSError as error:
        logger.error("The ledger of holds was not written: %s", type(error).__name__)


@transaction.atomic
def apply() -> int:
    """Set and end the holds that the ledger knows and this database does not; how many. Idempotent.

    A hold on a record that is younger than the backup is left out: the record is not here either.
    """
    done = 0
    for entry in read().entries.values():
        here = Hold.objects.filter(pk=entry.id).first()
        if here is not None and _further(HoldEntry.of(here)) >= _further(entry):
            continue
        named = {name: getattr(entry, name) for name in _RECORDS if getattr(entry, name) is not None}
        if not all(_RECORDS[name]._base_manager.filter(pk=pk).exists() for name, pk in named.items()):
            continue
        told = {**asdict(entry), "people": list(entry.people), "households": list(entry.households)}
        words = {} if here else {"case": SCRUBBED}
        Hold.objects.update_or_create(pk=told.pop("id"), defaults={**told, **words})
        done += 1
    return done


def _further(entry: HoldEntry) -> tuple[bool, str]:
    return entry.lifted_at is not None, str(entry.lift_asked_at or "")
