"""Rows on their way, and what was found about them."""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.sealed import SealedJSONField
from displacement.identity.erasing import NAMES_NOBODY, OnErase
from intake.models.batch import ENDED, Batch


class Severity(models.IntegerChoices):
    """How bad it is. A row with an error is refused; a row with a warning is taken where the clerk says so."""

    FINE = 0, _("fine")
    WARNING = 1, _("warning")
    ERROR = 2, _("refused")


class StagedRow(models.Model):
    """One row of a list, read and not yet in the register.

    `value` holds one text for each slot of the kind, normalised, empty where nothing is known. `raw` holds the file's own cells
    and only where reading them found something; the file itself is kept. What is contact
    in `value` is sealed (intake.slots). Rows of one household have one `lead`, the number
    of its first row, and are written together. Ids are given here, so that writing a row twice is refused by the primary key.

    There is no foreign key in the database: it would be checked for each of a million rows that one COPY brings.
    """

    on_erase: ClassVar[OnErase] = OnErase(
        keeps=dict.fromkeys(("record_id", "parent_id", "known_as"), NAMES_NOBODY),
        by_hand=dict.fromkeys(("value", "raw", "keys", "fingerprint"), "intake.actions.forgetting"),
    )

    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(
        Batch,
        models.CASCADE,
        related_name="rows",
        db_constraint=False,
        db_index=False,
        verbose_name=_("batch"),
    )
    number = models.PositiveIntegerField(_("row"))
    lead = models.PositiveIntegerField(_("first row of the group"))
    record_id = models.UUIDField(_("record"))
    parent_id = models.UUIDField(_("group"), null=True)
    fingerprint = models.BigIntegerField(null=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity, default=Severity.FINE)
    is_left_out = models.BooleanField(_("left out"), default=False)
    known_as = models.UUIDField(_("registered already as"), null=True)
    keys = ArrayField(models.TextField(), default=list)
    value = ArrayField(models.TextField())
    raw = SealedJSONField(null=True)

    @staticmethod
    def erase_objection(people: Collection[UUID], households: Collection[UUID]) -> str:
        """A list that is half written brings somebody back a moment later; others lose the row instead. One query."""
        begun = StagedRow.objects.exclude(batch__state__in=ENDED).exclude(batch__accepted_at=None)
        if not begun.filter(Q(known_as__in=[*people, *households]) | Q(record_id__in=people)).exists():
            return ""
        return gettext(
            "A list that is half written holds one of these people. Try it again or take it back first."
        )

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of lists")
        indexes = [models.Index(fields=["batch", "lead", "number"], name="staged_in_order")]

    def __str__(self) -> str:
        return str(self.number)


class Finding(models.Model):
    """That something about a row is wrong or doubtful. It names row, column and code and never holds the value."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        Batch,
        models.CASCADE,
        related_name="findings",
        db_constraint=False,
        db_index=False,
        verbose_name=_("batch"),
    )
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=60, blank=True)
    code = models.CharField(_("code"), max_length=40)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    other_row = models.PositiveIntegerField(_("the other row"), null=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["batch", "row", "id"]
        indexes = [models.Index(fields=["batch", "row"], name="finding_by_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.column} {self.code}"
