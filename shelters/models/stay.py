"""Stays: who sleeps where, from when to when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import combinations
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from core.veils import VeiledForeignKey
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.relations import Conflict, OnMerge
from displacement.models import Person
from shelters.models.shelter import Room, Shelter


class Period(Func):
    """The half-open period of a stay; without an end it goes on."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class StayQuerySet(FactQuerySet):
    """Questions about stays."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Stays in the user's organisation's shelters or of its people: never a roster of others."""
        return self.filter(reached(user, "shelters.stay"), person__erased_at=None)

    def at(self, moment: datetime, known_at: datetime) -> Self:
        """Stays that were going on at the moment, as known at another: an end counts once it was recorded."""
        open_then = Q(ended_at=None) | Q(ended_at__gt=moment) | Q(ended_recorded_at__gt=known_at)
        return self.known_at(known_at).as_of(moment).filter(open_then)

    def open(self) -> Self:
        """Stays that go on now."""
        return self.current().filter(ended_at=None)


class Stay(Fact):
    """One person in one shelter; `occurred_at` is the check-in. One at a time per person, held by the database."""

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.RE_POINT}
    on_erase: ClassVar[OnErase] = OnErase(
        {"person": Fate.KEEP},
        empties={"room": None, "override_reason": ""},
        keeps=dict.fromkeys(("occurred_at", "shelter", "ended_at"), FIGURES),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="stays", verbose_name=_("person"))
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="stays", verbose_name=_("shelter"))
    room = VeiledForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="stays", verbose_name=_("room")
    )
    ended_at = models.DateTimeField(_("checked out at"), null=True, blank=True)
    ended_recorded_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.UUIDField(null=True, blank=True, editable=False)
    override_reason = models.CharField(_("why over capacity"), max_length=300, blank=True)

    objects = StayQuerySet.as_manager()

    @staticmethod
    def merge_conflicts(survivors: Mapping[UUID, UUID]) -> Mapping[UUID, Conflict]:
        """Who slept somewhere while their survivor, or another who is merged into it, did. One query."""
        return overlapping(survivors)

    @staticmethod
    def erase_objection(people: Collection[UUID], _households: Collection[UUID]) -> str:
        """Whoever still sleeps here is still helped, and somebody has to know who is in the house. One query."""
        if not Stay.objects.open().filter(person__in=people).exists():
            return ""
        return gettext("Somebody of them still has a bed in a shelter. Check them out first, then erase.")

    class Meta(Fact.Meta):
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["-id"]
        constraints = [
            *Fact.Meta.constraints,
            ExclusionConstraint(
                name="stay_one_at_a_time",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (Period("occurred_at", "ended_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at=None),
                violation_error_message=_(
                    "This person has a stay at that time already. Check them out there first, or correct the times."
                ),
            ),
            models.CheckConstraint(
                name="stay_period",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("occurred_at")),
                violation_error_message=_("A stay cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="stay_end_whole",
                condition=Q(ended_at=None, ended_recorded_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_recorded_at__isnull=False, ended_by__isnull=False),
                violation_error_message=_("A check-out needs who recorded it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelter}, {self.occurred_at:%Y-%m-%d}"


def overlapping(survivors: Mapping[UUID, UUID]) -> dict[UUID, Conflict]:
    """Standing stays of merged persons that overlap one of somebody with the same survivor, by the merged person."""
    involved = {*survivors, *survivors.values()}
    stays: dict[UUID, list[Stay]] = {}
    for stay in Stay.objects.current().filter(person__in=involved).order_by("occurred_at", "pk"):
        stays.setdefault(survivors.get(stay.person_id, stay.person_id), []).append(stay)
    found: dict[UUID, set[Stay]] = {}
    for group in stays.values():
        for earlier, later in combinations(group, 2):
            if earlier.person_id != later.person_id and _meet(earlier, later):
                for stay in {earlier, later}:
                    if stay.person_id in survivors:
                        found.setdefault(stay.person_id, set()).add(stay)
    sentence = gettext(
        "Both records have a stay at the same time. Void one of the two, or end the first before the second begins; then merge."
    )
    return {
        person: Conflict(sentence, tuple(sorted(rows, key=lambda stay: stay.pk)))
        for person, rows in found.items()
    }


def _meet(earlier: Stay, later: Stay) -> bool:
    """Whether two half-open periods overlap, the first of which begins no later; an empty one meets nothing."""
    is_empty = any(stay.ended_at == stay.occurred_at for stay in (earlier, later))
    return not is_empty and (earlier.ended_at is None or earlier.ended_at > later.occurred_at)
