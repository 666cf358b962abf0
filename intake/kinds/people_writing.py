"""Staged people become rows of the register where they lie: one statement a table, no row travels to the worker and back.

It is what `intake.register` does for rows that come from elsewhere: the same tables and columns, the same constraints, the same
trace. `s` is a row that is written, `f` the first row of its household, which holds what the household tells; what each of
its people needs of that was copied to every row when it was staged.
"""

from audit.actions.record import record
from displacement.models import (
    Consent,
    Household,
    HouseholdGroup,
    Movement,
    Person,
    PersonNeed,
)
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from displacement.models.household import RegistrationMethod
from displacement.models.person import Relationship
from intake.flatten import sealed_phone
from intake.kinds.people_fields import BANDS
from intake.kinds.people_statements import ID, STAGED, WORK_MEMORY, Statements
from intake.slots import mark_sql, opened


class Writer(Statements):
    """Writes the rows of one chunk. `slots` says where each field stands in a row's values."""

    def write(self) -> dict[str, int]:
        """Households, groups, people and what hangs on them; answers how many of each. Nine statements."""
        self.run("SET CONSTRAINTS ALL IMMEDIATE")
        self.run(f"SET LOCAL work_mem = '{WORK_MEMORY}'")
        self._seal_phones()
        households = self._households()
        people, movements = self._people(), self._movements()
        counted = self._groups()
        consents = self._consents()
        needs = self._needs() if "needs" in self._chunk.batch.columns.values() else 0
        written = {"households": households, "people": people + counted, "movements": movements}
        self._tell(households, people + counted)
        return written | {"counted": counted, "consents": consents, "needs": needs}

    def _households(self) -> int:
        number = self.text("household", "f")
        taken = (
            "EXISTS (SELECT 1 FROM displacement_household t WHERE t.organisation_id = %(organisation)s"
            f" AND t.reference = {number} AND t.reference <> '' AND t.voided_at IS NULL)"
        )
        return self.insert(
            Household,
            {
                "id": "g.parent_id",
                "occurred_at": self.registered_at("f"),
                "registered_in_id": self.here("f"),
                "origin_id": self.number("origin", "f"),
                "people_declared": self.number("people", "f"),
                "method": f"'{RegistrationMethod.LIST.value}'",
                "phone": "coalesce(own.phone, '')",
                "phone_index": f"nullif({mark_sql(self.text('phone', 'f'))}, '')::bigint",
                "language": self.text("language", "f"),
                "reference": f"CASE WHEN {number} = '' OR {taken} THEN '' ELSE {number} END",
            },
            f"{self._groups_of_rows()}"
            " LEFT JOIN unnest(%(homes)s::uuid[], %(phones)s::text[]) own (id, phone) ON own.id = g.parent_id"
            " WHERE NOT EXISTS (SELECT 1 FROM displacement_household h WHERE h.id = g.parent_id) ORDER BY g.lead",
        )

    def _seal_phones(self) -> None:
        """Seal the telephones of the chunk for the households that will have them: until now they were sealed for the list."""
        phone, batch = self.text("phone", "f"), self._chunk.batch.pk
        told = self.rows_of(f"SELECT g.parent_id, {phone} FROM {self._groups_of_rows()} WHERE {phone} <> ''")
        self._params["homes"] = [home for home, _slot in told]
        self._params["phones"] = [sealed_phone(opened(slot, batch), home) for home, slot in told]

    def _groups_of_rows(self) -> str:
        """Each household of the chunk as `g`, with the row that leads it as `f`.

        A leading row leads itself. Saying so, and between which rows the chunk lies, lets it be found by the index: without,
        every chunk may read all rows of the list.
        """
        return (
            f"(SELECT DISTINCT s.lead, s.parent_id FROM {STAGED} s WHERE {self.written()}) g"
            f" JOIN {STAGED} f ON f.batch_id = %(batch)s AND f.lead = g.lead AND f.number = g.lead"
            " AND f.lead > %(after)s AND f.lead <= %(last)s"
        )

    def _people(self) -> int:
        return self.insert(
            Person,
            {
                "id": "s.record_id",
                "occurred_at": self.registered_at(),
                "household_id": "s.parent_id",
                "relationship": self.code("relationship", Relationship.UNKNOWN),
                "given_name": self.text("given_name"),
                "patronymic": self.text("patronymic"),
                "family_name": self.text("family_name"),
                "sex": self.code("sex", Sex.NOT_COLLECTED),
                "birth_date": f"nullif({self.text('born')}, '')::date",
                "birth_precision": self.text("precision"),
                "family_key": "s.keys[1]",
                "given_key": "s.keys[2]",
                "match_keys": "s.keys[3]::bigint[]",
                "document_keys": "NULL",
                "reference": self.text("reference"),
                "merged_into_id": "NULL",
            },
            f"{self.rows()} AND {self.text('counted')} = '' ORDER BY s.lead, s.number",
        )

    def _movements(self) -> int:
        """Left home, and arrived where the row says so; a journey without a home region is not counted."""
        s = self.text
        is_first_count = (
            f"NOT EXISTS (SELECT 1 FROM {STAGED} o WHERE o.batch_id = %(batch)s AND o.lead = s.lead"
            f" AND o.number < s.number AND {s('counted', 'o')} <> '' AND o.severity <= %(worst)s"
            " AND NOT o.is_left_out AND o.known_as IS NULL)"
        )
        # Each time is read once, in an inner question that is not merged into the outer one.
        journeys = (
            f"SELECT CASE WHEN {s('counted')} = '' THEN s.record_id END AS person,"
            f" CASE WHEN {s('counted')} <> '' THEN s.parent_id END AS household, {self.number('origin')} AS origin,"
            f" nullif({s('left_on')}, '')::timestamptz AS left_at,"
            f" coalesce(nullif({s('arrived_on')}, '')::timestamptz, {self.registered_at()}) AS arrived_at,"
            f" coalesce({self.number('destination')}, {self.here('s')}) AS destination,"
            f" {s('arrived_on')} <> '' OR {s('destination')} <> '' AS has_arrived,"
            f" {self.code('place', 'unknown')} AS place, {self.code('means', 'unknown')} AS means,"
            f" {self.code('cause', 'unknown')} AS cause FROM {STAGED} s WHERE {self.written()}"
            f" AND {s('origin')} <> ''"
            f" AND ({s('left_on')} <> '' OR {s('arrived_on')} <> '' OR {s('destination')} <> '')"
            f" AND ({s('counted')} = '' OR {is_first_count}) ORDER BY s.lead, s.number OFFSET 0"
        )
        steps = (
            "('left', NULL::int, coalesce(m.left_at, m.arrived_at), 'unknown', true),"
            " ('arrived', m.destination, greatest(m.arrived_at, m.left_at), m.place, m.has_arrived)"
        )
        return self.insert(
            Movement,
            {
                "id": ID,
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
        told = ", ".join(f"('{sex}', '{band}', {self.number(field.name)})" for sex, band, field in BANDS)
        bands = " + ".join(f"coalesce({self.number(field.name)}, 0)" for _sex, _band, field in BANDS)
        whole = (
            f"({self.code('sex', Sex.NOT_COLLECTED)}, {self.code('age_band', AgeBand.UNKNOWN)},"
            f" CASE WHEN {bands} = 0 THEN {self.number('counted')} END)"
        )
        rows = (
            f"{STAGED} s CROSS JOIN LATERAL (VALUES {told}, {whole}) AS band(sex, band, people)"
            f" WHERE {self.written()} AND {self.text('counted')} <> '' AND band.people > 0"
        )
        self.insert(
            HouseholdGroup,
            {
                "id": ID,
                "occurred_at": self.registered_at(),
                "household_id": "s.parent_id",
                "sex": "band.sex",
                "age_band": "band.band",
                "people": "band.people",
                "counted_in_id": "NULL",
            },
            rows,
        )
        counted = f"SELECT coalesce(sum({self.number('counted')}), 0) FROM {STAGED} s WHERE {self.written()}"
        return int(self.rows_of(counted)[0][0])

    def _consents(self) -> int:
        """What new households answered, purpose by purpose; a blank is no answer."""
        told = ", ".join(
            f"('{purpose.value}', {self.text(f'consent_{purpose.value}', 'f')})" for purpose in Purpose
        )
        return self.insert(
            Consent,
            {
                "id": ID,
                "occurred_at": self.registered_at("f"),
                "household_id": "h.id",
                "purpose": "said.purpose",
                "is_given": "said.answer = 'yes'",
                "text_version": "%(text)s",
            },
            f"{self._groups_of_rows()}"
            # Looked up one by one: a planner that reads the whole register for it makes later chunks dearer than earlier ones.
            " JOIN LATERAL (SELECT n.id FROM displacement_household n WHERE n.id = g.parent_id"
            " AND n.recorded_at = %(at)s OFFSET 0) h ON true"
            f" CROSS JOIN LATERAL (VALUES {told}) AS said(purpose, answer) WHERE said.answer <> '' ORDER BY g.lead",
        )

    def _needs(self) -> int:
        return self.insert(
            PersonNeed,
            {
                "id": ID,
                "occurred_at": self.registered_at(),
                "person_id": "s.record_id",
                "need_id": "told.code",
            },
            f"{STAGED} s CROSS JOIN LATERAL unnest(string_to_array({self.text('needs')}, ' ')) AS told(code)"
            f" WHERE {self.written()} AND {self.text('counted')} = '' AND {self.text('needs')} <> ''",
        )

    def _tell(self, households: int, people: int) -> None:
        """Leave the trace of the chunk. It holds the first and the last group's id, and no names."""
        if not households and not people:
            return
        found = self.rows_of(f"SELECT s.parent_id FROM {STAGED} s WHERE {self.written()} ORDER BY s.lead")
        detail = {"households": households, "people": people, "last": str(found[-1][0])}
        source = f"list {self._chunk.batch.pk}"
        record("register_in_bulk", Household(pk=found[0][0]), by=self._chunk.by, reason=source, detail=detail)
