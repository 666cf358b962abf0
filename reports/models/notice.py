"""What the people named for a region's reports are told by mail: that something of them did not come about."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from regions.models import Operation, Region


class NoticeKind(models.TextChoices):
    """What did not come about."""

    NOT_PUBLISHED = "not_published", _("no report was published in time")
    SUSPENDED = "suspended", _("mails of subscriptions come back")
    NOT_MADE = "not_made", _("an edition could not be made")


class Notice(models.Model):
    """One mail to one publisher about one region and day; for an edition that could not be made, also audience and language.

    `problem` is the kind of the error, never its words, which may hold names. `sent_at` is None until the mail server took it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("what happened"), max_length=15, choices=NoticeKind)
    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="notices", verbose_name=_("operation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="notices", verbose_name=_("region"))
    local_day = models.DateField(_("day"))
    audience = models.CharField(_("audience"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    problem = models.CharField(_("kind of the error"), max_length=100, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("who is told")
    )
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "operation", "region", "local_day", "audience", "language", "user"],
                name="notice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.region} {self.local_day:%Y-%m-%d}"
