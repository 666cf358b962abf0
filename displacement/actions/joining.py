"""Joining two households: everybody of one belongs to the other from now on."""

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.regrouping import (
    Leaving,
    carry_answers,
    check_counted,
    copy_steps,
    locked_households,
    move,
    refuse_joined,
)
from displacement.models import Household, HouseholdGroup, HouseholdJoin, Person


@whole_or_refused()
def join(*, household: Household, into: Household, by: Actor, reason: str = "") -> Household:
    """Put everybody of a household into another one of the same organisation; gives that one. Some twenty queries.

    The emptied household stays in the register and says where its people went; from now on it does not count as a household.
    Persons keep their numbers, and are not known to be related to the other household's head until somebody says so.
    Raises ValidationError at the fields, and nothing is saved.
    """
    refusals = Refusals()
    why = refusals.check_reason(reason)
    if household.pk == into.pk:
        refusals.add(
            "into", _("A household cannot be joined into itself. Choose another one."), "same_household"
        )
    refusals.raise_any()
    source, target = locked_households(household, into)
    refuse_joined(source)
    refuse_joined(target, field="into")
    leaving = _everybody(source)
    check_counted(refusals, source, target, leaving)
    refusals.raise_any()
    now = timezone.now()
    if leaving.groups:
        copy_steps(source, target, by=by, now=now)
    move(leaving, source, target, head=None, by=by, now=now)
    carry_answers(source, target, is_new=False, by=by, now=now)
    HouseholdJoin.objects.create(
        household=source, into=target, occurred_at=now, recorded_at=now, recorded_by=by.pk
    )
    detail = {"into": str(target.pk), "people": len(leaving.people), "counted": leaving.counted}
    record("join", source, by=by, reason=why, detail=detail)
    return target


def _everybody(household: Household) -> Leaving:
    """All who belong to the household, also records that were merged into others. Two queries."""
    rows = Person.objects.current().filter(household=household)
    people = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    groups = HouseholdGroup.objects.current().filter(household=household).order_by("pk")
    return Leaving(people, [(group, group.people) for group in groups])
