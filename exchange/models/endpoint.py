"""Where a partner is told of changes."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from core.encryption import Place, decrypt
from exchange.webhooks.guard import LONGEST_URL


class EndpointState(models.TextChoices):
    """Whether messages are sent there."""

    ACTIVE = "active", _("messages are sent")
    OFF = "off", _("switched off")
    GONE = "gone", _("answered 410: wants no more")


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Questions about endpoints."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Endpoints of the organisations that the user administers, told of something in the regions that the user does."""
        return self.filter(within_reach(user, "exchange.endpoint", reader="account"))

    def due(self, now: datetime) -> Self:
        """Those to which a worker may go now: in nobody's hands, and not left alone for a while."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, state=EndpointState.ACTIVE, next_attempt_at__lte=now)


class Endpoint(models.Model):
    """One address of one partner's system, told of what `account` may see of the kinds of record it wants.

    `cursor` is its place in the feed: up to there messages were made. A worker works for it alone, under a lease (`leases`
    numbers them), so that one endpoint that is away holds up no other. The secret is kept encrypted and shown once; while a
    former one still holds, messages are signed with both.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="endpoints", verbose_name=_("organisation")
    )
    account = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("told what this account sees")
    )
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("kinds of record"))
    state = models.CharField(_("state"), max_length=10, choices=EndpointState, default=EndpointState.ACTIVE)
    secret = models.TextField(_("secret"), editable=False)
    former_secret = models.TextField(_("former secret"), blank=True, editable=False)
    former_until = models.DateTimeField(_("former secret holds until"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    recorded_by = models.UUIDField(_("added by"), editable=False)
    cursor = models.CharField(_("place in the feed"), max_length=200, editable=False)
    failures = models.PositiveIntegerField(
        _("tries in a row that did not reach it"), default=0, editable=False
    )
    next_attempt_at = models.DateTimeField(_("not before"), default=timezone.now, editable=False)
    leased_until = models.DateTimeField(_("in a worker's hands until"), null=True, editable=False)
    leases = models.BigIntegerField(_("leases so far"), default=0, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["organisation", "url"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "url"],
                name="endpoint_once",
                violation_error_message=_("This address is told already. Change that webhook instead."),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def place_of(self, column: str) -> Place:
        """Where a secret of this endpoint lies, for its encryption."""
        return Place("exchange_endpoint", self.pk, column)

    def secrets(self, now: datetime) -> list[str]:
        """The secrets that hold, the newest first. Raises UnreadableError where a key of encryption is not here."""
        held = [decrypt(self.secret, self.place_of("secret"))]
        if self.former_secret and self.former_until and now < self.former_until:
            held.append(decrypt(self.former_secret, self.place_of("former_secret")))
        return held
