"""Recording where people went."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.birth import is_before_birth
from displacement.actions.versions import refuse_void
from displacement.models import Household, HouseholdGroup, Movement, Person
from displacement.models.movement import DISPLACING, Cause, Means, MovementKind, PlaceKind
from regions.models import Region


@whole_or_refused()
def record(
    *,
    by: Actor,
    kind: str,
    id: UUID | None = None,
    now: datetime | None = None,
    occurred_at: datetime,
    origin: Region | None = None,
    person: Person | None = None,
    household: Household | None = None,
    destination: Region | None = None,
    place: str = PlaceKind.UNKNOWN,
    means: str = Means.UNKNOWN,
    cause: str = Cause.UNKNOWN,
) -> Movement:
    """Write down one step of a person, or of a household that is only counted. Seven queries.

    Without `origin`, the household's home region. `now` is when we learned it, where that was a moment ago. Facts arrive late
    and out of order, so any sequence of steps stands, except what cannot be: a step before birth, after death or in the future,
    and a return of somebody who never left. Raises ValidationError at the fields, and nothing is saved.
    """
    now = now or timezone.now()
    refusals = Refusals()
    who = _locked(person, household, refusals)
    home = origin or (who.household if isinstance(who, Person) else who).origin
    if home is None:
        refusals.add("origin", _("Choose the home region that they left."), "unknown_region")
    step = Movement(
        pk=id or uuid7(),
        person=who if isinstance(who, Person) else None,
        household=who if isinstance(who, Household) else None,
        kind=kind,
        origin=home,
        destination=destination,
        place=place,
        means=means,
        cause=cause,
        occurred_at=occurred_at,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals.check_fields(step)
    if refusals.check_moment("occurred_at", occurred_at, now=now):
        _check_life(refusals, step)
        _check_return(refusals, step)
    refusals.raise_any()
    step.save()
    leave_trace("record", step, by=by, detail={"kind": kind})
    return step


def _locked(person: Person | None, household: Household | None, refusals: Refusals) -> Person | Household:
    """Whom the step is of, locked, so that two steps of one person are judged one after the other."""
    if (person is None) == (household is None):
        refusals.add(
            "person", _("Choose one person, or one counted household, and not both."), "person_or_household"
        )
        refusals.raise_any()
    if person is not None:
        who: Person = (
            Person.objects.select_for_update(of=("self",), no_key=True)
            .prefetch_related(Prefetch("household", Household.objects.select_related("origin")))
            .get(pk=person.pk)
        )
        refuse_void(who, field="person")
        refuse_void(who.household, field="person")
        return who
    assert household is not None
    counted: Household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    refuse_void(counted, field="household")
    if not HouseholdGroup.objects.current().filter(household=counted).exists():
        refusals.add(
            "household",
            _("The people of this household are named. Record the step for each of them."),
            "household_is_named",
        )
    return counted


def _steps(step: Movement) -> list[tuple[str, datetime]]:
    """What is known of the same person or household: kinds and times, in order. One query."""
    same = {"person": step.person} if step.person else {"household": step.household}
    rows = Movement.objects.current().filter(**same).order_by("occurred_at", "pk")
    return list(rows.values_list("kind", "occurred_at"))


def _check_life(refusals: Refusals, step: Movement) -> None:
    """Nobody moves before birth or after death."""
    if step.person is None:
        return
    if is_before_birth(step.person, step.occurred_at):
        refusals.add(
            "occurred_at",
            _("The person was not born yet at this time. Check the time, or the birth date in the register."),
            "before_birth",
        )
    known = _steps(step)
    if any(kind == MovementKind.DIED and at < step.occurred_at for kind, at in known):
        refusals.add(
            "occurred_at",
            _(
                "The person is recorded as dead before this time. Check the time, or void the record of the death."
            ),
            "after_death",
        )
    if step.kind == MovementKind.DIED and any(at > step.occurred_at for _kind, at in known):
        refusals.add(
            "occurred_at",
            _("There are movements after this time of death. Check the time, or void those movements first."),
            "moved_after_death",
        )


def _check_return(refusals: Refusals, step: Movement) -> None:
    """A return needs a departure before it; the departure may be recorded first, however late."""
    if step.kind != MovementKind.RETURNED:
        return
    if not any(kind in DISPLACING and at <= step.occurred_at for kind, at in _steps(step)):
        refusals.add(
            "kind",
            _(
                "There is no record that they left before this time. Record first when they left, then the return."
            ),
            "not_left",
        )
