"""From a household to the rows of seven tables: here ids, registration numbers and keys are given."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from core.encryption import Place, encrypt
from core.names import search_key
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of
from displacement.identity.phones import phone_index
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from intake.keys import Keys
from intake.rows import NewHousehold, NewMovement, NewPerson, NewStay, Void
from shelters.models import Stay

Row = tuple[Any, ...]


def _columns(names: str) -> tuple[str, ...]:
    """Those of every fact, and the model's own."""
    fact = "id occurred_at recorded_at recorded_by voided_at voided_by void_reason"
    return tuple(f"{fact} {names}".split())


#: Columns in the order in which rows are made below, and tables in the order in which foreign keys point back.
COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Household: _columns(
        "serial organisation_id registered_in_id origin_id people_declared method phone phone_index language reference version"
    ),
    HouseholdGroup: _columns("household_id sex age_band people counted_in_id"),
    Consent: _columns("household_id purpose is_given text_version obtained"),
    Person: _columns(
        "serial household_id organisation_id relationship given_name patronymic family_name sex birth_date"
        " birth_precision family_key given_key match_keys document_keys reference version merged_into_id"
    ),
    PersonNeed: _columns("person_id need_id"),
    Movement: _columns("person_id household_id kind origin_id destination_id place means cause"),
    Stay: _columns("person_id shelter_id room_id ended_at ended_recorded_at ended_by override_reason"),
}
_FIRST_VERSION = 1
_NOT_VOID = (None, None, "")


class Flattener:
    """Collects the rows of one chunk of households, table by table."""

    def __init__(self, keys: Keys, serials: Iterator[int]) -> None:
        self.rows: dict[type[models.Model], list[Row]] = {model: [] for model in COLUMNS}
        self.households: list[UUID] = []
        self._key = keys.at
        self._serials = serials

    def add(self, household: NewHousehold) -> None:
        """The household with its groups, consents, movements and people."""
        key, at, known, by = self._key, household.occurred_at, household.recorded_at, household.by
        pk, rows = household.id or key(known), self.rows
        phone = phone_index(household.phone)
        self.households.append(pk)
        if household.is_known:
            self._add_people(household, pk, phone)
            return
        rows[Household].append(
            (
                *(pk, at, known, by, *_NOT_VOID, next(self._serials), household.organisation_id),
                *(household.registered_in_id, household.origin_id, household.people_declared),
                *(household.method, sealed_phone(household.phone, pk), phone),
                *(household.language, household.reference),
                _FIRST_VERSION,
            )
        )
        for sex, band, people, later, void in household.groups:
            told = later or known
            fact = (key(told), at, told, by, *_void(void))
            rows[HouseholdGroup].append((*fact, pk, sex, band, people, None))
        for purpose, is_given in household.consents:
            fact = (key(known), at, known, by, *_NOT_VOID)
            rows[Consent].append((*fact, pk, purpose, is_given, household.consent_text, ""))
        for movement in household.movements:
            rows[Movement].append(self._movement(movement, by, None, pk))
        self._add_people(household, pk, phone)

    def _add_people(self, household: NewHousehold, pk: UUID, phone: int | None) -> None:
        for person in household.people:
            self._add_person(person, household, pk, phone)

    def _add_person(
        self, person: NewPerson, household: NewHousehold, household_pk: UUID, phone: int | None
    ) -> None:
        key, by, rows = self._key, household.by, self.rows
        known = person.recorded_at or household.recorded_at
        at, pk = household.occurred_at, person.id or key(known)
        given, patronymic, family, sex = person[:4]
        born, precision = person.birth_date, person.birth_precision
        identity = Identity(given, patronymic, family, sex, born, precision, phone_index=phone)
        rows[Person].append(
            (
                *(pk, at, known, by, *_NOT_VOID, next(self._serials), household_pk),
                *(household.organisation_id, person.relationship),
                *(given, patronymic, family, sex, born, precision, search_key(family), search_key(given)),
                *(keys_of(identity), None, person.reference, _FIRST_VERSION, None),
            )
        )
        for need in person.needs:
            rows[PersonNeed].append((key(known), at, known, by, *_NOT_VOID, pk, need))
        for movement in person.movements:
            rows[Movement].append(self._movement(movement, by, pk, None))
        for stay in person.stays:
            rows[Stay].append(self._stay(stay, by, pk))

    def _movement(self, new: NewMovement, by: UUID, person: UUID | None, household: UUID | None) -> Row:
        kind, origin, destination, occurred_at, recorded_at, place, means, cause, void = new
        fact = (self._key(recorded_at), occurred_at, recorded_at, by, *_void(void))
        return (*fact, person, household, kind, origin, destination, place, means, cause)

    def _stay(self, new: NewStay, by: UUID, person: UUID) -> Row:
        shelter, room, occurred_at, recorded_at, ended_at, ended_recorded_at, reason, void = new
        fact = (self._key(recorded_at), occurred_at, recorded_at, by, *_void(void))
        ended_by = by if ended_at else None
        return (*fact, person, shelter, room, ended_at, ended_recorded_at, ended_by, reason)


def sealed_phone(phone: str, household: UUID) -> str:
    """A telephone as the household's row keeps it."""
    return encrypt(phone, Place(Household._meta.db_table, household, "phone")) if phone else ""


def _void(void: Void | None) -> Row:
    return _NOT_VOID if void is None else (void.at, void.by, void.reason)
