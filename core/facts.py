"""Dated facts. A fact has two times, is never edited away, and can be asked as of a moment and as known at another."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class FactQuerySet(models.QuerySet[Any]):
    """Questions that every dated fact answers. Each adds conditions only, no query."""

    def as_of(self, moment: datetime) -> Self:
        """Facts that were so at or before the moment (`occurred_at`)."""
        return self.filter(occurred_at__lte=moment)

    def known_at(self, moment: datetime) -> Self:
        """Facts that we had learned and not yet voided at the moment (`recorded_at`, `voided_at`)."""
        return self.filter(Q(recorded_at__lte=moment) & (Q(voided_at=None) | Q(voided_at__gt=moment)))

    def current(self) -> Self:
        """Facts that stand now: not voided."""
        return self.filter(voided_at=None)

    def reason_not_to_void(self) -> str:
        """A sentence where something has to be done before these facts may be voided; empty where nothing has."""
        return ""


class Fact(models.Model):
    """Something that was so at one time and that we learned at another.

    A wrong fact is voided, with who, when and why, and replaced by a new one. The actors are ids and not foreign keys:
    facts outlive accounts, and a check per row is a large part of what an intake costs (docs/adr/0002-actors-are-ids.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occurred_at = models.DateTimeField(_("when it was so"))
    recorded_at = models.DateTimeField(_("when we learned it"), default=timezone.now, editable=False)
    recorded_by = models.UUIDField(_("recorded by"), editable=False)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True, editable=False)
    voided_by = models.UUIDField(_("voided by"), null=True, blank=True, editable=False)
    void_reason = models.CharField(_("why it was voided"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        get_latest_by = "occurred_at"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_void_whole",
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("A voided record needs who voided it, when and why."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_void_after",
                condition=Q(voided_at=None) | Q(voided_at__gte=F("recorded_at")),
                violation_error_message=_("A record cannot be voided before it was made."),
            ),
        ]

    @property
    def is_void(self) -> bool:
        """Whether this fact was taken back."""
        return self.voided_at is not None
