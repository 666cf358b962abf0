"""Breaking the glass: a role for some hours, with a reason, seen by everybody whom it concerns."""

from typing import Self

from django.conf import settings
from django.db import models
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


class BreakGlassNotice(models.Model):
    """One mail to one person about one broken glass. `sent_at` is None until the mail server took it."""

    glass = models.ForeignKey(BreakGlass, models.PROTECT, related_name="notices", verbose_name=_("of"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is told")
    )
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice of emergency access")
        verbose_name_plural = _("notices of emergency access")
        constraints = [models.UniqueConstraint(fields=["glass", "user"], name="break_glass_told_once")]

    def __str__(self) -> str:
        return f"{self.glass_id} -> {self.user_id}"
