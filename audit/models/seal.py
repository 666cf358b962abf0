"""The chain of an organisation: each transaction's part of its trail, sealed at commit."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

#: The act by which the service's own chain holds the heads of all others (audit.actions.binding).
BINDING = "bind_chains"


class Seal(models.Model):
    """What one transaction left in one organisation's trail, and the hash that chains it to the seal before.

    Written by a deferred trigger at commit, under a lock of the organisation, so that numbers have no gaps and no number
    is given twice. `digest` is over the block's rows in the order of their ids, `hash` over this row with `previous`, the
    hash of the number before. Nothing of this depends on the program: `audit.verifying` computes it anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.UUIDField(_("organisation"))
    number = models.BigIntegerField(_("number"))
    block = models.UUIDField(_("transaction"))
    at = models.DateTimeField(_("at"))
    events = models.IntegerField(_("rows sealed"))
    digest = models.BinaryField(_("digest"))
    previous = models.BinaryField(_("hash of the seal before"))
    hash = models.BinaryField(_("hash"))
    role = models.CharField(_("role of the database"), max_length=63)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["organisation_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "number"], name="seal_once"),
            models.UniqueConstraint(fields=["block", "organisation_id"], name="seal_of_block_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.number}"
