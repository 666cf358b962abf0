"""Mails of an edition that a person asks for to see how it will arrive."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from reports.models.edition import Edition


class TrialMail(models.Model):
    """One mail of an edition to whoever asked for it, as a test: no delivery, so that nothing that concerns readers counts it.

    It goes to the address of the asking person's sign-in as that stands when it is sent. `sent_at` is None until the mail
    server took it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="trials", verbose_name=_("edition"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    asked_by = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("test mail")
        verbose_name_plural = _("test mails")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="trial_mail_of_person")]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.asked_at:%Y-%m-%d %H:%M}"
