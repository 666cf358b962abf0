"""How many records somebody opened in a day, one by one, with what is masked in them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class RevealReason(models.TextChoices):
    """Why a record is opened: a short list, so that it is answered, and can be counted."""

    CALL = "call", _("to call or write to them")
    RECOGNISE = "recognise", _("to make sure who somebody is")
    CORRECT = "correct", _("to correct the record")
    REFER = "refer", _("to hand them over to another service")
    EMERGENCY = "emergency", _("an emergency")


class RevealDay(models.Model):
    """What `user` used of their budget on `day`, which is UTC's by the clock of the database, and how many more were granted.

    Counted under a lock of this row, in the transaction that opens the record. Which records, the trail says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveal_days", verbose_name=_("who")
    )
    day = models.DateField(_("day"))
    used = models.PositiveIntegerField(_("records opened"), default=0)
    granted = models.PositiveIntegerField(_("granted besides"), default=0)
    #: What stands for each question at the door that was answered with "another organisation knows somebody like them".
    hints = ArrayField(models.BigIntegerField(), verbose_name=_("hints told"), default=list, editable=False)

    class Meta:
        verbose_name = _("day of opened records")
        verbose_name_plural = _("opened records")
        ordering = ["-day", "-used"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="reveal_day_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
