"""Somebody looked for in all that waits, in passes: each opens only what came or changed since the last."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core.refusals import refusal
from displacement.identity.spotting import Known, forget
from intake.models import Batch, StagedRow, Submission
from intake.models.batch import ENDED, WORKING, BatchState
from intake.waiting import forms, lists
from intake.waiting.found import Found, Place

#: Submissions that are opened at once.
_AT_ONCE = 500
#: What a web request looks through itself, some seconds' work: so many forms and rows, and so many bytes of files.
MOST_ENTRIES, MOST_BYTES = 5_000, 1_000_000


class Search:
    """Whatever waits at these organisations and tells, or may tell, of somebody; nothing of it is kept but in memory.

    `tell` is called now and then while it looks, also in the middle of a long file.
    """

    def __init__(
        self,
        organisations: Collection[UUID],
        known: Sequence[Known],
        ids: Collection[UUID],
        *,
        tell: Callable[[], object] = lambda: None,
    ) -> None:
        self.organisations, self.known, self.ids = frozenset(organisations), list(known), frozenset(ids)
        self._tell = tell
        self._seen: dict[Any, list[Found]] = {}

    @property
    def found(self) -> list[Found]:
        """What was found in what waited at the last pass, forms first."""
        return [each for found in self._seen.values() for each in found]

    def go_on(self, *, leaving_busy: bool = False) -> int:
        """Look through what was not looked through as it is now; how many forms and lists that were.

        Raises ValidationError `busy` while a worker has one of the lists, unless these are left for a later pass.
        """
        if not self.known:
            return 0
        try:
            return self._pass(leaving_busy)
        finally:
            forget()

    def _pass(self, leaving_busy: bool) -> int:
        lists_ = list(lists_that_wait(self.organisations).order_by("pk"))
        if not leaving_busy and any(batch.state in WORKING for batch in lists_):
            words = _("A list is being read or written just now, and may hold them. Try again in a minute.")
            raise refusal(words, code="busy")
        keys = list(forms_that_wait(self.organisations).order_by("pk").values_list("pk", flat=True))
        before, self._seen = self._seen, {}
        new = [pk for pk in keys if pk not in before]
        self._seen = {pk: before[pk] for pk in keys if pk in before}
        for start in range(0, len(new), _AT_ONCE):
            self._seen |= self._in_forms(new[start : start + _AT_ONCE])
            self._tell()
        opened = len(new)
        for batch in lists_:
            key = (batch.pk, batch.state_since, batch.size)
            if key in before:
                self._seen[key] = before[key]
            elif batch.state not in WORKING:
                self._seen[key] = list(lists.look(batch, self.known, self.ids, tell=self._tell))
                opened += 1
        return opened

    def _in_forms(self, keys: Sequence[Any]) -> dict[Any, list[Found]]:
        rows = Submission.objects.filter(pk__in=keys).select_related("form").order_by("pk")
        return {each.pk: list(found_in(each, self.known)) for each in rows}


def found_in(submission: Submission, known: Sequence[Known]) -> Iterator[Found]:
    """Members of one form that tell, or may tell, of somebody."""
    for mark, sure, cells in forms.look(submission.payload, known):
        yield Found(Place.FORM, submission.pk, mark, sure, submission.form.name, shown=cells)


def forms_that_wait(organisations: Collection[UUID]) -> QuerySet[Submission]:
    """Forms that are in no accepted list."""
    waiting = Submission.objects.filter(form__organisation__in=organisations).exclude(payload="")
    return waiting.exclude(batch__state=BatchState.ACCEPTED)


def lists_that_wait(organisations: Collection[UUID]) -> QuerySet[Batch]:
    """Lists before their acceptance, and those that are half written."""
    return Batch.objects.filter(~Q(state__in=ENDED), organisation__in=organisations)


def rows_without_keys(organisations: Collection[UUID]) -> QuerySet[StagedRow]:
    """Rows of ended lists that have no keys, since they were refused or are of another kind: an erasure opens each of them."""
    rows = StagedRow.objects.filter(batch__organisation__in=organisations, batch__state__in=ENDED)
    return rows.exclude(raw="", batch__kind="people").exclude(keys__len__gt=0, batch__kind="people")


def is_much(organisations: Collection[UUID]) -> bool:
    """Whether looking through all of it takes longer than anybody waits for a page. Three queries that count to the bound."""
    size = lists_that_wait(organisations).aggregate(total=Sum("size"))["total"] or 0
    if size > MOST_BYTES:
        return True
    entries = 0
    for rows in (forms_that_wait(organisations), rows_without_keys(organisations)):
        entries += rows.order_by()[: MOST_ENTRIES + 1].count()
    return entries > MOST_ENTRIES
