"""Batches: one list each, from the file to the register."""

from collections.abc import Mapping as MappingType
from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import may, reached, within_reach
from intake.models.mapping import Mapping
from regions.models import Region


class BatchState(models.TextChoices):
    """Where a batch stands on its way."""

    RECEIVED = "received", _("received")
    NEEDS_MAPPING = "needs_mapping", _("columns to be named")
    STAGING = "staging", _("being read and checked")
    READY = "ready", _("ready to be looked at")
    ACCEPTING = "accepting", _("being written")
    ACCEPTED = "accepted", _("in the register")
    FAILED = "failed", _("failed")
    UNDONE = "undone", _("taken back")
    DISCARDED = "discarded", _("discarded")


#: From each state, where a batch may go. Whatever is not listed does not happen: `intake.ways` asks this table for every step,
#: and the diagram is drawn from it.
TRANSITIONS: MappingType[BatchState, frozenset[BatchState]] = {
    BatchState.RECEIVED: frozenset({BatchState.NEEDS_MAPPING, BatchState.STAGING, BatchState.DISCARDED}),
    BatchState.NEEDS_MAPPING: frozenset({BatchState.STAGING, BatchState.DISCARDED}),
    BatchState.STAGING: frozenset(
        {BatchState.NEEDS_MAPPING, BatchState.READY, BatchState.FAILED, BatchState.DISCARDED}
    ),
    BatchState.READY: frozenset({BatchState.STAGING, BatchState.ACCEPTING, BatchState.DISCARDED}),
    BatchState.ACCEPTING: frozenset({BatchState.ACCEPTED, BatchState.FAILED}),
    BatchState.ACCEPTED: frozenset({BatchState.UNDONE}),
    BatchState.FAILED: frozenset(
        {BatchState.STAGING, BatchState.ACCEPTING, BatchState.UNDONE, BatchState.DISCARDED}
    ),
    BatchState.UNDONE: frozenset(),
    BatchState.DISCARDED: frozenset(),
}
#: States in which a worker has to do something.
WORKING = (BatchState.STAGING, BatchState.ACCEPTING)
#: States after which the same file may be sent again.
GONE = (BatchState.DISCARDED, BatchState.UNDONE)
#: States in which nothing of the list waits for anybody: its rows are kept for a while and then removed.
ENDED = (BatchState.ACCEPTED, BatchState.UNDONE, BatchState.DISCARDED)


#: What each kind of list tells of: who may not see that, sees no list of it either. The same as the kinds' own permission.
RESOURCES: MappingType[str, str] = {
    "people": "displacement.household",
    "movements": "displacement.movement",
    "shelters": "shelters.shelter",
    "stays": "shelters.stay",
    "casualties": "displacement.casualty",
    "claims": "displacement.claim",
}


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions about batches. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Batches of the organisations for which the user takes lists in, in the regions of that role.

        A list is for those who add such records there: it shows all that was sent, also what their role shows of no record.
        Whoever only looks at lists sees those of records that they see.
        """
        act = "add" if may(user, "intake.batch", "change") else "view"
        kinds = Q(pk__in=[])
        for kind, resource in RESOURCES.items():
            if may(user, resource, act):
                kinds |= Q(kind=kind) & within_reach(user, resource, act, region="registered_in")
        return self.filter(reached(user, "intake.batch"), kinds)

    def standing(self) -> Self:
        """Batches that were neither discarded nor taken back."""
        return self.exclude(state__in=GONE)

    def kept_too_long(self, before: datetime) -> Self:
        """Batches that ended before this moment, of which the file and the rows are still here."""
        return self.filter(state__in=ENDED, state_since__lt=before, rows_removed_at=None)

    def due(self, now: datetime) -> Self:
        """Batches that want a worker: never begun, or left behind by one whose lease has ended."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now), state__in=WORKING)


class Batch(models.Model):
    """One list that somebody sent, from its bytes to what the register holds of it.

    `progress` of `total` rows are read, or written while it is accepted; `written_through` is the place of the last row of the
    last chunk that was committed with what it wrote, and `outcome` counts what was written. `counts` is what the check found.
    From `rows_removed_at` on neither the file nor its rows are here any more; counts, findings and `digest` stay, and so does
    the way from the register back to the batch: ids of what it wrote lie in `intake.row_ids.RowIds.bounds`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="batches", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind of list"), max_length=20)
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField("SHA-256", max_length=64, editable=False)
    size = models.BigIntegerField(_("bytes"), editable=False)
    format = models.CharField(_("format"), max_length=10, blank=True)
    registered_in = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name=_("registered in")
    )
    mapping = models.ForeignKey(
        Mapping,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="batches",
        verbose_name=_("mapping of columns"),
    )
    headings = models.JSONField(_("headings of the file, in order"), default=list, blank=True)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=15, choices=BatchState, default=BatchState.RECEIVED, db_index=True
    )
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    failure = models.CharField(_("why it failed"), max_length=60, blank=True)
    notices = models.JSONField(_("notices"), default=list, blank=True)
    counts = models.JSONField(_("what the check found"), default=dict, blank=True)
    outcome = models.JSONField(_("what was written"), default=dict, blank=True)
    progress = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    written_through = models.PositiveIntegerField(default=0, editable=False)
    with_warnings = models.BooleanField(_("rows with warnings too"), default=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    received_by = models.UUIDField(editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, editable=False)
    accepted_by = models.UUIDField(null=True, blank=True, editable=False)
    #: By whose right a worker writes: of who accepted the list, or had it tried again since. `accepted_by` stays the author.
    written_for = models.UUIDField(null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    undone_by = models.UUIDField(null=True, blank=True, editable=False)
    undo_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True, editable=False)
    rows_removed_at = models.DateTimeField(_("rows removed at"), null=True, blank=True, editable=False)
    rows_removed_by = models.UUIDField(null=True, blank=True, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists sent in")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["leased_until"], name="batch_working", condition=Q(state__in=["staging", "accepting"])
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "digest"],
                condition=~Q(state__in=["discarded", "undone"]),
                name="batch_file_once",
                violation_error_message=_("This file is here already. Look for its batch in the list."),
                violation_error_code="file_known",
            ),
            models.CheckConstraint(
                name="batch_accepted_whole",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_undone_whole",
                condition=(
                    Q(state="undone", undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")
                )
                | (~Q(state="undone") & Q(undone_at=None, undone_by=None, undo_reason="")),
                violation_error_message=_("A batch that was taken back needs who did it, when and why."),
            ),
            models.CheckConstraint(
                name="batch_rows_removed_whole",
                condition=Q(rows_removed_at=None, rows_removed_by=None)
                | Q(
                    rows_removed_at__isnull=False,
                    rows_removed_by__isnull=False,
                    state__in=["accepted", "undone", "discarded"],
                ),
                violation_error_message=_("The rows of this list were removed: it goes no further."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_whose_right(self) -> UUID:
        """Who answers for what the list does next: who had it written last, before that who sent it."""
        return self.written_for or self.accepted_by or self.received_by

    def may_become(self, state: BatchState) -> bool:
        """Whether the way leads from here to the state."""
        return state in TRANSITIONS[BatchState(self.state)]


class BatchPart(models.Model):
    """Some of the file's bytes, compressed and sealed: any worker can read the file, and no copy of the database."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="parts", verbose_name=_("batch"))
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="batch_part_once")]

    def __str__(self) -> str:
        return str(self.number)
