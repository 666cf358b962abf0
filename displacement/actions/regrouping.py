"""What splitting and joining households share: people go from one household to another, and the trail stays.

Nobody is counted twice or lost, as of any moment and as known at any: persons keep their rows, and counted groups are voided
and counted anew at one moment, with the steps that their household made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core.actors import Actor
from core.prepared import Prepared
from core.refusals import Refusals, refusal
from core.registration import format_number
from displacement.actions.versions import refuse_void
from displacement.models import (
    Consent,
    Household,
    HouseholdChange,
    HouseholdGroup,
    HouseholdJoin,
    Movement,
    Person,
)
from displacement.models.person import Relationship

#: What makes two steps of counted households the same step.
_STEP = ("kind", "occurred_at", "origin_id", "destination_id", "place", "means", "cause")


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who goes: persons, and so many of each counted group."""

    people: Sequence[Person]
    groups: Sequence[tuple[HouseholdGroup, int]]

    @property
    def counted(self) -> int:
        """How many people of them have no name."""
        return sum(people for _group, people in self.groups)


def locked_households(*households: Household) -> list[Household]:
    """The households, locked in one order so that two desks never wait for each other in a circle. One query.

    Raises ValidationError for a void one, and for households of two organisations.
    """
    rows = Household.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    by_id = {row.pk: row for row in rows.filter(pk__in=[household.pk for household in households])}
    locked = [by_id[household.pk] for household in households]
    for household in locked:
        refuse_void(household, field="household")
    if len({household.organisation_id for household in locked}) > 1:
        raise refusal(
            _("These households were registered by two organisations. Each organisation keeps its own."),
            code="other_organisation",
            field="into",
        )
    return locked


def refuse_joined(household: Household, *, field: str = "household") -> None:
    """Refuse to go on with a household whose people are in another one now. One query."""
    for (serial,) in _JOINED.rows(household=household.pk):
        message = _(
            "The people of this household are in a household of another region now. Ask your coordinator."
        )
        if serial is not None:
            number = {"number": format_number(serial)}
            message = (
                _("The people of this household are in household %(number)s now. Open that one.") % number
            )
        raise refusal(message, code="joined_already", field=field)


def _joined(household: Any) -> Any:
    """Also where the other household lies beyond one's region, whose number nobody is told here."""
    joins = HouseholdJoin.objects.current().filter(household=household)
    into = Household.objects.filter(pk=OuterRef("into")).values("serial")
    return joins.order_by("pk").values_list(Subquery(into))[:1]


_JOINED = Prepared(_joined, household=UUID)


def check_counted(refusals: Refusals, source: Household, target: Household, leaving: Leaving) -> None:
    """Refuse counted people among others who came from elsewhere or went another way: their steps are the household's."""
    if not leaving.groups:
        return
    theirs = _steps(target)
    is_counted = bool(theirs) or HouseholdGroup.objects.current().filter(household=target).exists()
    if source.origin_id == target.origin_id and (not is_counted or theirs == _steps(source)):
        return
    refusals.add(
        "groups",
        _(
            "The people who are only counted did not leave the same home at the same times."
            " Write down their names first, or make them a household of their own."
        ),
        "another_way",
    )


def move(
    leaving: Leaving, source: Household, target: Household, *, head: Person | None, by: Actor, now: datetime
) -> None:
    """Let them belong to the target from now on. Some eight queries, and two for each person."""
    _name_relationships(leaving.people, target, head)
    for person in leaving.people:
        person.household = target
        person.version += 1
        # One by one, so that whatever the person's row keeps in step with its household is kept.
        person.save()
    made = {"occurred_at": now, "recorded_at": now, "recorded_by": by.pk}
    way = {"from_household": source, "to_household": target}
    regrouped = _regroup(leaving, source, target, by=by, now=now)
    HouseholdChange.objects.bulk_create(
        [
            *(HouseholdChange(person=person, **way, **made) for person in leaving.people),
            *(HouseholdChange(group=group, **way, **made) for group in regrouped),
        ]
    )


def copy_steps(source: Household, target: Household, *, by: Actor, now: datetime) -> None:
    """Write down what counted people did so far for the household that they are in now, once. Three queries."""
    if _steps(target):
        return
    Movement.objects.bulk_create(
        [
            Movement(
                household=target, recorded_at=now, recorded_by=by.pk, **dict(zip(_STEP, step, strict=True))
            )
            for step in _steps(source)
        ]
    )


def carry_answers(source: Household, target: Household, *, is_new: bool, by: Actor, now: datetime) -> None:
    """Take along what the people agreed to. Three queries.

    A household of their own goes on with every answer as it was given. Among others only a no goes along: it protects them,
    while their yes does not speak for people who were not asked.
    """
    theirs, held = _answers(source), {} if is_new else _answers(target)
    Consent.objects.bulk_create(
        [
            Consent(
                household=target,
                purpose=purpose,
                is_given=answer.is_given,
                text_version=answer.text_version,
                obtained=answer.obtained,
                occurred_at=answer.occurred_at if is_new else now,
                recorded_at=now,
                recorded_by=by.pk,
            )
            for purpose, answer in theirs.items()
            if is_new or (not answer.is_given and (purpose not in held or held[purpose].is_given))
        ]
    )


def _name_relationships(people: Sequence[Person], target: Household, head: Person | None) -> None:
    """Relationships are to a head: they hold where theirs goes along and stays the head, and are not known otherwise."""
    heads = {person.pk for person in people if person.relationship == Relationship.HEAD}
    has_head = Person.objects.current().filter(household=target, relationship=Relationship.HEAD).exists()
    if heads and not has_head and (head is None or head.pk in heads):
        return
    for person in people:
        is_head = head is not None and person.pk == head.pk and not has_head
        person.relationship = Relationship.HEAD if is_head else Relationship.UNKNOWN


def _regroup(
    leaving: Leaving, source: Household, target: Household, *, by: Actor, now: datetime
) -> list[HouseholdGroup]:
    """Void the groups that people leave, and count anew who goes and who stays. Two queries. Gives the groups that went."""
    went, stayed = [], []
    for group, people in leaving.groups:
        first = group.counted_in_id or source.pk
        went.append(_again(group, people, by, now, household=target, counted_in_id=_unless(first, target)))
        if people < group.people:
            rest = group.people - people
            stayed.append(_again(group, rest, by, now, household=source, counted_in_id=group.counted_in_id))
    HouseholdGroup.objects.bulk_create(went + stayed)
    HouseholdGroup.objects.filter(pk__in=[group.pk for group, _people in leaving.groups]).update(
        voided_at=now,
        voided_by=by.pk,
        void_reason=_("Counted anew: people went to household %(number)s.") % {"number": target.number},
    )
    return went


def _again(group: HouseholdGroup, people: int, by: Actor, now: datetime, **where: Any) -> HouseholdGroup:
    """The same kind of people, counted at the same time and known from now on."""
    return HouseholdGroup(
        sex=group.sex,
        age_band=group.age_band,
        people=people,
        occurred_at=group.occurred_at,
        recorded_at=now,
        recorded_by=by.pk,
        **where,
    )


def _unless(first: Any, target: Household) -> Any:
    """Where people were first counted, unless they are back there."""
    return None if first == target.pk else first


def _steps(household: Household) -> list[tuple[Any, ...]]:
    """What the counted household did, in order. One query."""
    rows = Movement.objects.current().filter(household=household).order_by("occurred_at", "kind", "pk")
    return list(rows.values_list(*_STEP))


def _answers(household: Household) -> dict[str, Consent]:
    """The answer that holds for each purpose. One query."""
    rows = Consent.objects.current().filter(household=household)
    return {answer.purpose: answer for answer in rows.order_by("occurred_at", "recorded_at", "pk")}
