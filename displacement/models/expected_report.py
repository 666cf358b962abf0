"""Who is expected to say what, about where, and how often: without this nobody can tell silence from calm."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from displacement.models.claim import ClaimIndicator, Source
from regions.models import Region


class ExpectedReport(Fact):
    """That a source is expected to tell a number about a region every so many days, from `occurred_at` on.

    Who no longer is expected to is voided, with the reason. Shelters that owe a headcount are not listed here: that is a
    property of the shelter (`Shelter.has_daily_headcount`).
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="expected", verbose_name=_("source"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    indicator = models.CharField(_("what about"), max_length=30, choices=ClaimIndicator)
    every_days = models.PositiveSmallIntegerField(
        _("every so many days"), default=1, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("expected report")
        verbose_name_plural = _("expected reports")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="expected_report_every_days",
                condition=models.Q(every_days__gte=1, every_days__lte=90),
                violation_error_message=_("A report is expected every 1 to 90 days."),
            ),
            models.UniqueConstraint(
                name="expected_report_once",
                fields=["source", "region", "indicator"],
                condition=models.Q(voided_at=None),
                violation_error_message=_(
                    "This report is expected already. Take that entry back first, to change how often."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_indicator_display()}"
