"""How households divide and come together: who belonged where, as of one moment and as known at another.

`Person.household` is where a person belongs now; this trail says where they belonged before. Both kinds of row are facts
with two times, so a question of yesterday gets yesterday's answer. Counted people have no rows that could move: their
groups are voided and counted anew in the other household, by the same act and at the same moment.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.household import Household, HouseholdGroup
from displacement.models.person import Person


class HouseholdChangeQuerySet(FactQuerySet):
    """Questions about changes of household."""

    def of_people(self) -> Self:
        """Changes of named persons."""
        return self.exclude(person=None)

    def from_or_to(self, household: Household) -> Self:
        """Everybody who came into the household or left it, the first one first."""
        touching = Q(from_household=household) | Q(to_household=household)
        return self.filter(touching).order_by("occurred_at", "pk")


class HouseholdChange(Fact):
    """That a person, or people of a counted group, went from one household to another at `occurred_at`.

    `group` is the group in which they are counted from then on. No row means that they are where they were registered.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {
        "person": OnMerge.LEAVE,
        "from_household": OnMerge.LEAVE,
        "to_household": OnMerge.LEAVE,
    }
    on_erase: ClassVar[OnErase] = OnErase(
        {"person": Fate.KEEP, "from_household": Fate.KEEP, "to_household": Fate.KEEP},
        keeps={"group": FIGURES},
    )

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    group = models.ForeignKey(
        HouseholdGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counted group"),
    )
    from_household = models.ForeignKey(
        Household, models.PROTECT, related_name="+", verbose_name=_("from household")
    )
    to_household = models.ForeignKey(
        Household, models.PROTECT, related_name="+", verbose_name=_("to household")
    )

    objects = HouseholdChangeQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("change of household")
        verbose_name_plural = _("changes of household")
        ordering = ["occurred_at", "id"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="householdchange_person_or_group",
                condition=Q(person__isnull=False, group=None) | Q(person=None, group__isnull=False),
                violation_error_message=_("A change of household is of one person or of one counted group."),
            ),
            models.CheckConstraint(
                name="householdchange_two_households",
                condition=~Q(from_household=F("to_household")),
                violation_error_message=_("Choose another household: they belong to this one already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_household} → {self.to_household}"


class HouseholdJoin(Fact):
    """That everybody of a household went into another at `occurred_at`. From then on it is a record and no household.

    Voided where people go back into it.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"household": OnMerge.LEAVE, "into": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase({"household": Fate.KEEP, "into": Fate.KEEP})

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="joins", verbose_name=_("emptied household")
    )
    into = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name=_("joined into"))

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("joined household")
        verbose_name_plural = _("joined households")
        ordering = ["household", "occurred_at"]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(voided_at=None),
                name="householdjoin_once",
                violation_error_message=_("This household was joined into another already. Open that one."),
            ),
            models.CheckConstraint(
                name="householdjoin_two_households",
                condition=~Q(household=F("into")),
                violation_error_message=_("A household cannot be joined into itself. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} → {self.into}"


def households_at(people: Iterable[Person], *, as_of: datetime, known_at: datetime) -> dict[UUID, UUID]:
    """The household to which each person belonged as of one moment, as known at another: ids by id of person. One query."""
    asked = {person.pk: person for person in people}
    changes: dict[UUID, list[HouseholdChange]] = {pk: [] for pk in asked}
    for change in HouseholdChange.objects.filter(person__in=asked).order_by("recorded_at", "pk"):
        changes[change.person_id].append(change)
    return {pk: _household_at(asked[pk], trail, as_of, known_at) for pk, trail in changes.items()}


def _household_at(person: Person, trail: list[HouseholdChange], as_of: datetime, known_at: datetime) -> UUID:
    """Where the latest change that is known leads; before any, where the first one led from."""
    if not trail:
        return person.household_id
    known = [change for change in trail if change.recorded_at <= known_at and change.occurred_at <= as_of]
    if not known:
        return trail[0].from_household_id
    return max(known, key=lambda change: (change.occurred_at, change.recorded_at, change.pk)).to_household_id
