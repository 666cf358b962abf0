"""Movements: the facts that every displacement figure is counted from."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.honey import hidden_from
from displacement.models.household import Household
from displacement.models.person import Person
from regions.models import Region


class MovementKind(models.TextChoices):
    """What happened."""

    LEFT = "left", _("left home")
    IN_TRANSIT = "in_transit", _("in transit")
    ARRIVED = "arrived", _("arrived")
    MOVED_ON = "moved_on", _("moved on")
    ABROAD = "abroad", _("went abroad")
    RETURNED = "returned", _("returned home")
    DIED = "died", _("died")


#: After one of these a person is displaced; after the others not (any more).
DISPLACING = frozenset(
    {
        MovementKind.LEFT,
        MovementKind.IN_TRANSIT,
        MovementKind.ARRIVED,
        MovementKind.MOVED_ON,
        MovementKind.ABROAD,
    }
)


class Means(models.TextChoices):
    """How people left."""

    ORGANISED = "organised", _("organised transport")
    OWN = "own", _("own means")
    UNKNOWN = "unknown", _("not known")


class PlaceKind(models.TextChoices):
    """With what roof a person is after the movement."""

    SHELTER = "shelter", _("shelter")
    RELATIVES = "relatives", _("with relatives or friends")
    RENTED = "rented", _("rented")
    OWN_HOME = "own_home", _("own or second home")
    HOSPITAL = "hospital", _("hospital")
    UNKNOWN = "unknown", _("not known")


class Cause(models.TextChoices):
    """Why people moved."""

    HOSTILITIES = "hostilities", _("hostilities")
    EVACUATION_ORDER = "evacuation_order", _("evacuation order")
    HOUSE_DESTROYED = "house_destroyed", _("house destroyed")
    LACK_OF_SERVICES = "lack_of_services", _("lack of services")
    UNKNOWN = "unknown", _("not known")


class MovementQuerySet(FactQuerySet):
    """Questions about movements."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Movements of people whose data the user may see; a partner's system sees no decoys."""
        unerased = Q(person__erased_at=None, household__erased_at=None)
        found = self.filter(unerased, reached(user, "displacement.movement"))
        hidden = hidden_from(user).movements
        return found.exclude(pk__in=hidden) if hidden else found


class Movement(Fact):
    """One step of one person, or of a household that is only counted so far.

    `origin` is the home region of this displacement and stays the same on each of its steps; `destination` is where the
    person is after the step (or heads for, in transit), unknown where it is None. The latest step that is known decides:
    who left and did not return (and did not die) is displaced.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.RE_POINT, "household": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase(
        {"person": Fate.KEEP, "household": Fate.KEEP},
        keeps=dict.fromkeys(("occurred_at", "kind", "origin", "destination", "place"), FIGURES),
    )

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("person")
    )
    household = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name=_("counted household"),
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=MovementKind)
    origin = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name=_("home region"), db_index=False
    )
    destination = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("present region"),
        db_index=False,
    )
    place = models.CharField(_("place"), max_length=10, choices=PlaceKind, default=PlaceKind.UNKNOWN)
    means = models.CharField(_("means"), max_length=10, choices=Means, default=Means.UNKNOWN)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause, default=Cause.UNKNOWN)

    objects = MovementQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        ordering = ["-id"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="movement_of_person_or_household",
                condition=Q(person__isnull=False, household=None) | Q(person=None, household__isnull=False),
                violation_error_message=_(
                    "A movement is of one person or of one counted household, not both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_at:%Y-%m-%d}"
