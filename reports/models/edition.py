"""Editions: one situation report each, frozen."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from accounts.visibility import within_reach
from regions.models import Operation, Region


class Audience(models.TextChoices):
    """Who may read an edition."""

    INTERNAL = "internal", _("internal")
    PARTNERS = "partners", _("partners")
    PUBLIC = "public", _("public")


class EditionStatus(models.TextChoices):
    """Where an edition stands; what leads from one to another is the table in reports.models.workflow.

    Corrected: published, and an erratum has gone to those who got it. Its files stay as they were sent.
    """

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    CORRECTED = "corrected", _("corrected")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: What readers have.
READABLE = (EditionStatus.PUBLISHED, EditionStatus.CORRECTED)
#: What only those see who make reports.
UNPUBLISHED = (EditionStatus.DRAFT, EditionStatus.IN_REVIEW, EditionStatus.APPROVED)


#: What the policy calls reading the reports of an audience, and their errata.
READING = {
    Audience.PUBLIC: "view",
    Audience.PARTNERS: "view_partners",
    Audience.INTERNAL: "view_internal",
}


def readable_by(user: User, resource: str, edition: str = "") -> Q:
    """The condition for records of audiences and regions whose reports the user's roles open.

    `edition` is the lookup from the record to its edition, with two underscores at its end. Raises NoScope as `within_reach`.
    """
    found = Q(pk__in=[])
    for audience, action in READING.items():
        reach = within_reach(user, resource, action, organisation="", region=f"{edition}region")
        found |= Q(**{f"{edition}audience": audience}) & reach
    return found


class EditionQuerySet(models.QuerySet["Edition"]):
    """Questions about editions. They add conditions only, no query."""

    def visible_to(self, user: User) -> Self:
        """What the user's roles let them read: no audience's and no region's but theirs; drafts only where they make them."""
        makes = within_reach(user, "reports.edition", "add", organisation="", region="region")
        # Everywhere is an empty condition, which would add nothing to an alternative.
        is_theirs = Q(pk__isnull=False) & makes
        return self.filter(readable_by(user, "reports.edition"), ~Q(status__in=UNPUBLISHED) | is_theirs)

    def standing(self) -> Self:
        """Editions that were not withdrawn: at most one for a region, day, audience and language."""
        return self.exclude(status=EditionStatus.WITHDRAWN)

    def published(self) -> Self:
        """Editions that readers may have, corrected ones too."""
        return self.filter(status__in=READABLE)

    def of(
        self,
        operation: Operation,
        region: Region,
        *,
        audience: str = Audience.INTERNAL,
        language: str = "en",
    ) -> Self:
        """The editions that continue each other: of one operation and region, for one audience, in one language."""
        return self.filter(operation=operation, region=region, audience=audience, language=language)

    def before(self, day: date) -> Self:
        """Editions of earlier local days, the latest first."""
        return self.filter(local_day__lt=day).order_by("-local_day")


def _place_among_editors() -> Func:
    """Where in the list of editors the approver stands: nowhere, so that it is null."""
    return Func(F("editors"), F("approved_by"), function="array_position", output_field=models.IntegerField())


class Edition(models.Model):
    """The report of one operation, region and local day for one audience in one language.

    `content` freezes the figures and both times (see reports.editions.report); files are made from it once and kept.
    `number` is the day's place in the operation, 1 for its first day, so that it stays the same when a day is made late.
    `previous` is the edition whose figures `change` compares with, None for the first. `drafted_highlights` are those that the
    figures gave; those that a person put in their place stand in `content`, with who and when in `edited_by` and `edited_at`.
    `editors` are all who ever did that, since what one of them wrote may stand there still: none of them approves it.
    `checked_at` is when the clock last looked whether everything that the edition used still stands.
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
    drafted_highlights = models.JSONField(_("highlights as drafted"), default=list, editable=False)
    edited_at = models.DateTimeField(_("highlights edited at"), null=True, blank=True, editable=False)
    edited_by = models.UUIDField(null=True, blank=True, editable=False)
    editors = ArrayField(models.UUIDField(), default=list, editable=False)
    submitted_at = models.DateTimeField(_("sent to review at"), null=True, blank=True, editable=False)
    submitted_by = models.UUIDField(null=True, blank=True, editable=False)
    sent_back_at = models.DateTimeField(_("sent back at"), null=True, blank=True, editable=False)
    sent_back_by = models.UUIDField(null=True, blank=True, editable=False)
    send_back_reason = models.CharField(_("why it was sent back"), max_length=300, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    approved_by = models.UUIDField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True, editable=False)
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="following",
        verbose_name=_("previous edition"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawn_by = models.UUIDField(null=True, blank=True, editable=False)
    withdraw_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    content = models.JSONField(_("content"))

    objects = EditionQuerySet.as_manager()

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
            models.CheckConstraint(
                name="edition_published_whole",
                condition=~Q(status__in=["published", "corrected"])
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_approved_by_another",
                condition=Q(approved_at=None, approved_by=None) & ~Q(status=EditionStatus.APPROVED)
                | Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("made_by")),
                violation_error_message=_("Whoever made a report cannot approve it. Ask another publisher."),
            ),
            models.CheckConstraint(
                name="edition_approved_by_no_editor",
                condition=IsNull(_place_among_editors(), True),
                violation_error_message=_(
                    "Whoever wrote in a report cannot approve it. Ask another publisher."
                ),
            ),
            models.CheckConstraint(
                name="edition_withdrawn_whole",
                condition=(
                    Q(status=EditionStatus.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdraw_reason="")
                )
                | (
                    ~Q(status=EditionStatus.WITHDRAWN)
                    & Q(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")
                ),
                violation_error_message=_("A withdrawn edition needs who withdrew it, when and why."),
            ),
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
