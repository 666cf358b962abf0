"""Records that can be erased: what identifies goes, a tombstone stays by which figures are counted."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, FactQuerySet


class ErasableQuerySet(FactQuerySet):
    """Questions about records of which some are tombstones. They add conditions only, no query."""

    def current(self) -> Self:
        """Records that stand now: neither voided nor erased. Figures count tombstones, too, and never ask by this."""
        return super().current().unerased()

    def unerased(self) -> Self:
        """Records of which more than a tombstone is here."""
        return self.filter(erased_at=None)


class Erasable(Fact):
    """A fact about people that can be erased. `erased_at` is when that was done, here and now or after a restore."""

    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    erased_by = models.UUIDField(_("erased by"), null=True, blank=True, editable=False)

    class Meta(Fact.Meta):
        abstract = True

    @property
    def is_erased(self) -> bool:
        """Whether only a tombstone is here."""
        return self.erased_at is not None
