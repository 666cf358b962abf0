"""Consent: per purpose, dated, withdrawable."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from displacement.identity.erasing import Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.household import Household


class Purpose(models.TextChoices):
    """What a household agrees to. Sharing with authorities is a purpose of its own."""

    SERVICE = "service", _("help by this organisation")
    PARTNERS = "partners", _("sharing with partner organisations")
    AUTHORITIES = "authorities", _("sharing with authorities")
    TRACING = "tracing", _("tracing relatives")


class Obtained(models.TextChoices):
    """How an answer was obtained."""

    SPOKEN = "spoken", _("spoken, after the text was read out")
    SIGNED = "signed", _("signed on paper")
    TELEPHONE = "telephone", _("by telephone")
    WRITTEN = "written", _("in a message or a form that they sent")
    GUARDIAN = "guardian", _("from a guardian or a representative")


class Consent(Fact):
    """What a household answered for one purpose at `occurred_at`; the latest answer holds. Withdrawal is a new answer."""

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"household": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase({"household": Fate.REMOVE})

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="consents", verbose_name=_("household")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    is_given = models.BooleanField(_("given"))
    text_version = models.CharField(_("version of the text read out"), max_length=20)
    obtained = models.CharField(
        _("how it was obtained"), max_length=9, choices=Obtained, blank=True, default="", db_default=""
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["household", "purpose", "-occurred_at"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {_('given') if self.is_given else _('not given')}"
