"""Staged people become rows of the register where they lie: one statement a table, no row travels to the worker and back.

It is what `intake.register` does for rows that come from elsewhere: the same tables and columns, the same constraints, the same
trace. `s` is a row that is written, `f` the first row of its household, which holds what the household tells; what each of
its people needs of that was copied to every row when it was staged.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from audit.actions.record import record
from displacement.actions.consents import CONSENT_TEXT
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from displacement.models.household import RegistrationMethod
from displacement.models.person import Relationship
from intake.flatten import COLUMNS
from intake.kinds.kind import Chunk
from intake.kinds.people_fields import BANDS

_FIRST_VERSION = 1
_STAGED = "intake_stagedrow"
_ID, _SERIAL = "uuidv7()", "nextval('displacement_registration_serial')"
#: What gives another value each time, or has no type of its own.
_OUTSIDE = (_ID, _SERIAL, "NULL", "''")
#: Memory for one sort or join of a chunk.
_WORK_MEMORY = "64MB"


class Writer:
    """Writes the rows of one chunk. `slots` says where each field stands in a row's values."""

    def __init__(self, slots: Mapping[str, int], chunk: Chunk) -> None:
        self._slots, self._chunk = slots, chunk
        batch, span = chunk.batch, chunk.span
        self._params: dict[str, Any] = {
            "batch": batch.pk,
            "organisation": batch.organisation_id,
            "after": span.after,
            "last": span.last,
            "worst": chunk.worst,
            "here": batch.registered_in_id,
            "received": batch.received_at,
            "at": chunk.at,
            "by": chunk.by.pk,
            "text": CONSENT_TEXT,
        }

    def write(self) -> dict[str, int]:
        """Households, groups, people and what hangs on them; answers how many of each. Eight statements."""
        self._run("SET CONSTRAINTS ALL IMMEDIATE")
        self._run(f"SET LOCAL work_mem = '{_WORK_MEMORY}'")
        households = self._households()
        people, movements = self._people(), self._movements()
        counted = self._groups()
        consents = self._consents()
        needs = self._needs() if "needs" in self._chunk.batch.columns.values() else 0
        written = {"households": households, "people": people + counted, "movements": movements}
        self._tell(households, people + counted)
        return written | {"counted": counted, "consents": consents, "needs": needs}

    def _households(self) -> int:
        number = self._text("household", "f")
        taken = (
            "EXISTS (SELECT 1 FROM displacement_household t WHERE t.organisation_id = %(organisation)s"
            f" AND t.reference = {number} AND t.reference <> '' AND t.voided_at IS NULL)"
        )
        return self._insert(
            Household,
            {
                "id": "g.parent_id",
                "occurred_at": self._registered_at("f"),
                "registered_in_id": self._here("f"),
                "origin_id": self._int("origin", "f"),
                "people_declared": self._int("people", "f"),
                "method": f"'{RegistrationMethod.LIST.value}'",
                "phone": self._text("phone", "f"),
                "language": self._text("language", "f"),
                "reference": f"CASE WHEN {number} = '' OR {taken} THEN '' ELSE {number} END",
            },
            f"(SELECT DISTINCT s.lead, s.parent_id FROM {_STAGED} s WHERE {self._written()}) g"
            f" JOIN {_STAGED} f ON f.batch_id = %(batch)s AND f.number = g.lead"
            " WHERE NOT EXISTS (SELECT 1 FROM displacement_household h WHERE h.id = g.parent_id) ORDER BY g.lead",
        )

    def _people(self) -> int:
        return self._insert(
            Person,
            {
                "id": "s.record_id",
                "occurred_at": self._registered_at(),
                "household_id": "s.parent_id",
                "relationship": self._code("relationship", Relationship.UNKNOWN),
                "given_name": self._text("given_name"),
                "patronymic": self._text("patronymic"),
                "family_name": self._text("family_name"),
                "sex": self._code("sex", Sex.NOT_COLLECTED),
                "birth_date": f"nullif({self._text('born')}, '')::date",
                "birth_precision": self._text("precision"),
                "family_key": "s.keys[1]",
                "given_key": "s.keys[2]",
                "match_keys": "s.keys[3]::bigint[]",
                "reference": self._text("reference"),
            },
            f"{self._rows()} AND {self._text('counted')} = '' ORDER BY s.lead, s.number",
        )

    def _movements(self) -> int:
        """Left home, and arrived where the row says so; a journey without a home region is not counted."""
        s = self._text
        is_first_count = (
            f"NOT EXISTS (SELECT 1 FROM {_STAGED} o WHERE o.batch_id = %(batch)s AND o.lead = s.lead"
            f" AND o.number < s.number AND {s('counted', 'o')} <> '' AND o.severity <= %(worst)s"
            " AND NOT o.is_left_out AND o.known_as IS NULL)"
        )
        # Each time is read once, in an inner question that is not merged into the outer one.
        journeys = (
            f"SELECT CASE WHEN {s('counted')} = '' THEN s.record_id END AS person,"
            f" CASE WHEN {s('counted')} <> '' THEN s.parent_id END AS household, {self._int('origin')} AS origin,"
            f" nullif({s('left_on')}, '')::timestamptz AS left_at,"
            f" coalesce(nullif({s('arrived_on')}, '')::timestamptz, {self._registered_at()}) AS arrived_at,"
            f" coalesce({self._int('destination')}, {self._here('s')}) AS destination,"
            f" {s('arrived_on')} <> '' OR {s('destination')} <> '' AS has_arrived,"
            f" {self._code('place', 'unknown')} AS place, {self._code('means', 'unknown')} AS means,"
            f" {self._code('cause', 'unknown')} AS cause FROM {_STAGED} s WHERE {self._written()}"
            f" AND {s('origin')} <> ''"
            f" AND ({s('left_on')} <> '' OR {s('arrived_on')} <> '' OR {s('destination')} <> '')"
            f" AND ({s('counted')} = '' OR {is_first_count}) ORDER BY s.lead, s.number OFFSET 0"
        )
        steps = (
            "('left', NULL::int, coalesce(m.left_at, m.arrived_at), 'unknown', true),"
            " ('arrived', m.destination, greatest(m.arrived_at, m.left_at), m.place, m.has_arrived)"
        )
        return self._insert(
            Movement,
            {
                "id": _ID,
                "occurred_at": "step.at",
                "person_id": "m.person",
                "household_id": "m.household",
                "kind": "step.kind",
                "origin_id": "m.origin",
                "destination_id": "step.destination",
                "place": "step.place",
                "means": "m.means",
                "cause": "m.cause",
            },
            f"({journeys}) m CROSS JOIN LATERAL (VALUES {steps}) AS step(kind, destination, at, place, is_told)"
            " WHERE step.is_told",
        )

    def _groups(self) -> int:
        """So many of each sex and age band; where only a number is told, of one group. Answers the people in them."""
        told = ", ".join(f"('{sex}', '{band}', {self._int(field.name)})" for sex, band, field in BANDS)
        bands = " + ".join(f"coalesce({self._int(field.name)}, 0)" for _sex, _band, field in BANDS)
        whole = (
            f"({self._code('sex', Sex.NOT_COLLECTED)}, {self._code('age_band', AgeBand.UNKNOWN)},"
            f" CASE WHEN {bands} = 0 THEN {self._int('counted')} END)"
        )
        rows = (
            f"{_STAGED} s CROSS JOIN LATERAL (VALUES {told}, {whole}) AS band(sex, band, people)"
            f" WHERE {self._written()} AND {self._text('counted')} <> '' AND band.people > 0"
        )
        self._insert(
            HouseholdGroup,
            {
                "id": _ID,
                "occurred_at": self._registered_at(),
                "household_id": "s.parent_id",
                "sex": "band.sex",
                "age_band": "band.band",
                "people": "band.people",
            },
            rows,
        )
        counted = f"SELECT coalesce(sum({self._int('counted')}), 0) FROM {_STAGED} s WHERE {self._written()}"
        return int(self._rows_of(counted)[0][0])

    def _consents(self) -> int:
        """What new households answered, purpose by purpose; a blank is no answer."""
        told = ", ".join(
            f"('{purpose.value}', {self._text(f'consent_{purpose.value}', 'f')})" for purpose in Purpose
        )
        return self._insert(
            Consent,
            {
                "id": _ID,
                "occurred_at": self._registered_at("f"),
                "household_id": "h.id",
                "purpose": "said.purpose",
                "is_given": "said.answer = 'yes'",
                "text_version": "%(text)s",
            },
            f"(SELECT DISTINCT s.lead, s.parent_id FROM {_STAGED} s WHERE {self._written()}) g"
            f" JOIN {_STAGED} f ON f.batch_id = %(batch)s AND f.number = g.lead"
            " JOIN displacement_household h ON h.id = g.parent_id AND h.recorded_at = %(at)s"
            f" CROSS JOIN LATERAL (VALUES {told}) AS said(purpose, answer) WHERE said.answer <> '' ORDER BY g.lead",
        )

    def _needs(self) -> int:
        return self._insert(
            PersonNeed,
            {
                "id": _ID,
                "occurred_at": self._registered_at(),
                "person_id": "s.record_id",
                "need_id": "told.code",
            },
            f"{_STAGED} s CROSS JOIN LATERAL unnest(string_to_array({self._text('needs')}, ' ')) AS told(code)"
            f" WHERE {self._written()} AND {self._text('counted')} = '' AND {self._text('needs')} <> ''",
        )

    def _tell(self, households: int, people: int) -> None:
        """Leave the trace of the chunk. It holds the first and the last group's id, and no names."""
        if not households and not people:
            return
        found = self._rows_of(f"SELECT s.parent_id FROM {_STAGED} s WHERE {self._written()} ORDER BY s.lead")
        detail = {"households": households, "people": people, "last": str(found[-1][0])}
        source = f"list {self._chunk.batch.pk}"
        record("register_in_bulk", Household(pk=found[0][0]), by=self._chunk.by, reason=source, detail=detail)

    def _insert(self, model: type[models.Model], values: Mapping[str, str], source: str) -> int:
        """One INSERT with every column of the table; what every fact has is filled in here."""
        fact = {
            "recorded_at": "%(at)s",
            "recorded_by": "%(by)s",
            "voided_at": "NULL",
            "voided_by": "NULL",
            "void_reason": "''",
            "serial": _SERIAL,
            "organisation_id": "%(organisation)s",
            "version": str(_FIRST_VERSION),
        }
        known = {**fact, **values}
        columns = COLUMNS[model]
        outside = [column for column in columns if known[column] in _OUTSIDE]
        told = ", ".join(f"{known[column]} AS {column}" for column in columns if column not in outside)
        chosen = ", ".join(known[column] if column in outside else f"q.{column}" for column in columns)
        # Ids are drawn outside: inside, whole staged rows and not a few columns would be sorted.
        return self._run(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
            f" SELECT {chosen} FROM (SELECT {told} FROM {source}) q"
        )

    def _run(self, statement: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            return int(cursor.rowcount)

    def _rows_of(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _rows(self) -> str:
        return f"{_STAGED} s WHERE {self._written()}"

    def _written(self) -> str:
        """Which rows of the chunk are written."""
        return (
            "s.batch_id = %(batch)s AND s.lead > %(after)s AND s.lead <= %(last)s AND s.severity <= %(worst)s"
            " AND NOT s.is_left_out AND s.known_as IS NULL"
        )

    def _text(self, name: str, row: str = "s") -> str:
        return f"{row}.value[{self._slots[name] + 1}]"

    def _int(self, name: str, row: str = "s") -> str:
        return f"nullif({self._text(name, row)}, '')::int"

    def _code(self, name: str, unknown: str) -> str:
        return f"coalesce(nullif({self._text(name)}, ''), '{unknown}')"

    def _here(self, row: str) -> str:
        return f"coalesce({self._int('registered_in', row)}, %(here)s)"

    def _registered_at(self, row: str = "s") -> str:
        return f"coalesce(nullif({self._text('registered_on', row)}, '')::timestamptz, %(received)s)"
