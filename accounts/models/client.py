"""Clients: how the systems of a partner sign in, with secrets that can be changed and tokens that last an hour."""

import ipaddress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models.organisation import Organisation

#: How the grant of client credentials is called, by OAuth and by the library; and that a client can keep a secret.
GRANT, CONFIDENTIAL = "client-credentials", "confidential"


class Client(models.Model):
    """One system of a partner. It acts as `account`, whose membership says for whom and in which region.

    It does no more than `scopes` say, from `valid_from` on, before `valid_until` and until it is ended, from addresses in
    `networks` (CIDR; from anywhere where there is none). What takes a second person and has none yet stands in its `asks`;
    until the first was approved `let_in_at` is None, and it does nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="clients", verbose_name=_("organisation")
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="client", verbose_name=_("acts as")
    )
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=40), blank=True, verbose_name=_("scopes"))
    networks = ArrayField(
        models.CharField(max_length=43),
        default=list,
        blank=True,
        verbose_name=_("networks from which it may ask"),
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    let_in_at = models.DateTimeField(_("let in at"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    recorded_by = models.UUIDField(_("added by"), editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.UUIDField(_("ended by"), null=True, editable=False)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="client_name_once",
                violation_error_message=_("A client of this organisation has this name. Choose another."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=models.F("valid_from")),
                name="client_valid_for_a_while",
                violation_error_message=_("It would end before it begins. Choose a later end."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="client_ended_whole",
                violation_error_message=_("A client that was ended names who ended it, and why."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # What the OAuth library asks of an application.
    client_type = CONFIDENTIAL

    @property
    def client_id(self) -> str:
        """Under which it asks for tokens."""
        return str(self.pk)

    def allows_grant_type(self, *grants: str) -> bool:
        """Client credentials, and no other."""
        return GRANT in grants

    def is_in_force(self, now: datetime) -> bool:
        """Whether it may ask anything at this moment."""
        is_begun = self.let_in_at is not None and self.valid_from <= now
        return self.ended_at is None and is_begun and (self.valid_until is None or now < self.valid_until)

    def is_from_here(self, address: str) -> bool:
        """Whether it may ask from this address; an IPv4 address is the same where it is written as an IPv6 one."""
        if not self.networks:
            return True
        try:
            asked: Any = ipaddress.ip_address(address)
        except ValueError:
            return False
        asked = getattr(asked, "ipv4_mapped", None) or asked
        return any(asked in ipaddress.ip_network(network) for network in self.networks)


class ClientSecret(models.Model):
    """A secret of a client, as its SHA-256 alone: it is 256 random bits, so nobody can try it out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.CASCADE, related_name="secrets", verbose_name=_("client"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.UUIDField(_("made by"))
    ends_at = models.DateTimeField(_("ends at"), null=True)

    class Meta:
        verbose_name = _("secret of a client")
        verbose_name_plural = _("secrets of clients")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

    def holds(self, now: datetime) -> bool:
        """Whether it opens anything at this moment."""
        return self.ends_at is None or now < self.ends_at


class ClientToken(models.Model):
    """A token that a client got for one of its secrets, as its SHA-256. It ends with its hour, its secret and its client."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    secret = models.ForeignKey(ClientSecret, models.CASCADE, related_name="tokens", verbose_name=_("secret"))
    token_checksum = models.CharField(_("digest"), max_length=64, unique=True)
    scope = models.TextField(_("scopes"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("token of a client")
        verbose_name_plural = _("tokens of clients")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
