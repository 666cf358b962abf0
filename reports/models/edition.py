"""Editions: one situation report each, frozen."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from regions.models import Operation, Region


class Audience(models.TextChoices):
    """Who may read an edition."""

    INTERNAL = "internal", _("internal")


class EditionStatus(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Edition(models.Model):
    """The report of one operation, region and local day for one audience in one language.

    `content` freezes the figures and both times (see reports.editions.report); files are made from it once and kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operation = models.ForeignKey(
        Operation, models.PROTECT, related_name="editions", verbose_name=_("operation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="editions", verbose_name=_("region"))
    local_day = models.DateField(_("day"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.INTERNAL)
    language = models.CharField(_("language"), max_length=5, default="en")
    number = models.PositiveIntegerField(_("number"))
    as_of = models.DateTimeField(_("as of"))
    known_at = models.DateTimeField(_("as known at"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.UUIDField(editable=False)
    is_late = models.BooleanField(_("late"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True, editable=False)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-as_of", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "region", "local_day", "audience", "language"],
                condition=~Q(status=EditionStatus.WITHDRAWN),
                name="edition_once_a_day",
                violation_error_message=_("There is an edition of this region and day already."),
            ),
            models.UniqueConstraint(
                fields=["operation", "region", "audience", "language", "number"],
                condition=~Q(status=EditionStatus.WITHDRAWN),
                name="edition_number",
            ),
            models.CheckConstraint(name="edition_known_after", condition=Q(known_at__gte=F("as_of"))),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.local_day:%Y-%m-%d}"


class EditionFile(models.Model):
    """One format of an edition, byte for byte as it was sent."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files", verbose_name=_("edition"))
    format = models.CharField(_("format"), max_length=10)
    media_type = models.CharField(_("media type"), max_length=100)
    file_name = models.CharField(_("file name"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("file of an edition")
        verbose_name_plural = _("files of editions")
        constraints = [models.UniqueConstraint(fields=["edition", "format"], name="edition_file_once")]

    def __str__(self) -> str:
        return self.file_name
