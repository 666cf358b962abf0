"""An erasure: asked for by one, done by another. What is left of it names nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from regions.models import Region

RESOURCE = "retention.erasure"


class Ground(models.TextChoices):
    """Why somebody is erased: a short list, since a reason in one's own words may name them again."""

    ASKED = "asked", _("the person asked for it")
    CONSENT = "consent", _("the consent that it rested on was withdrawn")
    NEEDLESS = "needless", _("it is not needed any more")
    UNLAWFUL = "unlawful", _("it should never have been recorded")
    ORDER = "order", _("a court or an authority ordered it")


class ErasureState(models.TextChoices):
    """How far it is."""

    ASKED = "asked", _("waits for another person")
    LOOKING = "looking", _("a worker looks through what waits")
    DONE = "done", _("erased")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: From each state, where an erasure may go. Where little waits it is looked through in the request that erases.
TRANSITIONS: Mapping[ErasureState, frozenset[ErasureState]] = {
    ErasureState.ASKED: frozenset({ErasureState.LOOKING, ErasureState.DONE, ErasureState.WITHDRAWN}),
    ErasureState.LOOKING: frozenset({ErasureState.ASKED, ErasureState.DONE, ErasureState.WITHDRAWN}),
    ErasureState.DONE: frozenset(),
    ErasureState.WITHDRAWN: frozenset(),
}


class Answer(models.TextChoices):
    """What a person says of a row that may be of somebody who is to be erased."""

    SAME = "same", _("it is them: take it out")
    OTHER = "other", _("it is somebody else: it stays")
    LOOKED = "looked", _("I looked: they are not in it")


class SubjectKind(models.TextChoices):
    """What was asked to be erased."""

    PERSON = "displacement.person", _("person")
    HOUSEHOLD = "displacement.household", _("household")


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Questions about erasures. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Erasures of organisations in regions with which the user may do the action."""
        return self.filter(within_reach(user, RESOURCE, action, region="region"))

    def done(self) -> Self:
        """Those that were carried out."""
        return self.filter(state=ErasureState.DONE)

    def due(self, now: datetime) -> Self:
        """Those that want a worker: never begun, or left behind by one whose lease has ended."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now), state=ErasureState.LOOKING)

    def with_files(self) -> Self:
        """Those that left files of lists to a legal hold."""
        return self.exclude(files_waiting=[])


class Erasure(models.Model):
    """`subject` is the id of the person or household that was asked for; `people` and `households` are all that went with it:
    other records of the same human being, and the household of whoever was the last in it.

    `births_kept` is of how many of them the exact birth date had to stay, since they came into another age band while they
    were registered. `reasons_emptied` are words in the audit trail that were taken out; `reasons_naming`
    are those of an older release that hold a word of one of their names and cannot be, so somebody should know.

    `answers` say of rows of lists and forms that wait whether they are theirs (`Answer`), by what stands for the row; they go
    once it is done. `taken` counts what was taken out (`rows` of lists, `entries` of forms), and has what a restored database
    needs to take it out again: `marks` that stand for rows under a key, and ids of forms that were `emptied`.
    `files_waiting` are lists that named them and whose files a legal hold on somebody else keeps: they go when it ends.

    Where much waits, a worker looks through it (`looking`), and erases where `approved_by` says who let it; otherwise it only
    looks. `looked` is what came of that: the moment (`at`), where rows stand that a person has to answer (`open`: place, form
    or list, mark and number) and the code of what stood in the way (`problem`). `attempts` numbers the leases of workers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="erasures", verbose_name=_("of organisation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("registered in"))
    kind = models.CharField(_("what"), max_length=25, choices=SubjectKind)
    subject = models.UUIDField(_("record"))
    ground = models.CharField(_("why"), max_length=10, choices=Ground)
    state = models.CharField(_("state"), max_length=10, choices=ErasureState, default=ErasureState.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.UUIDField(_("asked by"))
    approved_at = models.DateTimeField(_("erased at"), null=True, blank=True)
    approved_by = models.UUIDField(_("erased by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.UUIDField(_("withdrawn by"), null=True, blank=True)
    withdraw_reason = models.CharField(_("why withdrawn"), max_length=300, blank=True)
    people = ArrayField(models.UUIDField(), verbose_name=_("people"), default=list, editable=False)
    households = ArrayField(models.UUIDField(), verbose_name=_("households"), default=list, editable=False)
    births_kept = models.PositiveIntegerField(_("exact birth dates that had to stay"), default=0)
    reasons_emptied = models.PositiveIntegerField(_("reasons taken out of the trail"), default=0)
    answers = models.JSONField(_("what was said of rows that may be theirs"), default=dict, editable=False)
    taken = models.JSONField(_("what was taken out of what waited"), default=dict, editable=False)
    files_waiting = ArrayField(
        models.UUIDField(), verbose_name=_("lists whose files wait"), default=list, editable=False
    )
    looked = models.JSONField(_("what a worker found"), default=dict, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    reasons_naming = models.PositiveIntegerField(_("reasons in the trail that may name them"), default=0)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="erasure_asked_once",
                fields=["subject"],
                condition=Q(state__in=["asked", "looking"]),
                violation_error_message=_("This was asked for already, and waits for another person."),
                violation_error_code="asked",
            ),
            models.CheckConstraint(
                name="erasure_by_two_persons",
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                violation_error_message=_("Nobody erases what they asked for themselves. Ask a colleague."),
            ),
            models.CheckConstraint(
                name="erasure_done_whole",
                condition=Q(state="done", approved_at__isnull=False, approved_by__isnull=False)
                | (~Q(state="done") & Q(approved_at=None, people=[], households=[]))
                & (Q(approved_by=None) | Q(state="looking")),
                violation_error_message=_("An erasure names who carried it out, when, and which records."),
            ),
            models.CheckConstraint(
                name="erasure_withdrawn_whole",
                condition=(
                    Q(state="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdraw_reason="")
                )
                | (~Q(state="withdrawn") & Q(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")),
                violation_error_message=_("A withdrawn erasure needs who withdrew it, when and why."),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it can still be withdrawn."""
        return ErasureState.WITHDRAWN in TRANSITIONS[ErasureState(self.state)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
