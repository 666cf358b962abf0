"""What holds in an area from a moment on, and who says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from regions.models.region import Region


class AreaCondition(models.TextChoices):
    """Neutral words for what people there must reckon with; who controls an area is not among them."""

    NORMAL = "normal", _("Normal")
    EVACUATION_ADVISED = "evacuation_advised", _("Evacuation advised")
    EVACUATION_MANDATORY = "evacuation_mandatory", _("Evacuation mandatory")
    ACCESS_CONSTRAINED = "access_constrained", _("Access constrained")
    CONTACT_LOST = "contact_lost", _("Contact lost")
    HOSTILITIES = "hostilities", _("Hostilities")
    REOPENED = "reopened", _("Reopened")


class AreaStatus(Fact):
    """The condition of an area from `occurred_at` until the next status of the same area."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="statuses", verbose_name=_("region"))
    condition = models.CharField(_("status"), max_length=30, choices=AreaCondition)
    source = models.CharField(_("source"), max_length=200)
    estimated_remaining = models.PositiveIntegerField(_("estimated people remaining"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("area status")
        verbose_name_plural = _("area statuses")
        ordering = ["-occurred_at"]

    def __str__(self) -> str:
        return f"{self.region}: {self.get_condition_display()}"
