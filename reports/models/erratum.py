"""Errata: what a published edition got wrong, said to exactly those who got it."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from accounts.visibility import within_reach
from reports.models.edition import Edition, readable_by


class ErratumState(models.TextChoices):
    """Where an erratum stands.

    Needed: the clock found that something an edition used no longer stands. Proposed: somebody has written the reason, another
    has to approve it. Dismissed: somebody decided, with a reason, that readers need not be told.
    """

    NEEDED = "needed", _("needed")
    PROPOSED = "proposed", _("to be approved")
    PUBLISHED = "published", _("published")
    DISMISSED = "dismissed", _("not needed")


class ErratumQuerySet(models.QuerySet["Erratum"]):
    """Questions about errata. They add conditions only, no query."""

    def visible_to(self, user: User) -> Self:
        """Of editions that the user's roles let them read what readers were told; what is open only where they decide it."""
        decides = within_reach(user, "reports.erratum", "change", organisation="", region="edition__region")
        # Everywhere is an empty condition, which would add nothing to an alternative.
        is_theirs = Q(pk__isnull=False) & decides
        is_told = Q(state=ErratumState.PUBLISHED)
        return self.filter(readable_by(user, "reports.erratum", "edition__"), is_told | is_theirs)

    def open(self) -> Self:
        """Errata of which nobody has decided yet whether readers are told: at most one for an edition."""
        return self.filter(state__in=[ErratumState.NEEDED, ErratumState.PROPOSED])


class Erratum(models.Model):
    """Figures of one edition with what it said and what is known now. See reports.editions.corrections for `figures`.

    `mail` is the letter byte for byte as it was sent, None until it is published.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="errata", verbose_name=_("edition"), editable=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ErratumState, default=ErratumState.NEEDED, db_index=True
    )
    figures = models.JSONField(_("figures"), editable=False)
    found_at = models.DateTimeField(_("found at"), default=timezone.now, editable=False)
    reason = models.CharField(_("what happened"), max_length=500, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True, editable=False)
    proposed_by = models.UUIDField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.UUIDField(null=True, blank=True, editable=False)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True, editable=False)
    dismissed_by = models.UUIDField(null=True, blank=True, editable=False)
    dismiss_reason = models.CharField(_("why none is needed"), max_length=300, blank=True, editable=False)
    mail = models.BinaryField(null=True, editable=False)

    objects = ErratumQuerySet.as_manager()

    class Meta:
        verbose_name = _("erratum")
        verbose_name_plural = _("errata")
        ordering = ["-found_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(state__in=["needed", "proposed"]),
                name="erratum_one_open",
            ),
            models.CheckConstraint(
                name="erratum_published_whole",
                condition=~Q(state=ErratumState.PUBLISHED)
                | Q(published_at__isnull=False, mail__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="erratum_approved_by_another",
                condition=Q(published_by=None)
                | Q(proposed_by__isnull=False) & ~Q(published_by=F("proposed_by")),
                violation_error_message=_(
                    "Whoever proposed an erratum cannot approve it. Ask another publisher."
                ),
            ),
            models.CheckConstraint(
                name="erratum_dismissed_whole",
                condition=~Q(state=ErratumState.DISMISSED)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False) & ~Q(dismiss_reason=""),
                violation_error_message=_("Say why no erratum is needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.get_state_display()}"
