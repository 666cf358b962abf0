"""Shelters, their dated state, their rooms and their protected places."""

from typing import TYPE_CHECKING, Any, Self, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, When
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from core.facts import Fact, FactQuerySet
from core.names import search_key
from regions.models import Region

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class SiteType(models.TextChoices):
    """What building or place it is."""

    SCHOOL = "school", _("school")
    KINDERGARTEN = "kindergarten", _("kindergarten")
    DORMITORY = "dormitory", _("dormitory")
    SANATORIUM = "sanatorium", _("sanatorium or guest house")
    SPORTS_HALL = "sports_hall", _("sports hall")
    CULTURE_HOUSE = "culture_house", _("house of culture")
    TENTS = "tents", _("tents or mobile centre")
    CHURCH = "church", _("religious building")
    OTHER = "other", _("other")


class Phase(models.TextChoices):
    """What a shelter does."""

    PLANNED = "planned", _("planned")
    ANNOUNCED = "announced", _("announced")
    STANDBY = "standby", _("standby")
    OPEN = "open", _("open")
    FULL = "full", _("full")
    CLOSED = "closed", _("closed")
    DAMAGED = "damaged", _("damaged")


#: Phases in which people sleep there.
RUNNING = frozenset({Phase.OPEN, Phase.FULL})


class Places(TypedDict):
    """What `with_places` adds to each shelter."""

    phase: str | None
    places_usable: int | None
    people_in: int
    places_free: int | None


class ShelterQuerySet(models.QuerySet["Shelter"]):
    """Questions about shelters."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Shelters that the user may see."""
        return self.filter(within_reach(user, "shelters.shelter", region="region"))

    def changeable_by(self, user: User) -> Self:
        """Shelters that the user runs."""
        return self.filter(within_reach(user, "shelters.shelter", "change", region="region"))

    def with_places(self) -> "models.QuerySet[WithAnnotations[Shelter, Places]]":
        """Adds what holds now: `phase`, `places_usable` (open minus blocked), `people_in` (by stays), `places_free`.

        One query. None is not reported: a shelter that never said how many places it has, has no known number of free ones.
        An over-full shelter has none free, not fewer.
        """
        latest = ShelterState.objects.current().filter(shelter=OuterRef("pk"), occurred_at__lte=Now())
        state = latest.order_by("-occurred_at", "-recorded_at", "-pk")
        people_in = Count("stays", filter=Q(stays__voided_at=None, stays__ended_at=None))
        usable = state.annotate(
            usable=Greatest(F("places_open") - F("places_blocked"), 0, output_field=IntegerField())
        )
        return self.annotate(  # type: ignore[return-value]  # the plugin cannot tell what Case gives
            phase=Subquery(state.values("phase")[:1]),
            places_usable=Subquery(usable.filter(places_open__isnull=False).values("usable")[:1]),
            people_in=people_in,
        ).annotate(
            places_free=Case(
                When(places_usable=None, then=None),
                default=Greatest(F("places_usable") - F("people_in"), 0),
                output_field=IntegerField(),
            )
        )


class Shelter(models.Model):
    """A collective site. What it holds from when on is in its states; who sleeps there, in stays."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="shelters", verbose_name=_("region"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="shelters", verbose_name=_("managing organisation")
    )
    site_type = models.CharField(_("type of site"), max_length=15, choices=SiteType, default=SiteType.OTHER)
    address = models.CharField(_("address"), max_length=300, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_step_free = models.BooleanField(_("step-free"), null=True, blank=True)
    has_daily_headcount = models.BooleanField(_("reports a headcount every day"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ShelterQuerySet.as_manager()

    class Meta:
        verbose_name = _("shelter")
        verbose_name_plural = _("shelters")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="shelter_name_in_region",
                violation_error_message=_("A shelter of this name exists in this region already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Keep the search key in step with the name."""
        self.name_key = search_key(self.name)
        super().save(**kwargs)


class ShelterState(Fact):
    """What a shelter offers from `occurred_at` until its next state. Announced, set up, open and blocked are four numbers.

    `places_open` are those that people may sleep on; `places_blocked` of them are not usable, with a reason. What is free
    tonight is open minus blocked minus who sleeps there, and is counted, never stored. None is not reported.
    """

    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="states", verbose_name=_("shelter"))
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    places_announced = models.PositiveIntegerField(_("places announced"), null=True, blank=True)
    places_set_up = models.PositiveIntegerField(_("places set up"), null=True, blank=True)
    places_open = models.PositiveIntegerField(_("places open"), null=True, blank=True)
    places_blocked = models.PositiveIntegerField(_("places blocked"), default=0)
    blocked_reason = models.CharField(_("why blocked"), max_length=200, blank=True)
    floor_area_m2 = models.PositiveIntegerField(_("covered floor area, m²"), null=True, blank=True)
    toilets = models.PositiveSmallIntegerField(_("toilets"), null=True, blank=True)
    water_litres_per_day = models.PositiveIntegerField(_("water, litres a day"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("shelter state")
        verbose_name_plural = _("shelter states")
        ordering = ["shelter", "-occurred_at"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="shelterstate_blocked_has_reason",
                condition=Q(places_blocked=0) | ~Q(blocked_reason=""),
                violation_error_message=_("Say why places are blocked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shelter}: {self.get_phase_display()}"


class Room(models.Model):
    """A room of a shelter, as planned for use."""

    shelter = models.ForeignKey(Shelter, models.CASCADE, related_name="rooms", verbose_name=_("shelter"))
    name = models.CharField(_("name"), max_length=60)
    floor_area_m2 = models.DecimalField(
        _("floor area, m²"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    beds = models.PositiveSmallIntegerField(_("beds"), null=True, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["shelter", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["shelter", "name"],
                name="room_name_in_shelter",
                violation_error_message=_("A room of this name exists in this shelter already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CoverType(models.TextChoices):
    """What protects. "Two walls" is a last resort and is never shown as safe."""

    INTERIOR_ROOM = "interior_room", _("room without windows")
    BASEMENT = "basement", _("basement")
    PURPOSE_SHELTER = "purpose_shelter", _("purpose-built or certified shelter")
    NEARBY_SHELTER = "nearby_shelter", _("shelter nearby")
    TWO_WALLS = "two_walls", _("behind two walls: last resort")


class ProtectedPlace(Fact):
    """Protected places of one kind at a shelter, from `occurred_at` until the next record of the same kind."""

    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="protected_places", verbose_name=_("shelter")
    )
    cover = models.CharField(_("kind of cover"), max_length=20, choices=CoverType)
    places = models.PositiveIntegerField(_("places"))
    exits = models.PositiveSmallIntegerField(_("exits"), null=True, blank=True)
    minutes_to_reach = models.PositiveSmallIntegerField(_("minutes to reach"), null=True, blank=True)
    is_step_free = models.BooleanField(_("step-free"), null=True, blank=True)
    is_usable_overnight = models.BooleanField(_("usable overnight"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("protected places")
        verbose_name_plural = _("protected places")
        ordering = ["shelter", "cover", "-occurred_at"]

    def __str__(self) -> str:
        return f"{self.shelter}: {self.get_cover_display()}"
