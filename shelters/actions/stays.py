"""Checking people in and out. The last bed is given once, however many ask for it at the same second."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.refusals import Refusals, refusal
from displacement.actions.versions import refuse_void
from displacement.models import Household, Movement, Person
from displacement.models.movement import MovementKind
from shelters.actions.places import check_places, locked_shelter
from shelters.models import Room, Shelter, Stay

#: What the database says when two check-ins of one person meet is the same that a look beforehand says.
_CODES = {"stay_one_at_a_time": "already_checked_in"}


@whole_or_refused(_CODES)
def check_in(
    *,
    person: Person,
    shelter: Shelter,
    by: User,
    at: datetime | None = None,
    room: Room | None = None,
    override_reason: str = "",
) -> Stay:
    """Give one person a bed. Eleven queries. The shelter is locked first, so that its places are counted and given one by one.

    Raises ValidationError: `shelter_full` with the nearest shelters that have places, `already_checked_in`,
    `shelter_not_open`, `room_full` and others at their fields. Over capacity only with an `override_reason`.
    """
    place = locked_shelter(shelter)
    rows = _check_in([person], place, by=by, at=at, room=room, override_reason=override_reason)
    reason = rows[0].override_reason
    record("check_in", rows[0], by=by, reason=reason, detail={"shelter": str(place.pk), "over": bool(reason)})
    return rows[0]


@whole_or_refused(_CODES)
def check_in_household(
    *, household: Household, shelter: Shelter, by: User, at: datetime | None = None, override_reason: str = ""
) -> list[Stay]:
    """Give everybody of a household a bed in one shelter, or nobody. Thirteen queries, whatever the household's size.

    Raises ValidationError as `check_in`, and `nobody_named` for a household that is only counted.
    """
    place = locked_shelter(shelter)
    refuse_void(Household.objects.get(pk=household.pk), field="household")
    dead = Movement.objects.current().filter(kind=MovementKind.DIED, person__household=household)
    guests = Person.objects.current().unmerged().filter(household=household)
    people = list(guests.exclude(pk__in=dead.values("person")))
    if not people:
        raise _nobody(household)
    rows = _check_in(people, place, by=by, at=at, room=None, override_reason=override_reason)
    reason = rows[0].override_reason
    record(
        "check_in_household",
        household,
        by=by,
        reason=reason,
        detail={"shelter": str(place.pk), "people": len(rows), "over": bool(reason)},
    )
    return rows


def _nobody(household: Household) -> ValidationError:
    """Why a household cannot be checked in as a whole: it is only counted, or its people go on under other numbers."""
    words = _(
        "Nobody in this household has a name yet. Name the people, or count them in the site's headcount."
    )
    if Person.objects.current().filter(household=household, merged_into__isnull=False).exists():
        words = _("The people of this household are registered in another one, too. Check them in there.")
    return refusal(words, code="nobody_named", field="household")


@whole_or_refused()
def check_out(*, stay: Stay, by: Actor, at: datetime | None = None) -> Stay:
    """End a stay, which frees the bed. Three queries. Raises ValidationError at `at`, or `already_checked_out`."""
    locked: Stay = Stay.objects.select_for_update(no_key=True).get(pk=stay.pk)
    refuse_void(locked)
    if locked.ended_at is not None:
        raise refusal(
            _("This person has been checked out already. Reload the page."), code="already_checked_out"
        )
    now = timezone.now()
    left_at = at or now
    refusals = Refusals()
    if refusals.check_moment("at", left_at, now=now) and left_at < locked.occurred_at:
        refusals.add("at", _("This is before the check-in. Check the time."), "out_before_in")
    refusals.raise_any()
    locked.ended_at, locked.ended_recorded_at, locked.ended_by = left_at, now, by.pk
    locked.save(update_fields=["ended_at", "ended_recorded_at", "ended_by"])
    record("check_out", locked, by=by, detail={"shelter": str(locked.shelter_id)})
    return locked


def _check_in(
    people: Sequence[Person],
    shelter: Shelter,
    *,
    by: User,
    at: datetime | None,
    room: Room | None,
    override_reason: str,
) -> list[Stay]:
    """Stays for all of the people in a shelter that is locked already, or a refusal."""
    now = timezone.now()
    since = at or now
    guests = _locked_people(people)
    refusals = Refusals()
    refusals.check_moment("at", since, now=now)
    refusals.raise_any()
    _check_guests(refusals, guests, since, by)
    refusals.raise_any()
    is_over = check_places(shelter, people=len(guests), room=room, by=by, override_reason=override_reason)
    return Stay.objects.bulk_create(
        [
            Stay(
                person=person,
                shelter=shelter,
                room=room,
                occurred_at=since,
                recorded_at=now,
                recorded_by=by.pk,
                override_reason=override_reason.strip() if is_over else "",
            )
            for person in guests
        ]
    )


def _locked_people(people: Sequence[Person]) -> list[Person]:
    """The persons as they are now, locked in one order, after the shelter: two desks never wait for each other in a circle.

    Households are read afterwards: in a join PostgreSQL leaves out whoever went to another household while the lock was waited
    for, and they would have no bed.
    """
    rows = Person.objects.select_for_update(of=("self",), no_key=True).prefetch_related("household")
    guests = list(rows.filter(pk__in=[person.pk for person in people]).order_by("pk"))
    for person in guests:
        refuse_void(person, field="person")
        refuse_void(person.household, field="person")
    return guests


def _check_guests(refusals: Refusals, guests: Sequence[Person], since: datetime, by: User) -> None:
    """Each is alive and has no other bed. Two queries."""
    if (
        Movement.objects.current()
        .filter(person__in=guests, kind=MovementKind.DIED, occurred_at__lt=since)
        .exists()
    ):
        refusals.add(
            "person", _("This person is recorded as dead before this time. Check who it is."), "after_death"
        )
    with as_service(Why.PLACES):  # also at a site of another region, whose roster is not seen here
        stays = list(Stay.objects.open().filter(person__in=guests).select_related("shelter"))
    if not stays:
        return
    # Where somebody sleeps is told only to those who may see that stay.
    seen = set(
        Stay.objects.visible_to(by).filter(pk__in=[stay.pk for stay in stays]).values_list("pk", flat=True)
    )
    where = ", ".join(sorted({str(stay.shelter) for stay in stays if stay.pk in seen}))
    if where:
        message = _("Checked in already: %(where)s. Check out there first, then check in here.") % {
            "where": where
        }
    else:
        message = _(
            "Checked in already at another site. Ask the coordinator to have that stay ended, then check in here."
        )
    if len(guests) > 1:
        count = _("%(some)s of %(all)s people have a bed.") % {"some": len(stays), "all": len(guests)}
        message = f"{count} {message}"
    refusals.add("person", message, "already_checked_in")
