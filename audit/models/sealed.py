"""What every row of the trail has: its time, whose chain it belongs to, and the transaction that it was written in."""

from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

#: The chain of what belongs to no organisation: users, reports, the service itself.
SERVICE = UUID(int=0)


class Sealed(models.Model):
    """A row of the trail. PostgreSQL gives it `block`, and seals the block into its organisation's chain at commit.

    `block` is one transaction: what was done, read and changed together. Where no organisation is given, it is that of which
    the transaction wrote a row before, else SERVICE. Rows are only ever added: triggers refuse UPDATE, DELETE and TRUNCATE.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    organisation_id = models.UUIDField(_("organisation"), null=True, editable=False)
    block = models.UUIDField(_("transaction"), null=True, editable=False, db_index=True)

    class Meta:
        abstract = True
