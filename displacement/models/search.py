"""Searches of the register for people who stand in it twice: what was searched, and with what result."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from displacement.identity.erasing import Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.person import Person


class DuplicateSearch(models.Model):
    """One search that came to its end. Pairs that it found carry its id as their run."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finished_at = models.DateTimeField(_("finished"))
    seconds = models.FloatField(_("seconds"))
    is_whole = models.BooleanField(_("all people against all"))
    people_searched = models.PositiveIntegerField(_("people searched for"))
    pairs_compared = models.PositiveBigIntegerField(_("pairs compared"))
    pairs_found = models.PositiveIntegerField(_("possible duplicates"))
    pairs_new = models.PositiveIntegerField(_("of these, new"))

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}"


class SearchedPerson(models.Model):
    """A person for whom duplicates were searched, as they were described then.

    A `fingerprint` that differs from the person's present one says that something of what is compared has changed since: name,
    birth, sex, telephone, home, or the weights. Then they are searched for again.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase({"person": Fate.REMOVE})

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("person")
    )
    fingerprint = models.BigIntegerField(_("fingerprint"))

    class Meta:
        verbose_name = _("person searched for")
        verbose_name_plural = _("people searched for")

    def __str__(self) -> str:
        return str(self.pk)
