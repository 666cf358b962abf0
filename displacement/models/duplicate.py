"""Who is who: pairs of persons who may be one, what people said of them, and merges that can be taken back."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.bounds import WAYS
from accounts.models import Organisation, User
from accounts.visibility import reached, within_way
from displacement.identity.erasing import NAMES_NOBODY, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.kept_values import KeptValues
from displacement.models.person import Person

_PAIR = "displacement.possibleduplicate"


class Verdict(models.TextChoices):
    """What a person says of a pair."""

    SAME = "same", _("one person")
    DIFFERENT = "different", _("two persons")
    LATER = "later", _("later")


class PairState(models.TextChoices):
    """How far a pair is decided. Who put it off sees it again, behind all others."""

    OPEN = "open", _("open")
    LATER = "later", _("put off")
    SAME = "same", _("one person")
    DIFFERENT = "different", _("two persons")


#: Not decided yet.
UNDECIDED = (PairState.OPEN, PairState.LATER)


class PossibleDuplicateQuerySet(models.QuerySet["PossibleDuplicate"]):
    """Questions about pairs. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Pairs of which the user may see at least one record. What of the other is shown, `disclosure` says."""
        return self.filter(reached(user, _PAIR, action))

    def within_one_reach(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Pairs of which the user reaches both records."""
        return self.filter(*(within_way(user, _PAIR, action, way) for way in WAYS[_PAIR]))

    def waiting(self) -> Self:
        """Pairs that somebody has to look at: not decided, and both records stand on their own."""
        return self.filter(
            state__in=UNDECIDED,
            first__merged_into=None,
            first__voided_at=None,
            second__merged_into=None,
            second__voided_at=None,
        )

    def in_turn(self) -> Self:
        """The likeliest first, what was put off last; one order for everybody."""
        return self.order_by("-state", F("probability").desc(nulls_last=True), "id")


class PossibleDuplicate(models.Model):
    """Two persons who may be one human being. A pair is unordered, stands once, and is never asked about again once judged.

    `probability` is what the comparison said when it last found the open pair; None where people brought the two together.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"first": OnMerge.LEAVE, "second": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase({"first": Fate.REMOVE, "second": Fate.REMOVE})

    first = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("one"), db_index=False)
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("the other"))
    probability = models.FloatField(_("probability"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    run = models.UUIDField(_("found by run"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PairState, default=PairState.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.UUIDField(_("decided by"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    carried_by = models.ForeignKey(
        "Merge", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carried by merge")
    )

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-id"]
        indexes = [
            models.Index(
                F("state").desc(),
                F("probability").desc(nulls_last=True),
                "id",
                name="duplicate_in_turn",
                condition=Q(state__in=["open", "later"]),
            ),
            models.Index(fields=["run"], name="duplicate_by_run", condition=Q(run__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="duplicate_pair_once",
                violation_error_message=_("These two are in the list already. Look for their pair there."),
            ),
            models.CheckConstraint(
                name="duplicate_pair_in_order",
                condition=Q(first__lt=F("second")),
                violation_error_message=_("A pair is of two different persons, the earlier record first."),
            ),
            models.CheckConstraint(
                name="duplicate_probability",
                condition=Q(probability=None) | Q(probability__gte=0, probability__lte=1),
                violation_error_message=_("A probability lies between 0 and 1."),
            ),
            models.CheckConstraint(
                name="duplicate_decided_whole",
                condition=Q(state=PairState.OPEN, decided_at=None, decided_by=None)
                | (~Q(state=PairState.OPEN) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                violation_error_message=_("A decided pair needs who decided it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"


class PairWord(models.Model):
    """What one organisation says of a pair whose other record it may not see. Each organisation has one word, its latest."""

    pair = models.ForeignKey(PossibleDuplicate, models.CASCADE, related_name="words", verbose_name=_("pair"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    verdict = models.CharField(_("says"), max_length=10, choices=Verdict)
    decided_at = models.DateTimeField(_("said"))
    decided_by = models.UUIDField(_("said by"))
    reason = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("word on a pair")
        verbose_name_plural = _("words on pairs")
        ordering = ["pair", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "organisation"],
                name="pair_word_once",
                violation_error_message=_("Your organisation has said what it thinks of this pair."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display()


class MergeQuerySet(models.QuerySet["Merge"]):
    """Questions about merges. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Merges of which the user may see both records."""
        unerased = Q(kept__erased_at=None, merged__erased_at=None)
        return self.filter(unerased, reached(user, "displacement.merge", action))

    def standing(self) -> Self:
        """Merges that were not taken back."""
        return self.filter(unmerged_at=None)


class Merge(models.Model):
    """That `merged` is the human being who is registered as `kept`. Both records stay; every row that named `merged` names the
    survivor from `merged_at` on, and its own person again from `unmerged_at` on.

    `kept` is who survived this merge; where that record was merged in its turn, `merged.merged_into` names the survivor of all.
    Ids rise in the order of merges of the same person, since both records are locked when one is drawn.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"kept": OnMerge.LEAVE, "merged": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase(
        {"kept": Fate.KEEP, "merged": Fate.KEEP},
        empties={"reason": ""},
        by_hand={"unmerge_reason": "displacement.actions.erasing"},
    )

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("kept"))
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("merged into it"))
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.UUIDField(_("merged by"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    unmerged_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    unmerged_by = models.UUIDField(_("taken back by"), null=True, blank=True)
    unmerge_reason = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(unmerged_at=None),
                name="merge_once",
                violation_error_message=_("This record is merged into another one already. Reload the page."),
            ),
            models.CheckConstraint(
                name="merge_of_two",
                condition=~Q(kept=F("merged")),
                violation_error_message=_("A record cannot be merged into itself. Choose another one."),
            ),
            models.CheckConstraint(
                name="merge_taken_back_whole",
                condition=Q(unmerged_at=None, unmerged_by=None, unmerge_reason="")
                | (Q(unmerged_at__isnull=False, unmerged_by__isnull=False) & ~Q(unmerge_reason="")),
                violation_error_message=_("A merge that is taken back needs who did so, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Merge')} {self.pk}"


class Repointing(models.Model):
    """One row that names another person since a merge, or again its own since the merge was taken back (`is_return`).

    Never changed or removed: a trigger refuses it. As known at a moment, a row names `old` of its earliest entry after that
    moment; without one, what it names today.
    """

    on_erase: ClassVar[OnErase] = OnErase(
        keeps={"row": NAMES_NOBODY, "old": NAMES_NOBODY, "new": NAMES_NOBODY},
    )

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="entries", verbose_name=_("merge"))
    at = models.DateTimeField(_("at"), db_index=True)
    model = models.CharField(_("kind of record"), max_length=60)
    field = models.CharField(_("field"), max_length=60)
    row = models.UUIDField(_("record"))
    old = models.UUIDField(_("named before"), null=True)
    new = models.UUIDField(_("names since"), null=True)
    is_return = models.BooleanField(_("taken back"), default=False)

    class Meta:
        verbose_name = _("re-pointed record")
        verbose_name_plural = _("re-pointed records")
        ordering = ["id"]
        indexes = [models.Index(fields=["row", "id"], name="repointing_of_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"


class TakenOverQuerySet(models.QuerySet["TakenOver"]):
    """Questions about what was taken over. They add conditions only, no query."""

    def standing(self) -> Self:
        """What was taken over and not given back."""
        return self.filter(returns=None, returned=None)


class TakenOver(models.Model):
    """That a merge put the merged record's values in place of the survivor's own, or (`returns`) that they went back.

    One entry for each thing of `identity.takeable`, with all its columns in `old` and `new`. Never changed or removed: a
    trigger refuses it, but for the values of whoever is erased. As known at a moment, a row has `old` of its earliest entry
    after that moment; without one, what it has today. What goes back while a later merge or edit holds the place is an entry
    whose `old` is its `new`.
    """

    on_erase: ClassVar[OnErase] = OnErase(
        keeps={"row": NAMES_NOBODY},
        by_hand={"old": "displacement.actions.erasing", "new": "displacement.actions.erasing"},
    )

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="taken", verbose_name=_("merge"))
    at = models.DateTimeField(_("at"), db_index=True)
    model = models.CharField(_("kind of record"), max_length=60)
    row = models.UUIDField(_("record"))
    field = models.CharField(_("field"), max_length=60)
    old = KeptValues(_("value before"))
    new = KeptValues(_("value since"))
    rests_on = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="passed_on",
        verbose_name=_("rests on"),
        help_text=_("The entry that had brought the value to the merged record, where another merge had."),
    )
    returns = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="returned", verbose_name=_("gives back")
    )

    objects = TakenOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("value taken over")
        verbose_name_plural = _("values taken over")
        ordering = ["id"]
        indexes = [models.Index(fields=["row", "field", "id"], name="taken_over_of_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row} {self.field}"
