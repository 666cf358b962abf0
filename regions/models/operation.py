"""One crisis and the rhythm of its reports."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.models.region import Region

#: PostgreSQL counts in microseconds: the last one of a day is as near to its end as anything can be.
_TICK = timedelta(microseconds=1)


#: Whom reports can be made for; what each may read is decided by the reports.
AUDIENCES = (
    ("internal", _("internal: exact figures")),
    ("partners", _("partners: after disclosure control")),
    ("public", _("public: after disclosure control")),
)


def english_only() -> list[str]:
    """The languages of an operation of which nobody has said any."""
    return ["en"]


def internal_only() -> list[str]:
    """The audiences of an operation of which nobody has said any."""
    return ["internal"]


def is_zone(value: str) -> None:
    """Refuse what is no IANA time zone."""
    if value not in available_timezones():
        raise ValidationError(_("This is no time zone. Write it like Europe/Moscow or Europe/Kyiv."))


class OperationQuerySet(models.QuerySet["Operation"]):
    """Questions about operations."""

    def running_on(self, day: date) -> "OperationQuerySet":
        """Operations that have started and not ended on the local day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Operation(models.Model):
    """A crisis: "cumulative" counts from its start, and its reports stop at its end.

    A report covers a local day of `zone` from midnight to midnight, also where clocks change on it, and is due at
    `report_due` on the following local day. What is recorded between midnight and then still enters it.
    """

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    regions = models.ManyToManyField(Region, related_name="operations", verbose_name=_("regions reported on"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, validators=[is_zone])
    report_due = models.TimeField(_("report due on the next day at"), default=time(6, 0))
    is_automatic = models.BooleanField(_("publish without review"), default=False)
    automatic_regions = models.ManyToManyField(
        Region,
        related_name="+",
        blank=True,
        verbose_name=_("publish without review only of"),
        help_text=_("Where not all reports of the operation go out unread, the regions whose reports do."),
    )
    report_languages = ArrayField(
        models.CharField(max_length=5, choices=settings.LANGUAGES),
        verbose_name=_("languages of the report"),
        default=english_only,
    )
    report_audiences = ArrayField(
        models.CharField(max_length=10, choices=AUDIENCES),
        verbose_name=_("readers of the report"),
        default=internal_only,
    )
    baseline_note = models.CharField(_("baseline"), max_length=300, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="operation_period",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An operation cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which this operation's days are counted."""
        return ZoneInfo(self.zone)

    def is_automatic_in(self, region: Region) -> bool:
        """Whether reports of the region go out without anybody having read them. Up to one query."""
        return self.is_automatic or self.automatic_regions.filter(pk=region.pk).exists()

    def starts_at(self) -> datetime:
        """The first moment of the operation, in UTC: where "cumulative" starts."""
        return self.day_starts_at(self.starts_on)

    def day_starts_at(self, day: date) -> datetime:
        """Local midnight at which the day begins, in UTC."""
        return datetime.combine(day, time(), self.tz).astimezone(UTC)

    def day_ends_at(self, day: date) -> datetime:
        """The cut-off of the day's report, in UTC: its last microsecond, so that 23:30 is in and 00:00 is not."""
        return self.day_starts_at(day + timedelta(days=1)) - _TICK

    def due_at(self, day: date) -> datetime:
        """When the report of the day is due, and as known at which moment it is made, in UTC."""
        return datetime.combine(day + timedelta(days=1), self.report_due, self.tz).astimezone(UTC)

    def local_day(self, moment: datetime) -> date:
        """The local day to which the moment belongs."""
        return moment.astimezone(self.tz).date()
