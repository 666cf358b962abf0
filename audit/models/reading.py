"""Who looked at which records that tell of people."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.sealed import Sealed


class Reading(Sealed):
    """One page or answer that showed records of people. Its organisation is that of whoever read.

    `object_id` is the record whose page it was, empty for a list; `ids` are the records that were shown. What somebody
    searched for is not kept: it may be a name.
    """

    actor_id = models.UUIDField(_("by"), db_index=True)
    page = models.CharField(_("page"), max_length=100)
    object_type = models.CharField(_("kind of record"), max_length=60)
    object_id = models.CharField(_("record"), max_length=40, blank=True)
    shown = models.IntegerField(_("records shown"))
    ids = ArrayField(models.CharField(max_length=40), verbose_name=_("which"), default=list)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="reading_by_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.page}"
