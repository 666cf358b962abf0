"""Naming the people of a household that was only counted, without counting anybody twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions import people as persons
from displacement.actions.groups import NewGroup, draft_groups
from displacement.actions.people import NewPerson
from displacement.actions.serials import next_serials
from displacement.actions.versions import refuse_void
from displacement.models import Household, HouseholdGroup, Movement, Person


@dataclass(frozen=True, slots=True)
class _Counted:
    """What stood for the people before they had names."""

    groups: list[HouseholdGroup]
    movements: list[Movement]

    def people(self) -> int:
        return sum(group.people for group in self.groups)

    def since(self, household: Household) -> datetime:
        """When they were counted: where they came from another household, that was before this one was registered."""
        return min((group.occurred_at for group in self.groups), default=household.occurred_at)


@whole_or_refused()
def name_people(
    *,
    household: Household,
    people: Sequence[NewPerson],
    by: Actor,
    remaining: Sequence[NewGroup] = (),
    reason: str = "",
) -> list[Person]:
    """Write down the names of people who were counted at the door. About ten queries, whatever the household's size.

    In one transaction, at one moment: the groups and the household's movements are voided, and persons with movements of the
    same times stand in their place, so that every figure counts each of them once, as known at any moment. `remaining` are
    groups that still have no names; the household's movements then go on for them. Where named and remaining people are
    not as many as were counted, a `reason` is needed. Raises ValidationError at the fields, and nothing is saved.
    """
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    refuse_void(locked, field="household")
    counted = _Counted(
        list(HouseholdGroup.objects.current().filter(household=locked).order_by("pk")),
        list(Movement.objects.current().filter(household=locked).order_by("occurred_at", "pk")),
    )
    now = timezone.now()
    refusals = Refusals()
    drafts = persons.draft(
        locked, people, by=by, occurred_at=counted.since(locked), recorded_at=now, refusals=refusals
    )
    unnamed = draft_groups(
        locked, remaining, refusals, occurred_at=counted.since(locked), recorded_at=now, recorded_by=by.pk
    )
    for group in unnamed:
        group.counted_in_id = counted.groups[0].counted_in_id if counted.groups else None
    _check_count(
        refusals, counted, named=len(people), unnamed=sum(g.people for g in remaining), reason=reason
    )
    refusals.raise_any()
    made = persons.write(drafts, next_serials(len(drafts.people)))
    _replace(counted, made, unnamed, by=by, now=now)
    record(
        "name_people",
        locked,
        by=by,
        reason=reason.strip(),
        detail={"counted": counted.people(), "named": len(made), "movements": len(counted.movements)},
    )
    return made


def _check_count(refusals: Refusals, counted: _Counted, *, named: int, unnamed: int, reason: str) -> None:
    if not counted.groups:
        refusals.add(
            "", _("Everybody in this household has a name already. Add a person instead."), "not_counted"
        )
    elif not named:
        refusals.add("people", _("Write down at least one person."), "nobody")
    elif named + unnamed != counted.people() and not reason.strip():
        message = _(
            "%(counted)s people were counted and %(told)s are told now. Say why, or name the rest as a group."
        )
        numbers = {"counted": counted.people(), "told": named + unnamed}
        refusals.add("reason", message % numbers, "count_differs")
    refusals.check_reason(reason)


def _replace(
    counted: _Counted, people: list[Person], unnamed: list[HouseholdGroup], *, by: Actor, now: datetime
) -> None:
    """Void what stood for the people and write what stands for each. `now` is both times, so that no moment sees two."""
    Movement.objects.bulk_create(
        [
            Movement(
                person=person,
                kind=step.kind,
                origin_id=step.origin_id,
                destination_id=step.destination_id,
                place=step.place,
                means=step.means,
                cause=step.cause,
                occurred_at=step.occurred_at,
                recorded_at=now,
                recorded_by=by.pk,
            )
            for step in counted.movements
            for person in people
        ]
    )
    HouseholdGroup.objects.bulk_create(unnamed)
    voided = {"voided_at": now, "voided_by": by.pk, "void_reason": _("The people were named.")}
    HouseholdGroup.objects.filter(pk__in=[group.pk for group in counted.groups]).update(**voided)
    if not unnamed:
        Movement.objects.filter(pk__in=[step.pk for step in counted.movements]).update(**voided)
