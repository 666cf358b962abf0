"""Breaking the glass: a role for some hours, with a reason, seen by everybody whom it concerns."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models.organisation import Organisation
from accounts.policy import EMERGENCY_ROLES
from regions.models import Region


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    """Questions about broken glasses. They add conditions only, no query."""

    def open(self) -> Self:
        """Those that hold at this moment, by the clock of the database."""
        return self.filter(ended_at=None, ends_at__gt=Now())

    def unreported(self, before: datetime) -> Self:
        """Those that were over by the moment, and of which no report is written."""
        return self.filter(Q(ended_at__lte=before) | Q(ends_at__lte=before), report=None)

    def unreviewed(self) -> Self:
        """Those whose report nobody has signed off."""
        return self.filter(report__isnull=False, report__reviewed_at=None)


class BreakGlass(models.Model):
    """`opened_by` has the role for the organisation, there and below, from `opened_at` to `ends_at`, or until ended.

    It ends by itself: nothing has to run for that.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="break_glasses", verbose_name=_("who")
    )
    role = models.CharField(_("role"), max_length=30, choices=[(r.value, r.label) for r in EMERGENCY_ROLES])
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="break_glasses", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField(_("since"), db_default=Now())
    ends_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended before"), null=True, blank=True)
    ended_by = models.UUIDField(_("ended by"), null=True, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="break_glass_has_a_reason",
                violation_error_message=_("Say why this cannot wait."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")),
                name="break_glass_ends",
                violation_error_message=_("Emergency access ends after it began. Choose at least one hour."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by=None)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="break_glass_ended_whole",
                violation_error_message=_("Emergency access that was ended names who ended it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.organisation}"

    @property
    def over_at(self) -> datetime:
        """When it ended, or will."""
        return min(self.ended_at or self.ends_at, self.ends_at)


class BreakGlassReport(models.Model):
    """What was done under one broken glass, by the trail, written once when it was over, and who signed it off.

    `lines` are of accounts.glass_trail: counts, kinds of record and ids, and nothing of anybody. They are never written again.
    """

    glass = models.OneToOneField(BreakGlass, models.PROTECT, related_name="report", verbose_name=_("of"))
    written_at = models.DateTimeField(_("written at"))
    lines = models.JSONField(_("what was done"), default=list)
    told_again_at = models.DateTimeField(_("told again at"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("signed off at"), null=True, blank=True)
    reviewed_by = models.UUIDField(_("signed off by"), null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("report of emergency access")
        verbose_name_plural = _("reports of emergency access")
        constraints = [
            models.CheckConstraint(
                name="break_glass_reviewed_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, finding="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(finding="")),
                violation_error_message=_(
                    "A report that is signed off names who did it, when and what they found."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.glass_id}"

    def totals(self) -> dict[str, int]:
        """How many records in all, by what was done with them."""
        found: dict[str, int] = {}
        for line in self.lines:
            told: dict[str, Any] = line
            found[told["did"]] = found.get(told["did"], 0) + told["records"]
        return found


class Occasion(models.TextChoices):
    """What somebody is told of a broken glass."""

    TAKEN = "taken", _("it was taken")
    ENDED = "ended", _("it ended, with the report")
    WAITS = "waits", _("nobody has signed off the report")


class BreakGlassNotice(models.Model):
    """One mail to one person about one broken glass. `sent_at` is None until the mail server took it."""

    glass = models.ForeignKey(BreakGlass, models.PROTECT, related_name="notices", verbose_name=_("of"))
    occasion = models.CharField(_("why"), max_length=10, choices=Occasion, default=Occasion.TAKEN)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is told")
    )
    noted_at = models.DateTimeField(_("noted at"), db_default=Now())
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice of emergency access")
        verbose_name_plural = _("notices of emergency access")
        constraints = [
            models.UniqueConstraint(fields=["glass", "user", "occasion"], name="break_glass_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.glass_id} -> {self.user_id}"
