"""Forms that people fill in on telephones, and the submissions that have come in from them."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from core.sealed import SealedJSONField
from displacement.identity.erasing import OnErase
from intake.models.batch import GONE, Batch
from intake.models.mapping import Mapping
from regions.models import Region


class KoboFormQuerySet(models.QuerySet["KoboForm"]):
    """Questions about forms. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Forms of the organisations for which the user takes lists in, in the regions of that role."""
        return self.filter(within_reach(user, "intake.koboform", region="registered_in"))


class KoboForm(models.Model):
    """One form on a KoboToolbox or ODK server: whose families it registers, where, and what its questions mean.

    Submissions are sent by the server (a REST service of the form) or pulled from it; `pulled_through` is the server's highest
    number among those that were pulled. Keys to the server are given to the command that pulls, and never kept here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="kobo_forms", verbose_name=_("organisation")
    )
    registered_in = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name=_("registered in")
    )
    name = models.CharField(_("name"), max_length=100)
    server = models.URLField(_("server"), max_length=200, blank=True)
    asset = models.CharField(_("id of the form on the server"), max_length=60, blank=True)
    mapping = models.ForeignKey(
        Mapping,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="kobo_forms",
        verbose_name=_("what its questions mean"),
    )
    pulled_through = models.BigIntegerField(_("pulled through number"), null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)

    objects = KoboFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="kobo_form_once",
                violation_error_message=_("Your organisation has a form of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Questions about submissions. They add conditions only, no query."""

    def waiting(self) -> Self:
        """Submissions that are in no batch, or in one that was discarded or taken back; none that an erasure emptied."""
        return self.filter(Q(batch=None) | Q(batch__state__in=GONE)).exclude(payload="")


class Submission(models.Model):
    """One filled form as its server sent it. The same instance sent again is the one that is here; an edit is another."""

    on_erase: ClassVar[OnErase] = OnErase(by_hand={"payload": "intake.actions.forgetting"})

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    form = models.ForeignKey(
        KoboForm, models.PROTECT, related_name="submissions", verbose_name=_("form"), db_index=False
    )
    instance = models.CharField(_("instance"), max_length=80)
    number = models.BigIntegerField(_("number on the server"), null=True, blank=True)
    payload = SealedJSONField(_("answers"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    received_by = models.UUIDField(editable=False)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="submissions", verbose_name=_("batch")
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["form", "instance"], name="submission_once"),
        ]

    def __str__(self) -> str:
        return self.instance
