"""Splitting a household: some of its people become a household of their own, or go to another one."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.groups import NewGroup
from displacement.actions.regrouping import (
    Leaving,
    carry_answers,
    check_counted,
    copy_steps,
    locked_households,
    move,
    refuse_joined,
)
from displacement.actions.serials import next_serials
from displacement.models import Household, HouseholdGroup, HouseholdJoin, Person

__all__ = ["NewGroup", "split"]


@whole_or_refused()
def split(
    *,
    household: Household,
    by: Actor,
    people: Sequence[Person] = (),
    groups: Sequence[NewGroup] = (),
    into: Household | None = None,
    head: Person | None = None,
    phone: str = "",
    reason: str = "",
) -> Household:
    """Let some people leave a household, from now on; gives the one in which they are. Some twenty queries.

    `groups` says how many of the people who are only counted go. Without `into` they become a household of their own, with
    its own number, the same home and answers and no telephone but the one told: somebody who leaves may not want to be
    found. Persons keep their numbers. Going back into a household that was joined into another makes it a household again.
    Raises ValidationError at the fields, and nothing is saved.
    """
    source, *others = locked_households(household, *([into] if into else []))
    refuse_joined(source)
    refusals, now = Refusals(), timezone.now()
    why = refusals.check_reason(reason)
    leaving = _leaving(refusals, source, people, groups)
    _check_who(refusals, source, leaving, head)
    if into and into.pk == source.pk:
        refusals.add(
            "into", _("Choose another household: they belong to this one already."), "same_household"
        )
    if others:
        check_counted(refusals, source, others[0], leaving)
    target = others[0] if others else _own(refusals, source, by, phone)
    refusals.raise_any()
    if not others:
        target.serial = next_serials(1)[0]
        target.save()
    _reopen(target, by=by)
    if leaving.groups:
        copy_steps(source, target, by=by, now=now)
    move(leaving, source, target, head=head, by=by, now=now)
    carry_answers(source, target, is_new=not others, by=by, now=now)
    detail = {"into": str(target.pk), "people": len(leaving.people), "counted": leaving.counted}
    record("split", source, by=by, reason=why, detail=detail)
    return target


def _own(refusals: Refusals, source: Household, by: Actor, phone: str) -> Household:
    """A household of their own, registered now where the other one was."""
    now = timezone.now()
    own = Household(
        serial=0,
        organisation_id=source.organisation_id,
        registered_in_id=source.registered_in_id,
        origin_id=source.origin_id,
        method=source.method,
        language=source.language,
        phone=phone.strip(),
        occurred_at=now,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals.check_fields(own, names=["phone"])
    return own


def _leaving(
    refusals: Refusals, source: Household, people: Sequence[Person], groups: Sequence[NewGroup]
) -> Leaving:
    """Who goes, locked; what is not there goes to `refusals`. Two queries."""
    rows = Person.objects.current().unmerged().filter(household=source)
    mine = list(
        rows.filter(pk__in=[person.pk for person in people])
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if len(mine) < len({person.pk for person in people}):
        refusals.add(
            "people",
            _("Somebody of these is not in this household any more. Reload the page and choose again."),
            "not_in_household",
        )
    counted = list(HouseholdGroup.objects.current().filter(household=source).order_by("pk"))
    taken: list[tuple[HouseholdGroup, int]] = []
    for place, told in enumerate(groups):
        taken += _take(refusals, counted, told, f"groups.{place}.people")
    return Leaving(mine, taken)


def _take(
    refusals: Refusals, counted: list[HouseholdGroup], told: NewGroup, field: str
) -> list[tuple[HouseholdGroup, int]]:
    """So many people out of the groups of their kind, each group used once; refused where there are fewer."""
    missing, taken = told.people, []
    for group in [g for g in counted if (g.sex, g.age_band) == (told.sex, told.age_band)]:
        if missing > 0:
            taken.append((group, min(missing, group.people)))
            missing -= group.people
            counted.remove(group)
    if missing > 0 or told.people < 1:
        message = _("So many of this sex and age are not counted here. Look at the counted groups.")
        refusals.add(field, message, "not_so_many")
    return taken


def _check_who(refusals: Refusals, source: Household, leaving: Leaving, head: Person | None) -> None:
    """Somebody goes, somebody stays, and the head is one of those who go. Two queries."""
    if not leaving.people and not leaving.groups:
        refusals.add("people", _("Choose at least one person who leaves."), "nobody")
        return
    if head is not None and head.pk not in {person.pk for person in leaving.people}:
        refusals.add("head", _("The head is one of those who leave. Choose among them."), "head_stays")
    named = Person.objects.current().unmerged().filter(household=source).count()
    counted = sum(HouseholdGroup.objects.current().filter(household=source).values_list("people", flat=True))
    if named == len(leaving.people) and counted == leaving.counted:
        refusals.add(
            "people",
            _("Then nobody would be left here. Leave somebody out, or join this household into another."),
            "everybody_leaves",
        )


def _reopen(target: Household, *, by: Actor) -> None:
    """A household that was joined into another is one again as soon as people are in it. One query."""
    HouseholdJoin.objects.current().filter(household=target).update(
        voided_at=timezone.now(), voided_by=by.pk, void_reason=_("People went back into this household.")
    )
