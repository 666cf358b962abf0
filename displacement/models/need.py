"""Specific needs: a table, since reporting standards differ and change."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.person import Person


class SpecificNeed(models.Model):
    """One kind of need. Codes follow UNHCR's specific needs codes where there is one."""

    code = models.CharField(_("code"), max_length=10, primary_key=True)
    group = models.CharField(_("group"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("specific need")
        verbose_name_plural = _("specific needs")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en


class PersonNeed(Fact):
    """That a person has a need, from `occurred_at` until the record is voided."""

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.RE_POINT}
    on_erase: ClassVar[OnErase] = OnErase({"person": Fate.KEEP}, keeps={"need": FIGURES})

    person = models.ForeignKey(Person, models.PROTECT, related_name="needs", verbose_name=_("person"))
    need = models.ForeignKey(SpecificNeed, models.PROTECT, related_name="+", verbose_name=_("need"))

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("need of a person")
        verbose_name_plural = _("needs of people")
        ordering = ["person", "need"]

    def __str__(self) -> str:
        return str(self.need_id)
