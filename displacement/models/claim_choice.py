"""Which claim leads: where several sources tell different numbers of one thing, a named person says whose comes first."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from displacement.models.claim import Claim


class ClaimChoice(Fact):
    """That a claim leads from a moment on, of all claims about its indicator and region. The others stay visible beside it.

    The latest choice that stands decides, for as long as its claim stands and its source has said nothing newer. A choice
    takes nothing from the other claims and adds nothing to its own: it is an order of showing, and somebody answers for it.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="choices", verbose_name=_("claim"))
    reason = models.CharField(_("why this one"), max_length=300)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("choice of a claim")
        verbose_name_plural = _("choices of claims")
        indexes = [models.Index(fields=["claim", "-occurred_at"], name="claim_choice_latest")]

    def __str__(self) -> str:
        return self.reason
