"""Writing down people, and correcting what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.prepared import Columns, Prepared, insert
from core.refusals import Refusals
from displacement.actions.birth import OLDEST_AGE, birth_from_age, check_birth, latest_day
from displacement.actions.documents import NewDocument, draft_documents
from displacement.actions.regrouping import refuse_joined
from displacement.actions.serials import next_serials
from displacement.actions.versions import alter, opened, refuse_void, save_version
from displacement.models import Household, IdentityDocument, Person, PersonNeed, SpecificNeed
from displacement.models.codes import Sex
from displacement.models.person import BirthPrecision, Relationship

#: What may be corrected in place; a wrong person altogether is voided and registered anew.
CHANGEABLE = frozenset(
    {
        "given_name",
        "patronymic",
        "family_name",
        "sex",
        "birth_date",
        "birth_precision",
        "relationship",
        "reference",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person as told at the door. One name is enough; `age` in completed years where the birth date is not known.

    `reference` is the partner's own number of the person, `id` its key here where that was drawn before.
    """

    id: UUID | None = None
    given_name: str = ""
    patronymic: str = ""
    family_name: str = ""
    sex: str = Sex.NOT_COLLECTED
    birth_date: date | None = None
    birth_precision: str = ""
    age: int | None = None
    relationship: str = Relationship.UNKNOWN
    reference: str = ""
    needs: tuple[str, ...] = ()
    documents: tuple[NewDocument, ...] = ()


_HOUSEHOLD = Columns(Household)


def _locked(household: Any) -> Any:
    return (
        Household.objects.filter(pk=household).select_for_update(no_key=True).values_list(*_HOUSEHOLD.lookups)
    )


_LOCKED = Prepared(_locked, household=UUID)


@whole_or_refused()
def add(*, household: Household, person: NewPerson, by: Actor) -> Person:
    """Register one more person of a household, now. About six queries. Raises ValidationError at the person's fields."""
    (row,) = _LOCKED.rows(household=household.pk)
    locked: Household = _HOUSEHOLD.made(row)
    refuse_void(locked, field="household")
    refuse_joined(locked)
    now = timezone.now()
    refusals = Refusals()
    rows = draft(locked, [person], by=by, occurred_at=now, recorded_at=now, refusals=refusals, prefix="")
    refusals.raise_any()
    made = write(rows, next_serials(1))[0]
    told = {"needs": len(person.needs), "documents": len(person.documents)}
    record("register", made, by=by, detail={"household": str(locked.pk), **told})
    return made


@whole_or_refused()
def change(*, person: Person, version: int, by: Actor, **changes: Any) -> Person:
    """Correct a person's data. Four queries; none but the lock and its household where nothing differs.

    Raises ValidationError at the fields, and `version_conflict` where somebody saved since the editor opened it.
    """
    locked: Person = opened(Person.objects.prefetch_related("household"), person.pk, version=version)
    altered = alter(locked, changes, changeable=CHANGEABLE)
    if "birth_date" in altered and "birth_precision" not in changes:
        locked.birth_precision = BirthPrecision.DAY if locked.birth_date else ""
    refusals = Refusals()
    refusals.check_fields(locked, names=altered)
    _check_name(refusals, locked)
    check_birth(refusals, locked, timezone.now())
    refusals.raise_any()
    save_version(locked, altered, by=by)
    return locked


@dataclass(frozen=True, slots=True)
class Drafts:
    """Persons, their needs and documents, checked and not yet written."""

    people: list[Person]
    needs: list[PersonNeed]
    documents: list[IdentityDocument]


def draft(
    household: Household,
    people: Sequence[NewPerson],
    *,
    by: Actor,
    occurred_at: datetime,
    recorded_at: datetime,
    refusals: Refusals,
    prefix: str = "people.",
) -> Drafts:
    """Persons ready to be written into the household; what is wrong with each goes to `refusals` at `people.<n>.<field>`.

    At most one query, for the needs; `write` gives them their registration numbers.
    """
    codes = {code for person in people for code in person.needs}
    known = SpecificNeed.objects.in_bulk(codes) if codes else {}
    drafts = Drafts([], [], [])
    for place, told in enumerate(people):
        own = Refusals(prefix and f"{prefix}{place}.")
        person = _draft_one(household, told, by, occurred_at, recorded_at, own)
        for code in dict.fromkeys(told.needs):
            if code not in known:
                own.add(
                    "needs",
                    _("This need is not in the list. Choose one from the list of needs."),
                    "unknown_need",
                )
                continue
            drafts.needs.append(
                PersonNeed(
                    person=person,
                    need=known[code],
                    occurred_at=occurred_at,
                    recorded_at=recorded_at,
                    recorded_by=by.pk,
                )
            )
        made = {"occurred_at": occurred_at, "recorded_at": recorded_at, "recorded_by": by.pk}
        papers = draft_documents(person, told.documents, own, prefix="document_", **made)
        person.document_keys = sorted({paper.key for paper in papers if paper.key is not None}) or None
        person.renew_keys()
        drafts.documents.extend(papers)
        drafts.people.append(person)
        refusals.take(own)
    return drafts


def write(drafts: Drafts, serials: Sequence[int]) -> list[Person]:
    """Write drafted persons under a number each, then their needs and documents. Up to three queries."""
    for person, serial in zip(drafts.people, serials, strict=True):
        person.serial = serial
    if len(drafts.people) == 1:
        insert(drafts.people[0])
    else:
        Person.objects.bulk_create(drafts.people)
    if drafts.needs:
        PersonNeed.objects.bulk_create(drafts.needs)
    if drafts.documents:
        IdentityDocument.objects.bulk_create(drafts.documents)
    return drafts.people


def renew_keys(household: Household) -> None:
    """Make the keys of a household's people anew after its telephone number changed. At most two queries."""
    people = list(household.people.select_for_update(no_key=True).order_by("pk"))
    for person in people:
        person.household = household
        person.renew_keys()
    Person.objects.bulk_update(people, ["match_keys"])


def _draft_one(
    household: Household,
    told: NewPerson,
    by: Actor,
    occurred_at: datetime,
    recorded_at: datetime,
    refusals: Refusals,
) -> Person:
    birth_date, precision = _birth(told, occurred_at, refusals)
    person = Person(
        pk=told.id or uuid7(),
        serial=0,
        household=household,
        organisation_id=household.organisation_id,
        given_name=told.given_name.strip(),
        patronymic=told.patronymic.strip(),
        family_name=told.family_name.strip(),
        sex=told.sex,
        birth_date=birth_date,
        birth_precision=precision,
        relationship=told.relationship,
        reference=told.reference.strip(),
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        recorded_by=by.pk,
    )
    refusals.check_fields(person)
    _check_name(refusals, person)
    check_birth(refusals, person, occurred_at)
    return person


def _birth(told: NewPerson, at: datetime, refusals: Refusals) -> tuple[date | None, str]:
    """The birth date and what of it is known, from what was told."""
    if told.birth_date is not None:
        if told.age is not None:
            refusals.add("age", _("Give the birth date or the age, not both."), "birth_and_age")
        return told.birth_date, told.birth_precision or BirthPrecision.DAY
    if told.age is None:
        return None, told.birth_precision
    if not 0 <= told.age <= OLDEST_AGE:
        refusals.add(
            "age", _("An age lies between 0 and %(age)s years. Check it.") % {"age": OLDEST_AGE}, "age_range"
        )
        return None, ""
    return birth_from_age(told.age, latest_day(at)), BirthPrecision.ESTIMATED


def _check_name(refusals: Refusals, person: Person) -> None:
    if not (person.given_name.strip() or person.family_name.strip()):
        refusals.add("family_name", _("Write at least one name, given or family."), "name_needed")
