"""Rows of people become households, and are written through the one bulk way into the register."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef

from displacement.actions.consents import CONSENT_TEXT
from displacement.actions.households import name_people
from displacement.actions.people import NewPerson as NamedPerson
from displacement.models import Household, Person
from displacement.models.codes import AgeBand, Sex
from displacement.models.consent import Purpose
from displacement.models.person import Relationship
from intake.kinds.kind import Chunk, ChunkRow
from intake.kinds.people_fields import BANDS
from intake.models import StagedRow
from intake.register import Register
from intake.rows import NewGroup, NewHousehold, NewMovement, NewPerson

#: What the trace and the void of groups say.
SOURCE = "list"
_REASON = "The people were named by a list."


class Writer:
    """Writes the rows of one chunk. `slots` says where each field stands in a row's values."""

    def __init__(self, slots: Mapping[str, int], chunk: Chunk) -> None:
        self._s, self._chunk = slots, chunk
        self._batch = chunk.batch
        self._received_at = chunk.batch.received_at
        self._moments: dict[str, datetime] = {}
        self._dates: dict[str, date] = {}

    def write(self) -> dict[str, int]:
        """Households, groups, people and what hangs on them; answers how many of each. Some 20 statements."""
        families = [list(rows) for _parent, rows in groupby(self._chunk.rows, key=lambda row: row.parent_id)]
        known = self._known({rows[0].parent_id for rows in families})
        taken = self._taken_numbers(families)
        new, named = [], 0
        for rows in families:
            household, is_named = known.get(rows[0].parent_id, (None, True))
            if household is not None and not is_named:
                named += self._name(household, rows)
            else:
                new.append(self._household(rows, is_known=household is not None, taken=taken))
        written = Register(by=self._chunk.by, source=f"{SOURCE} {self._batch.pk}").write(new)
        outcome = {"households": sum(not home.is_known for home in new), "people": written.people + named}
        return outcome | {"rows": written.rows, "named": named}

    def _known(self, parents: set[UUID]) -> dict[UUID, tuple[Household, bool]]:
        """Households that stand in the register already, each with whether its people have names."""
        people = Person.objects.current().filter(household=OuterRef("pk"))
        rows = Household.objects.current().filter(pk__in=parents).annotate(is_named=Exists(people))
        return {household.pk: (household, household.is_named) for household in rows}

    def _taken_numbers(self, families: Iterable[list[ChunkRow]]) -> set[str]:
        """Household numbers that stand in the register already: who comes with one of them again goes without."""
        slot = self._s["household"]
        numbers = {rows[0].value[slot] for rows in families} - {""}
        rows = Household.objects.current().filter(
            organisation=self._batch.organisation_id, reference__in=numbers
        )
        return set(rows.values_list("reference", flat=True))

    def _first(self, rows: list[ChunkRow], name: str) -> str:
        """What the first row that tells it says."""
        slot = self._s[name]
        for row in rows:
            if row.value[slot]:
                return row.value[slot]
        return ""

    def _household(self, rows: list[ChunkRow], *, is_known: bool, taken: set[str]) -> NewHousehold:
        first, batch = self._first, self._batch
        at, origin = self._moment(first(rows, "registered_on")) or self._received_at, first(rows, "origin")
        number, declared = first(rows, "household"), first(rows, "people")
        slot = self._s["counted"]
        people = [row for row in rows if not row.value[slot]]
        counted = [row for row in rows if row.value[slot]]
        steps = self._steps(counted[0], origin, at) if counted else ()
        return NewHousehold(
            batch.organisation_id,
            int(first(rows, "registered_in") or batch.registered_in_id),
            int(origin) if origin else None,
            at,
            self._chunk.at,
            self._chunk.by.pk,
            people_declared=int(declared) if declared else None,
            phone=first(rows, "phone"),
            language=first(rows, "language"),
            people=[self._person(row, origin, at) for row in people],
            groups=[group for row in counted for group in self._groups(row)],
            movements=steps,
            consents=self._consents(rows),
            consent_text=CONSENT_TEXT,
            reference="" if number in taken else number,
            id=rows[0].parent_id,
            is_known=is_known,
        )

    def _person(self, row: ChunkRow, origin: str, at: datetime) -> NewPerson:
        value, s = row.value, self._s
        born = value[s["born"]]
        return NewPerson(
            value[s["given_name"]],
            value[s["patronymic"]],
            value[s["family_name"]],
            value[s["sex"]] or Sex.NOT_COLLECTED.value,
            self._date(born) if born else None,
            value[s["precision"]],
            value[s["relationship"]] or Relationship.UNKNOWN.value,
            needs=value[s["needs"]].split(),
            movements=self._steps(row, origin, at),
            reference=value[s["reference"]],
            id=row.record_id,
        )

    def _steps(self, row: ChunkRow, origin: str, at: datetime) -> list[NewMovement]:
        """Left home, and arrived where the row says so; a journey without a home region is not counted."""
        value, s = row.value, self._s
        home = value[s["origin"]] or origin
        left, arrived, where = value[s["left_on"]], value[s["arrived_on"]], value[s["destination"]]
        if not home or not (left or arrived or where):
            return []
        means, cause = value[s["means"]] or "unknown", value[s["cause"]] or "unknown"
        arrived_at = self._moment(arrived) or at
        left_at = self._moment(left) or arrived_at
        known, origin_id = self._chunk.at, int(home)
        steps = [NewMovement("left", origin_id, None, left_at, known, "unknown", means, cause)]
        if arrived or where:
            there = int(where or value[s["registered_in"]] or self._batch.registered_in_id)
            place = value[s["place"]] or "unknown"
            at_last = max(arrived_at, left_at)
            steps.append(NewMovement("arrived", origin_id, there, at_last, known, place, means, cause))
        return steps

    def _groups(self, row: ChunkRow) -> list[NewGroup]:
        """So many of each sex and age band; where only a number is told, of one group."""
        value, s = row.value, self._s
        told = [(sex, band, value[s[field.name]]) for sex, band, field in BANDS]
        groups = [NewGroup(sex, band, int(count)) for sex, band, count in told if count and int(count)]
        if groups:
            return groups
        sex = value[s["sex"]] or Sex.NOT_COLLECTED.value
        band = value[s["age_band"]] or AgeBand.UNKNOWN.value
        return [NewGroup(sex, band, int(value[s["counted"]]))]

    def _consents(self, rows: list[ChunkRow]) -> list[tuple[str, bool]]:
        """Purposes that were asked about; a blank is no answer."""
        told = ((purpose.value, self._first(rows, f"consent_{purpose.value}")) for purpose in Purpose)
        return [(purpose, answer == "yes") for purpose, answer in told if answer]

    def _name(self, household: Household, rows: list[ChunkRow]) -> int:
        """Write down the names of people who were counted, with the rule that counts nobody twice."""
        made = name_people(
            household=household,
            people=[self._named(row) for row in rows],
            by=self._chunk.by,
            reason=_REASON,
        )
        for row, person in zip(rows, made, strict=True):
            StagedRow.objects.filter(batch=self._batch, number=row.number).update(record_id=person.pk)
        return len(made)

    def _named(self, row: ChunkRow) -> NamedPerson:
        value, s = row.value, self._s
        born = value[s["born"]]
        return NamedPerson(
            given_name=value[s["given_name"]],
            patronymic=value[s["patronymic"]],
            family_name=value[s["family_name"]],
            sex=value[s["sex"]] or Sex.NOT_COLLECTED,
            birth_date=self._date(born) if born else None,
            birth_precision=value[s["precision"]],
            relationship=value[s["relationship"]] or Relationship.UNKNOWN,
            needs=tuple(value[s["needs"]].split()),
            reference=value[s["reference"]],
        )

    def _moment(self, text: str) -> datetime | None:
        if not text:
            return None
        found = self._moments.get(text)
        if found is None:
            found = self._moments[text] = datetime.fromisoformat(text)
        return found

    def _date(self, text: str) -> date:
        found = self._dates.get(text)
        if found is None:
            found = self._dates[text] = date.fromisoformat(text)
        return found
