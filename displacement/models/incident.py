"""Incidents in which civilians were killed, hurt or went missing."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from regions.models import Region


class IncidentCause(models.TextChoices):
    """What hurt people, in neutral words; whose it was is not recorded here."""

    ARTILLERY = "artillery", _("shelling by artillery or rockets")
    MISSILE = "missile", _("missile")
    AIR_STRIKE = "air_strike", _("air strike")
    DRONE = "drone", _("drone")
    SMALL_ARMS = "small_arms", _("small arms")
    MINE = "mine", _("mine or unexploded ordnance")
    COLLAPSE = "collapse", _("fire or collapse")
    ROAD = "road", _("road accident while fleeing")
    INDIRECT = "indirect", _("lack of medical care")
    UNKNOWN = "unknown", _("not known")


class IncidentPlace(models.TextChoices):
    """What kind of place it was."""

    HOME = "home", _("home")
    STREET = "street", _("street")
    VEHICLE = "vehicle", _("vehicle")
    SHELTER = "shelter", _("shelter")
    HEALTH = "health", _("health facility")
    SCHOOL = "school", _("school")
    WORK = "work", _("place of work")
    MARKET = "market", _("shop or market")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")


class TimePrecision(models.TextChoices):
    """How exactly the time of an incident is known."""

    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    DAY = "day", _("the day")
    PERIOD = "period", _("a period")


class IncidentQuerySet(FactQuerySet):
    """Questions about incidents."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Incidents whose file the user may see."""
        return self.filter(reached(user, "displacement.incident"))


class Incident(Fact):
    """When, where, how; its victims are casualties. `occurred_at` is its beginning."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="incidents", verbose_name=_("recorded by organisation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="incidents", verbose_name=_("region"))
    occurred_until = models.DateTimeField(_("until"), null=True, blank=True)
    precision = models.CharField(
        _("how exactly the time is known"), max_length=8, choices=TimePrecision, default=TimePrecision.DAY
    )
    cause = models.CharField(_("cause"), max_length=12, choices=IncidentCause, default=IncidentCause.UNKNOWN)
    place = models.CharField(
        _("kind of place"), max_length=10, choices=IncidentPlace, default=IncidentPlace.UNKNOWN
    )
    description = models.TextField(_("what happened"), blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-occurred_at"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="incident_period",
                condition=Q(occurred_until=None) | Q(occurred_until__gte=F("occurred_at")),
                violation_error_message=_("An incident cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d} {self.region}"
