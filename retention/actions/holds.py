"""A legal hold's way: set by one, lifted by two; and whom the holds in force keep from an erasure."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.two_persons import check_two_persons
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.refusals import Refusals, refusal
from displacement.actions.erasing import Circle, circle_of
from displacement.models import Casualty, Household, HouseholdChange, HouseholdJoin, Incident, Person
from regions.models import Region
from retention.actions.reaching import holds
from retention.holds_ledger import write_down_now
from retention.models import Authority, Hold
from retention.models.hold import HOLD

#: A household that was split and joined more often than this in a row is followed no further.
_LONGEST_WAY = 20


@as_service(Why.HOLDS)
@whole_or_refused()
def set_hold(
    *,
    subject: Person | Household | Incident,
    authority: str,
    case: str,
    by: User,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Hold:
    """Keep the records of a person, a household or an incident from erasures and removals, from now on. Audited by ids.

    Raises PermissionDenied out of reach, ValidationError at the fields (`required`, `unknown_authority`, `in_future`, `ended`).
    """
    now, region = database_now(), _region_of(subject)
    if not holds(by, "add", subject.organisation, region, HOLD):
        raise PermissionDenied(_("Your role does not let you set a legal hold."))
    refusals = Refusals()
    if authority not in Authority.values:
        refusals.add("authority", _("Say who wants the records kept."), "unknown_authority")
    if not case.strip():
        refusals.add("case", _("Give the number of the case, so that others can ask there."), "required")
    refusals.check_moment("starts_at", starts_at or now, now=now)
    if ends_at is not None and ends_at <= now:
        refusals.add("ends_at", _("This end has passed. Leave it blank for a hold without an end."), "ended")
    refusals.raise_any()
    circle = _covered(subject)
    if subject.pk not in {*circle.people, *circle.households} and not isinstance(subject, Incident):
        raise refusal(_("This record was erased meanwhile: nothing is left to be kept."), code="gone")
    hold = Hold(
        organisation_id=subject.organisation_id,
        region=region,
        people=sorted(circle.people),
        households=[subject.pk] if isinstance(subject, Household) else [],
        authority=authority,
        case=case.strip()[:100],
        starts_at=starts_at or now,
        ends_at=ends_at,
        set_at=now,
        set_by=by.pk,
    )
    setattr(hold, subject._meta.model_name or "", subject)
    hold.save(force_insert=True)
    record("set_hold", hold, by=by, detail={"authority": authority, "people": len(hold.people)})
    transaction.on_commit(write_down_now)
    return hold


@whole_or_refused()
def ask_to_lift(*, hold: Hold, reason: str, by: User) -> Hold:
    """Ask that a hold end before its time. Another person lifts it. Audited. Raises PermissionDenied, ValidationError."""
    locked = _locked(hold)
    if not holds(by, "change", locked.organisation, locked.region, HOLD):
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why the hold can end: who lifts it reads this."))
    _check_in_force(locked, refusals)
    refusals.raise_any()
    locked.lift_asked_at, locked.lift_asked_by, locked.lift_reason = database_now(), by.pk, why
    locked.save(update_fields=["lift_asked_at", "lift_asked_by", "lift_reason"])
    record("ask_to_lift", locked, by=by, reason=why)
    return locked


@whole_or_refused()
def lift(*, hold: Hold, by: User) -> Hold:
    """End a hold, as somebody else asked. Erasures that wait can be carried out from then on. Audited.

    Raises PermissionDenied for who asked and out of reach, ValidationError (`not_asked`, `ended`).
    """
    locked = _locked(hold)
    if locked.lift_asked_by == by.pk or not holds(by, "approve", locked.organisation, locked.region, HOLD):
        raise PermissionDenied(_("Another person with the right lifts a hold, never who asked for it."))
    refusals = Refusals()
    _check_in_force(locked, refusals)
    refusals.raise_any()
    if locked.lift_asked_by is None:
        raise refusal(
            _("Nobody has asked that this hold end. Ask, and let a colleague lift it."), code="not_asked"
        )
    check_two_persons(locked.lift_asked_by, by.pk)
    locked.lifted_at, locked.lifted_by = database_now(), by.pk
    locked.save(update_fields=["lifted_at", "lifted_by"])
    record("lift_hold", locked, by=by)
    transaction.on_commit(write_down_now)
    return locked


def check_free(circle: Circle) -> None:
    """Refuse to erase whoever a hold in force keeps. Some queries. Raises ValidationError `held`."""
    if in_force_on(circle).exists():
        words = _(
            "A legal hold keeps these records. The request waits; erase once the hold has ended or was lifted."
        )
        raise refusal(words, code="held")


def in_force_on(circle: Circle) -> QuerySet[Hold]:
    """The holds in force that cover somebody of the circle. Some queries.

    Whoever was in a held household, or came into it since, stays held wherever they went; a household into which counted
    people of a held one went is held as a household. Others who live in it are not.
    """
    incidents = Casualty.objects.filter(person__in=circle.people).values("incident")
    left = HouseholdChange.objects.filter(person__in=circle.people)
    homes = {person.household_id for person in circle.people.values()}
    houses = {*homes, *left.values_list("from_household", flat=True), *_came_from(circle.households)}
    covers = Q(people__overlap=list(circle.people)) | Q(incident__in=incidents) | Q(household__in=houses)
    return Hold.objects.in_force(database_now()).filter(covers)


def held_ids() -> set[UUID]:
    """Ids of all people, households, incidents and casualties that a hold in force covers. Some queries."""
    found: set[UUID] = set()
    for hold in Hold.objects.in_force(database_now()):
        found |= {*hold.people, *hold.households, *filter(None, (hold.person_id, hold.household_id))}
        if hold.incident_id is not None:
            casualties = Casualty.objects.filter(incident=hold.incident_id).values_list("pk", flat=True)
            found |= {hold.incident_id, *casualties}
    return found


def _came_from(households: Collection[UUID]) -> set[UUID]:
    """These households, those from which they have counted people, and those that were joined into them."""
    found, new = set(households), set(households)
    for _step in range(_LONGEST_WAY):
        joined = HouseholdJoin.objects.filter(into__in=new).values_list("household", flat=True)
        split: Any = HouseholdChange.objects.filter(to_household__in=new, person=None)
        split = split.values_list("from_household", flat=True)
        new = {*joined, *split} - found
        if not new:
            break
        found |= new
    return found


def _covered(subject: Person | Household | Incident) -> Circle:
    if isinstance(subject, Incident):
        return Circle(
            people={}, households={}
        )  # whom its casualties name is asked when somebody is to be erased
    if isinstance(subject, Person):
        return circle_of(people=[subject.pk], households=[])
    return circle_of(people=[], households=[subject.pk])


def _region_of(subject: Person | Household | Incident) -> Region:
    if isinstance(subject, Person):
        return subject.household.registered_in
    return subject.registered_in if isinstance(subject, Household) else subject.region


def _locked(hold: Hold) -> Hold:
    rows = Hold.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "region").get(pk=hold.pk)


def _check_in_force(hold: Hold, refusals: Refusals) -> None:
    if hold.lifted_at is not None or (hold.ends_at is not None and hold.ends_at <= database_now()):
        refusals.add("", _("This hold has ended already."), "ended")
