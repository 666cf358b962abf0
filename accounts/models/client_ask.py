"""What was asked for a client and takes a second person, and who is told of what happens to clients."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models.client import Client


class AskState(models.TextChoices):
    """What became of it."""

    WAITS = "waits", _("waits for a second person")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    REPLACED = "replaced", _("overtaken by a later change")


_S = AskState
#: What follows what. To approve takes another person than who asked; to refuse, and to change the client again, one.
TRANSITIONS: Mapping[AskState, frozenset[AskState]] = {
    _S.WAITS: frozenset({_S.APPROVED, _S.REFUSED, _S.REPLACED}),
    _S.APPROVED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.REPLACED: frozenset(),
}


class ClientAsk(models.Model):
    """That a client be allowed all of this, and no more. It is never changed: what is asked otherwise is another one.

    So whoever approves it approves what they were shown. At most one of a client waits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="asks", verbose_name=_("client"))
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    networks = ArrayField(models.CharField(max_length=43), verbose_name=_("networks from which it may ask"))
    valid_until = models.DateTimeField(_("valid until"), null=True)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.UUIDField(_("asked by"))
    state = models.CharField(_("state"), max_length=10, choices=AskState, default=AskState.WAITS)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.UUIDField(_("decided by"), null=True)
    reason = models.CharField(_("why refused"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("what was asked for a client")
        verbose_name_plural = _("what was asked for clients")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="waits"), name="client_ask_waits_once"
            ),
            models.CheckConstraint(
                name="client_ask_by_two_persons",
                condition=~Q(state="approved") | ~Q(decided_by=F("asked_by")),
                violation_error_message=_("Nobody approves what they asked for. Ask a colleague."),
            ),
            models.CheckConstraint(
                name="client_ask_decided_whole",
                condition=Q(state="waits", decided_at=None, decided_by=None)
                | (~Q(state="waits") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                violation_error_message=_("What was decided names who decided it, and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class ClientNews(models.TextChoices):
    """What administrators and auditors are told of."""

    ASKED = "asked", _("a new one waits for a second person")
    ADDED = "added", _("a new one that reads nobody's records works")
    WIDENING = "widening", _("one is to be allowed more, and waits for a second person")
    WIDENED = "widened", _("one that reads nobody's records is allowed more")
    APPROVED = "approved", _("what was asked for one was approved")
    REFUSED = "refused", _("what was asked for one was refused")
    ROTATED = "rotated", _("one got a new secret, which was shown to who made it")


class ClientNotice(models.Model):
    """One mail to one person about one client: what `done_by` did. `sent_at` is None until the mail server took it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="notices", verbose_name=_("of"))
    what = models.CharField(_("what"), max_length=10, choices=ClientNews)
    done_at = models.DateTimeField(_("at"))
    done_by = models.UUIDField(_("by"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is told")
    )
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice of a client")
        verbose_name_plural = _("notices of clients")

    def __str__(self) -> str:
        return f"{self.client_id} {self.what} -> {self.user_id}"
