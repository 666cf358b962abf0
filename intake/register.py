"""The bulk way into the register: a stream of households, checked by the database, written by COPY.

Whatever reads a file or invents a scenario ends here. Rows are turned into ids, registration numbers and search keys, and written in
chunks: a chunk is one transaction with one audit event, or nothing at all. Memory does not grow with the stream.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from audit.actions.record import record
from core.actors import Actor
from core.names import search_key
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from intake.keys import Keys
from intake.rows import NewHousehold, NewMovement, NewPerson, NewStay, Void
from intake.tables import copy
from shelters.models import Stay

#: Households in one transaction: some 7,000 rows, enough that the cost of a transaction vanishes.
CHUNK = 1_000

_FACT = ("id", "occurred_at", "recorded_at", "recorded_by", "voided_at", "voided_by", "void_reason")
_HOUSEHOLD = (
    *_FACT,
    *("serial", "organisation_id", "registered_in_id", "origin_id", "people_declared", "method", "phone"),
    *("language", "version"),
)
_PERSON = (
    *_FACT,
    *("serial", "household_id", "organisation_id", "relationship", "given_name", "patronymic", "family_name"),
    *("sex", "birth_date", "birth_precision", "family_key", "given_key", "version"),
)
_MOVEMENT = (
    *_FACT,
    *("person_id", "household_id", "kind", "origin_id", "destination_id", "place", "means", "cause"),
)
_STAY = (
    *_FACT,
    *("person_id", "shelter_id", "room_id", "ended_at", "ended_recorded_at", "ended_by", "override_reason"),
)
#: In the order in which foreign keys point back.
_TABLES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Household, _HOUSEHOLD),
    (HouseholdGroup, (*_FACT, "household_id", "sex", "age_band", "people")),
    (Consent, (*_FACT, "household_id", "purpose", "is_given", "text_version")),
    (Person, _PERSON),
    (PersonNeed, (*_FACT, "person_id", "need_id")),
    (Movement, _MOVEMENT),
    (Stay, _STAY),
)
_NOT_VOID = (None, None, "")

Row = tuple[Any, ...]


@dataclass(slots=True)
class Written:
    """How much has been written so far. `people` counts human beings: named, and counted in groups that hold."""

    households: int = 0
    people: int = 0
    rows: int = 0


@dataclass(slots=True)
class _Chunk:
    """The rows of one transaction, by table."""

    rows: dict[type[models.Model], list[Row]] = field(
        default_factory=lambda: {model: [] for model, _ in _TABLES}
    )


class Register:
    """Writes streams of households in the name of one actor."""

    def __init__(
        self,
        *,
        by: Actor,
        source: str,
        keys: Keys | None = None,
        on_chunk: Callable[[Written], None] | None = None,
    ) -> None:
        """`source` says in the audit event where the rows come from; `on_chunk` is told after each transaction."""
        self.by = by
        self.source = source
        self.written = Written()
        self._key = (keys or Keys()).at
        self._on_chunk = on_chunk

    def write(self, households: Iterable[NewHousehold]) -> Written:
        """Write the stream. Eleven statements for each thousand households; raises IntegrityError, and then the chunk is not there."""
        stream = iter(households)
        while chunk := list(islice(stream, CHUNK)):
            self._write_chunk(chunk)
            if self._on_chunk:
                self._on_chunk(self.written)
        return self.written

    @transaction.atomic
    def _write_chunk(self, households: list[NewHousehold]) -> None:
        chunk = _Chunk()
        serials = next_serials(sum(1 + len(household.people) for household in households))
        for household in households:
            self._add_household(chunk, household, serials)
        with connection.cursor() as cursor:
            # Rows come in the order of their keys: checking at once keeps no million checks waiting for the commit.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model, columns in _TABLES:
            if rows := chunk.rows[model]:
                copy(model, columns, rows)
        self._tell(chunk, households)

    def _tell(self, chunk: _Chunk, households: list[NewHousehold]) -> None:
        """Leave the trace of the chunk, and count it."""
        ids = [row[0] for row in chunk.rows[Household]]
        people = sum(household.head_count for household in households)
        detail = {"households": len(ids), "people": people, "last": str(ids[-1])}
        record("register_in_bulk", Household(pk=ids[0]), by=self.by, reason=self.source, detail=detail)
        self.written.households += len(ids)
        self.written.people += people
        self.written.rows += sum(len(rows) for rows in chunk.rows.values())

    def _add_household(self, chunk: _Chunk, household: NewHousehold, serials: Iterator[int]) -> None:
        key, at, known, by = self._key, household.occurred_at, household.recorded_at, household.by
        pk = key(known)
        rows = chunk.rows
        rows[Household].append(
            (
                pk,
                at,
                known,
                by,
                *_NOT_VOID,
                next(serials),
                household.organisation_id,
                household.registered_in_id,
            )
            + (household.origin_id, household.people_declared, household.method, household.phone)
            + (household.language, 1)
        )
        for sex, band, people, later, void in household.groups:
            told = later or known
            rows[HouseholdGroup].append(
                (key(told), later or at, told, by, *_void(void), pk, sex, band, people)
            )
        for purpose, is_given in household.consents:
            rows[Consent].append(
                (key(known), at, known, by, *_NOT_VOID, pk, purpose, is_given, household.consent_text)
            )
        for movement in household.movements:
            rows[Movement].append(self._movement(movement, by, None, pk))
        for person in household.people:
            self._add_person(chunk, person, household, pk, next(serials))

    def _add_person(
        self, chunk: _Chunk, person: NewPerson, household: NewHousehold, household_pk: UUID, serial: int
    ) -> None:
        key, by = self._key, household.by
        known = person.recorded_at or household.recorded_at
        at = known if person.recorded_at else household.occurred_at
        pk = key(known)
        rows = chunk.rows
        rows[Person].append(
            (
                pk,
                at,
                known,
                by,
                *_NOT_VOID,
                serial,
                household_pk,
                household.organisation_id,
                person.relationship,
            )
            + (person.given_name, person.patronymic, person.family_name, person.sex, person.birth_date)
            + (person.birth_precision, search_key(person.family_name), search_key(person.given_name), 1)
        )
        for need in person.needs:
            rows[PersonNeed].append((key(known), at, known, by, *_NOT_VOID, pk, need))
        for movement in person.movements:
            rows[Movement].append(self._movement(movement, by, pk, None))
        for stay in person.stays:
            rows[Stay].append(self._stay(stay, by, pk))

    def _movement(self, new: NewMovement, by: UUID, person: UUID | None, household: UUID | None) -> Row:
        kind, origin, destination, occurred_at, recorded_at, place, means, cause, void = new
        return (self._key(recorded_at), occurred_at, recorded_at, by, *_void(void), person, household) + (
            kind,
            origin,
            destination,
            place,
            means,
            cause,
        )

    def _stay(self, new: NewStay, by: UUID, person: UUID) -> Row:
        shelter, room, occurred_at, recorded_at, ended_at, ended_recorded_at, reason, void = new
        ended_by = by if ended_at else None
        return (self._key(recorded_at), occurred_at, recorded_at, by, *_void(void), person, shelter, room) + (
            ended_at,
            ended_recorded_at,
            ended_by,
            reason,
        )


def next_serials(count: int) -> Iterator[int]:
    """The next `count` serials of registration numbers. One query; a number once given is never given again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('displacement_registration_serial') FROM generate_series(1, %s)", [count]
        )
        return iter([serial for (serial,) in cursor.fetchall()])


def _void(void: Void | None) -> tuple[Any, Any, str]:
    return _NOT_VOID if void is None else (void.at, void.by, void.reason)
