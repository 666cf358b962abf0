"""Acknowledged flags: a named person has looked at what a flag warns of, and says why it stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from regions.models import Region


class FlagAcknowledgement(Fact):
    """That somebody answers for one thing that a flag warns of. It hides nothing: the flag stays in every report.

    `content` is the fingerprint of the numbers that were looked at (`reports.flags.registry.Doubt`): as soon as one of them
    changes, the flag is new and nobody has acknowledged it. Reports show the reason, and never who.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    code = models.CharField(_("flag"), max_length=40)
    subject = models.CharField(_("what it is about"), max_length=120)
    content = models.CharField(_("fingerprint of its numbers"), max_length=16, editable=False)
    sentence = models.CharField(_("what it warned of"), max_length=2000)
    reason = models.CharField(_("why it stands"), max_length=300)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("acknowledged flag")
        verbose_name_plural = _("acknowledged flags")
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="flag_acknowledged_once",
                fields=["region", "code", "subject", "content"],
                condition=models.Q(voided_at=None),
                violation_error_message=_("Somebody has acknowledged this flag already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"
