"""An alarm: somebody read people otherwise than they use to, and a named person says whether that is explained."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach


class AlarmState(models.TextChoices):
    """What is said of it."""

    OPEN = "open", _("open")
    EXPLAINED = "explained", _("explained")
    CONFIRMED = "confirmed", _("confirmed: this should not have been")


class AlarmRule(models.TextChoices):
    """What was unusual: the names of roster.alarms.rules."""

    MUCH_MORE = "much_more", _("many more records than on other days")
    REFUSED = "refused", _("one record after another that is not theirs")
    HOUR = "hour", _("at an hour at which they never work")
    SWEEP = "sweep", _("a list from page to page")
    HONEY = "honey", _("a honey record")
    DOOR = "door", _("questions at the door, and nobody registered")
    SYSTEM = "system", _("a partner's system, many more records than on any day")


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Questions about alarms. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Alarms of the user's organisations, never about the user."""
        bound = within_reach(user, "roster.alarm", action)
        return self.filter(bound).exclude(about=getattr(user, "pk", None))


class Alarm(models.Model):
    """`about` is whose readings were unusual, on `day` (UTC). Once a day for each rule, however long it goes on.

    One of a honey record counts on, and is open again where it was answered and goes on.

    `counted` is how many records, pages or tries it was, `usual` what is usual for this person; 0 where the rule knows none.
    Of a partner's system `usual` is the most on any of its last days, of questions at the door how many families they
    registered that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="alarms", verbose_name=_("organisation")
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="alarms", verbose_name=_("whose readings")
    )
    rule = models.CharField(_("what was unusual"), max_length=10, choices=AlarmRule)
    day = models.DateField(_("day"))
    found_at = models.DateTimeField(_("found at"))
    counted = models.PositiveIntegerField(_("how many"))
    usual = models.PositiveIntegerField(_("usual for them"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=AlarmState, default=AlarmState.OPEN)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.UUIDField(_("answered by"), null=True, blank=True)
    reason = models.CharField(_("what explains it"), max_length=300, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["about", "rule", "day"], name="alarm_once_a_day"),
            models.CheckConstraint(
                name="alarm_answered_whole",
                condition=Q(state="open", answered_at=None, answered_by=None, reason="")
                | (
                    ~Q(state="open") & Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(reason="")
                ),
                violation_error_message=_("An alarm that is answered names who answered it, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()}, {self.day:%Y-%m-%d}"


class AlarmNotice(models.Model):
    """One mail to one person about one alarm. `sent_at` is None until the mail server took it."""

    alarm = models.ForeignKey(Alarm, models.PROTECT, related_name="notices", verbose_name=_("of"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who is told")
    )
    sent_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice of an alarm")
        verbose_name_plural = _("notices of alarms")
        constraints = [models.UniqueConstraint(fields=["alarm", "user"], name="alarm_told_once")]

    def __str__(self) -> str:
        return f"{self.alarm_id} -> {self.user_id}"
