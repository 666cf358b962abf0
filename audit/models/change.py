"""What one statement did to the rows of one table, whoever or whatever sent it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.models.sealed import Sealed

#: A statement that touched no more rows than this has their keys beside their digest.
KEYS_TOLD = 20


class RowChange(Sealed):
    """A statement that changed rows of a watched table, written by triggers: actions, bulk writes, COPY and raw SQL alike.

    One row for each statement and organisation whose rows it changed. It tells no value: `columns` are the names of columns
    that an UPDATE changed in any row, `keys` the primary keys where there are at most KEYS_TOLD, `ids` all of them where other
    systems are told of the table, `digest` the SHA-256 over all of them in order. Who acted, the acts of the same block say; a
    block without any is one that no action wrote, and `role` is the database's role that did.
    """

    table_name = models.CharField(_("table"), max_length=63)
    operation = models.CharField(_("what"), max_length=10)
    #: None for TRUNCATE, which counts nothing.
    rows = models.BigIntegerField(_("rows"), null=True)
    columns = ArrayField(models.CharField(max_length=200), verbose_name=_("columns"), default=list)
    keys = ArrayField(models.CharField(max_length=200), verbose_name=_("keys"), default=list)
    #: All keys in the order of the digest, of tables whose changes other systems are told; the digest seals them.
    ids = ArrayField(models.UUIDField(), verbose_name=_("all keys"), null=True, editable=False)
    digest = models.BinaryField(_("digest of the keys"))
    role = models.CharField(_("role of the database"), max_length=63)
    #: 1: sealed before it was sealed whether `ids` are kept, and how many; 2: with it.
    form = models.SmallIntegerField(_("how it is sealed"), db_default=2, editable=False)

    class Meta:
        verbose_name = _("change of rows")
        verbose_name_plural = _("changes of rows")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.operation} {self.table_name}"
