"""An export of people: asked for by one, approved by another, made by a worker, and gone after a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from displacement.models.consent import Purpose
from regions.models import Region
from shelters.models import Shelter


class ExportState(models.TextChoices):
    """How far an export is. Withdrawn, over and failed ones have no file."""

    ASKED = "asked", _("waits for approval")
    APPROVED = "approved", _("approved, being made")
    READY = "ready", _("ready to download")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OVER = "over", _("over")
    FAILED = "failed", _("could not be made")


class Recipients(models.TextChoices):
    """Who gets the file. What households answered decides who of them may be in it: `ASKED`."""

    OWN = "own", _("this organisation itself")
    PARTNERS = "partners", _("partner organisations")
    AUTHORITIES = "authorities", _("authorities")


@dataclass(frozen=True, slots=True)
class Asked:
    """The purpose whose latest answer counts, and whether it takes a yes; else a no alone leaves a household out."""

    purpose: Purpose
    needs_yes: bool


#: Nobody leaves the organisation who did not say so. Within it a household is left out that wants no help of it any more.
ASKED: Mapping[str, Asked] = {
    Recipients.OWN: Asked(Purpose.SERVICE, needs_yes=False),
    Recipients.PARTNERS: Asked(Purpose.PARTNERS, needs_yes=True),
    Recipients.AUTHORITIES: Asked(Purpose.AUTHORITIES, needs_yes=True),
}


class PeopleExportQuerySet(models.QuerySet["PeopleExport"]):
    """Questions about exports. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Exports of organisations in regions with which the user may do the action."""
        return self.filter(within_reach(user, "roster.peopleexport", action, region="region"))

    def unended(self) -> Self:
        """Those of which something may still come out."""
        return self.filter(state__in=[ExportState.ASKED, ExportState.APPROVED, ExportState.READY])

    def over(self, moment: datetime) -> Self:
        """Those whose file is to be deleted by the moment, or that nobody approved before it."""
        return self.unended().filter(Q(needed_until__lte=moment) | Q(kept_until__lte=moment))


class PeopleExport(models.Model):
    """People of `organisation` who were registered in `region` or below, of a shelter those who are in it when it is made.

    `columns` are names of roster.exporting.columns. `needed_until` is until when the file is needed, `kept_until` when it is
    deleted: a day after it was made, and never after `needed_until`. `people` is how many it holds, `left_out` how many more
    it would hold if nobody were asked (`ASKED`), None for files of before; `first_ids` are the ids of the first, for the trail.
    `begun_at` is the moment before anybody was read for the file: what households answered later it may not know.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="exports", verbose_name=_("of organisation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("registered in"))
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in shelter")
    )
    recipients = models.CharField(_("for whom"), max_length=12, choices=Recipients, default=Recipients.OWN)
    columns = ArrayField(models.CharField(max_length=30), verbose_name=_("columns"))
    has_tags = models.BooleanField(_("with a row of HXL tags"), default=False)
    purpose = models.CharField(_("what for"), max_length=300)
    needed_until = models.DateTimeField(_("needed until"))
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.UUIDField(_("asked by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.UUIDField(_("approved by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.UUIDField(_("withdrawn by"), null=True, blank=True)
    withdraw_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("made at"), null=True, blank=True)
    kept_until = models.DateTimeField(_("file deleted at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    left_out = models.PositiveIntegerField(_("left out by what they answered"), null=True, blank=True)
    first_ids = ArrayField(models.UUIDField(), default=list, editable=False)

    objects = PeopleExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of people")
        verbose_name_plural = _("exports of people")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="export_by_two_persons",
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                violation_error_message=_("Nobody approves their own export. Ask a colleague."),
            ),
            models.CheckConstraint(
                name="export_made_after_approval",
                condition=~Q(state__in=["approved", "ready"]) | Q(approved_by__isnull=False),
                violation_error_message=_("An export is approved before it is made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class ExportPart(models.Model):
    """A piece of the file, encrypted and bound to its place (core.encryption): only in its own export and number it opens."""

    export = models.ForeignKey(PeopleExport, models.CASCADE, related_name="parts", verbose_name=_("of"))
    number = models.PositiveIntegerField(_("number"))
    data = models.BinaryField(_("data"))

    class Meta:
        verbose_name = _("part of an export")
        verbose_name_plural = _("parts of exports")
        ordering = ["export", "number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_once")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"
