"""What an endpoint is told, and what became of it."""

from datetime import timedelta
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from accounts.visibility import within_reach
from exchange.models.endpoint import Endpoint

#: How long a message is tried before a person has to look.
GIVE_UP_AFTER = timedelta(days=3)


class MessageKind(models.TextChoices):
    """What a message says."""

    CHANGES = "changes", _("changes")
    TEST = "test", _("test")
    RESTORED = "restored", _("restored from a backup")


class MessageState(models.TextChoices):
    """What became of it."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Messages to endpoints that are visible to the user."""
        ways = {"organisation": "endpoint__organisation_id", "reader": "endpoint__account"}
        return self.filter(within_reach(user, "exchange.message", **ways))

    def waiting(self) -> Self:
        """Those that are still to be sent, in their order."""
        return self.filter(state=MessageState.WAITING).order_by("id")


class Message(models.Model):
    """Some changes in the order of the feed, ids only; it is sent under the same `webhook-id` however often it is tried.

    A receiver may get it twice: where a worker was killed between the answer and writing it down, it is sent again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="messages", verbose_name=_("webhook"))
    kind = models.CharField(_("what it says"), max_length=10, choices=MessageKind)
    #: Rows of kind, id, change, time and address, as the API shows them.
    changes = models.JSONField(_("changes"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.WAITING)
    queued_at = models.DateTimeField(_("made at"))
    give_up_at = models.DateTimeField(_("tried until"))
    next_attempt_at = models.DateTimeField(_("next try at"))
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_status = models.PositiveIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("what was wrong"), max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a webhook")
        verbose_name_plural = _("messages of webhooks")
        ordering = ["-id"]
        indexes = [models.Index(fields=["endpoint", "state", "id"], name="message_to_send")]

    def __str__(self) -> str:
        return self.webhook_id

    @property
    def webhook_id(self) -> str:
        """The id under which receivers know it again."""
        return f"msg_{self.pk}"

    def records(self) -> frozenset[str]:
        """Whose changes it tells: of each of them, messages arrive in order."""
        return frozenset(change["id"] for change in self.changes)
