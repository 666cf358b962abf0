"""The switch that holds all mail."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class MailHoldQuerySet(models.QuerySet["MailHold"]):
    """Questions about holds. They add conditions only, no query."""

    def open(self) -> Self:
        """The hold that lasts: at most one."""
        return self.filter(released_at=None)


class MailHold(models.Model):
    """That no mail leaves, from when, why, and until when. While one is open, workers leave the outbox alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    held_at = models.DateTimeField(_("held at"), default=timezone.now, editable=False)
    held_by = models.UUIDField(editable=False)
    reason = models.CharField(_("why"), max_length=300)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)
    released_by = models.UUIDField(null=True, blank=True, editable=False)

    objects = MailHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold of all mail")
        verbose_name_plural = _("holds of all mail")
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["released_at"],
                condition=Q(released_at=None),
                nulls_distinct=False,
                name="mail_hold_one_open",
                violation_error_message=_("All mail is held already."),
            ),
            models.CheckConstraint(
                name="mail_hold_released_whole",
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
