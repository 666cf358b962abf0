"""What became of each mail."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from reports.models.edition import Edition
from reports.models.erratum import Erratum
from reports.models.subscription import MailFormats, Subscription


class DeliveryState(models.TextChoices):
    """What became of a mail.

    Unconfirmed: it may have arrived, only a person sends it again. Suppressed: kept back on purpose, because the edition
    was withdrawn, or the subscription ended or was suspended before it left.
    """

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    UNCONFIRMED = "unconfirmed", _("unconfirmed")
    FAILED = "failed", _("failed")
    SUPPRESSED = "suppressed", _("not sent")


#: Replies that say that there is no such mailbox. Others of class 5 may be about the mail, the sender or a full mailbox.
ADDRESS_REFUSED = (550, 551, 553, 556)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries. They add conditions only, no query."""

    def due(self, now: datetime) -> Self:
        """Mails that want a worker: queued and their time has come, or left behind by one whose lease has ended."""
        return self.filter(
            Q(state=DeliveryState.QUEUED, next_attempt_at__lte=now)
            | Q(state=DeliveryState.SENDING, leased_until__lte=now)
        )

    def of_report(self) -> Self:
        """Mails of the edition itself, without those of its errata."""
        return self.filter(erratum=None)

    def received(self) -> Self:
        """Mails of an edition that arrived, or may have: whoever has one must learn of an error in it."""
        return self.of_report().filter(state__in=[DeliveryState.SENT, DeliveryState.UNCONFIRMED])

    def finished(self) -> Self:
        """Mails of which it is known whether the address took them."""
        return self.filter(state__in=[DeliveryState.SENT, DeliveryState.FAILED])

    def came_back(self) -> Self:
        """Mails that the address refused for good, at once or by a notification later."""
        return self.finished().filter(
            Q(state=DeliveryState.FAILED, last_code__in=ADDRESS_REFUSED) | Q(returned_at__isnull=False)
        )

    def troubled(self) -> Self:
        """Mails that somebody must look at: it is not known whether they arrived, or they did not."""
        return self.filter(state__in=[DeliveryState.UNCONFIRMED, DeliveryState.FAILED])


class Delivery(models.Model):
    """One mail of one edition to one address: the outbox row, committed with the edition, unique for the pair.

    `formats` are those of its subscription when it was queued, so that sent again it is the same mail.
    With `erratum` it carries that correction of the edition instead: unique for erratum and address.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="deliveries", verbose_name=_("edition"))
    erratum = models.ForeignKey(
        Erratum,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("erratum"),
    )
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="deliveries", verbose_name=_("subscription")
    )
    address = models.EmailField(_("e-mail address"))
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    formats = models.CharField(_("files"), max_length=5, choices=MailFormats, default=MailFormats.BOTH)
    state = models.CharField(
        _("state"), max_length=12, choices=DeliveryState, default=DeliveryState.QUEUED, db_index=True
    )
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try at"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    data_started_at = models.DateTimeField(_("data started at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("came back at"), null=True, blank=True, editable=False)
    last_code = models.PositiveSmallIntegerField(_("last reply"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_waiting",
                condition=Q(state__in=["queued", "sending"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "address"], condition=Q(erratum=None), name="delivery_once"
            ),
            models.UniqueConstraint(fields=["erratum", "address"], name="delivery_erratum_once"),
            models.CheckConstraint(
                name="delivery_sent_has_time",
                condition=~Q(state=DeliveryState.SENT) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_lease",
                condition=~Q(state=DeliveryState.SENDING) | Q(leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.state}"

    @property
    def is_refused(self) -> bool:
        """Whether it is one of those that `came_back` finds."""
        is_failed = self.state == DeliveryState.FAILED and self.last_code in ADDRESS_REFUSED
        return is_failed or self.returned_at is not None
