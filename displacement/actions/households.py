"""Registering households, named or only counted, and naming those that were counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import Organisation
from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.prepared import insert
from core.refusals import Refusals
from displacement.actions import people as persons
from displacement.actions.consents import draft_consents
from displacement.actions.groups import NewGroup, draft_groups
from displacement.actions.naming import name_people
from displacement.actions.people import NewPerson
from displacement.actions.serials import next_serials
from displacement.actions.versions import alter, opened, save_version
from displacement.identity.phones import phone_index
from displacement.models import Consent, Household, HouseholdGroup
from displacement.models.household import RegistrationMethod
from regions.models import Region

__all__ = ["NewGroup", "NewPerson", "change", "name_people", "register"]

#: What may be corrected in place. Where and by whom it was registered decides who sees it, and stays.
CHANGEABLE = frozenset({"origin", "people_declared", "phone", "language", "reference"})


@whole_or_refused()
def register(
    *,
    organisation: Organisation,
    registered_in: Region,
    by: Actor,
    id: UUID | None = None,
    now: datetime | None = None,
    people: Sequence[NewPerson] = (),
    groups: Sequence[NewGroup] = (),
    origin: Region | None = None,
    occurred_at: datetime | None = None,
    people_declared: int | None = None,
    method: str = RegistrationMethod.DOOR,
    phone: str = "",
    language: str = "",
    reference: str = "",
    consents: Mapping[str, bool] | None = None,
) -> Household:
    """Take a household into the register: named persons, counted groups, or both. About seven queries at any size.

    Whoever may repeat themselves gives the `id` and asks `repeats.registered_before` first; `now` is when we learned it, where
    that was a moment ago. One like another is kept. Raises ValidationError at the field (`people.0.birth_date`).
    """
    now, refusals = now or timezone.now(), Refusals()
    refusals.check_moment("occurred_at", at := occurred_at or now, now=now)
    refusals.raise_any()
    household = Household(
        pk=id or uuid7(),
        serial=0,
        organisation=organisation,
        registered_in=registered_in,
        origin=origin,
        people_declared=people_declared,
        method=method,
        phone=phone.strip(),
        language=language.strip(),
        reference=reference.strip(),
        **_made(by, at, now),
    )
    refusals.check_fields(household)
    if not people and not groups:
        refusals.add("people", _("Write down at least one person, or how many people there are."), "nobody")
    drafts = persons.draft(household, people, by=by, occurred_at=at, recorded_at=now, refusals=refusals)
    counted = draft_groups(household, groups, refusals, **_made(by, at, now))
    answers = draft_consents(household, consents or {}, refusals, **_made(by, at, now))
    refusals.raise_any()
    _write(household, drafts, counted, answers)
    detail = {"people": len(people), "counted": sum(group.people for group in counted), "method": method}
    record("register", household, by=by, detail=detail)
    return household


def _write(
    household: Household, drafts: persons.Drafts, groups: list[HouseholdGroup], answers: list[Consent]
) -> None:
    household.serial, *serials = next_serials(1 + len(drafts.people))
    household.phone_index = phone_index(household.phone)
    insert(household)
    persons.write(drafts, serials)
    HouseholdGroup.objects.bulk_create(groups)
    Consent.objects.bulk_create(answers)


@whole_or_refused()
def change(*, household: Household, version: int, by: Actor, **changes: Any) -> Household:
    """Correct a household's data. Three queries. Raises ValidationError, and `version_conflict` for a stale edit."""
    locked: Household = opened(Household.objects.all(), household.pk, version=version)
    altered = alter(locked, changes, changeable=CHANGEABLE)
    refusals = Refusals()
    refusals.check_fields(locked, names=altered)
    refusals.raise_any()
    save_version(locked, altered, by=by)
    if "phone" in altered:
        persons.renew_keys(locked)
    return locked


def _made(by: Actor, at: datetime, now: datetime) -> dict[str, Any]:
    return {"occurred_at": at, "recorded_at": now, "recorded_by": by.pk}
