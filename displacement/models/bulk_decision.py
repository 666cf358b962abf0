"""One verdict on many pairs: what was decided, by whom, and how far it has been carried out."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import NoScope
from displacement.models.duplicate import Verdict


class BulkDecisionQuerySet(models.QuerySet["BulkDecision"]):
    """Questions about verdicts on many pairs. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Those that the user decided: they are bounded by what this user reaches, and by nobody else's reach."""
        if not isinstance(user, User):
            raise NoScope("A signed-in user is needed to say whose decisions may be seen.")
        return self.filter(decided_by=user.pk)

    def unfinished(self) -> Self:
        """Those that a worker has still to carry out."""
        return self.filter(finished_at=None)


class BulkDecision(models.Model):
    """One verdict on all waiting pairs of one run, or of all, at or above a probability, within the reach of who decided it.

    Carried out in chunks, each in a transaction of its own with its counters: a killed worker's successor goes on after
    `last_pair`, and the result is the same.
    """

    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    least_probability = models.FloatField(_("probability, at least"))
    run = models.UUIDField(_("found by run"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.UUIDField(_("decided by"))
    last_pair = models.BigIntegerField(default=0, editable=False)
    pairs_total = models.PositiveIntegerField(_("pairs"), default=0)
    pairs_done = models.PositiveIntegerField(_("done"), default=0)
    pairs_refused = models.PositiveIntegerField(_("not done"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = BulkDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on many pairs")
        verbose_name_plural = _("decisions on many pairs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="bulk_decision_probability",
                condition=Q(least_probability__gte=0, least_probability__lte=1),
                violation_error_message=_("A probability lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} {self.pk}"
