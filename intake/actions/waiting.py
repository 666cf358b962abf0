"""Looking for somebody in all that waits, and taking them out of it: part of an erasure (docs/adr/0052)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.refusals import refusal
from displacement.identity.spotting import Known, Sureness, forget
from intake.models import Batch, KoboForm, Submission
from intake.models.batch import ENDED, WORKING, BatchState
from intake.waiting import forms, lists
from intake.waiting.found import WHOLE, Found, Place, Taken

#: Submissions that are opened at once.
_AT_ONCE = 500


def look(*, organisations: Collection[UUID], known: Sequence[Known], ids: Collection[UUID]) -> list[Found]:
    """Whatever waits at these organisations and tells, or may tell, of somebody, forms first.

    Opens every form that is not in the register by an accepted list, and every file of a list that waits. Raises
    ValidationError `busy` while a worker has one of the lists.
    """
    if not known:
        return []
    waiting = _lists(organisations)
    if waiting.filter(state__in=WORKING).exists():
        words = _("A list is being read or written just now, and may hold them. Try again in a minute.")
        raise refusal(words, code="busy")
    try:
        found = list(_in_forms(organisations, known))
        for batch in waiting.order_by("pk"):
            found += lists.look(batch, known, ids)
        return found
    finally:
        forget()


def lock(organisations: Collection[UUID]) -> None:
    """Let no form be gathered and no list go on until the transaction ends. Two queries."""
    forms_of = KoboForm.objects.filter(organisation__in=organisations).order_by("pk")
    list(forms_of.select_for_update(no_key=True).values_list("pk"))
    list(_lists(organisations).order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def take_out(found: Sequence[Found], *, ids: Collection[UUID], names: Collection[str], by: Actor) -> Taken:
    """Take out of locked forms and lists what was found; audited for each. Files as a whole stay: a person saw to them.

    Raises ValidationError `half_written` for a list of which a part is in the register.
    """
    taken, of_forms, of_lists = Taken(), defaultdict[UUID, set[int]](set), defaultdict[UUID, set[int]](set)
    for each in found:
        if each.mark != WHOLE:
            (of_forms if each.place is Place.FORM else of_lists)[each.holder].add(each.mark)
    for submission in Submission.objects.filter(pk__in=of_forms).order_by("pk"):
        marks = of_forms[submission.pk]
        submission.payload = forms.without(submission.payload, marks)
        submission.save(update_fields=["payload"])
        record("forget_person", submission, by=by, detail={"entries": len(marks)})
        taken.entries += len(marks)
        if not submission.payload:
            taken.emptied.append((str(submission.form_id), submission.instance))
    for batch in Batch.objects.filter(pk__in=of_lists).order_by("pk"):
        taken.rows += _take_out_of_list(batch, of_lists[batch.pk], ids, names, by=by)
    taken.marks = sorted({each.mark for each in found} - {WHOLE})
    return taken


def keep_places(emptied: Collection[tuple[str, str]], *, by: Actor) -> int:
    """Keep the places of forms that were emptied, so that a server which sends them again brings nobody back; how many."""
    rows = [
        Submission(form_id=UUID(form), instance=instance, payload={}, received_by=by.pk)
        for form, instance in emptied
    ]
    forms_here = set(
        KoboForm.objects.filter(pk__in={row.form_id for row in rows}).values_list("pk", flat=True)
    )
    before = Submission.objects.filter(form__in=forms_here).count()
    here = [row for row in rows if row.form_id in forms_here]
    Submission.objects.bulk_create(here, ignore_conflicts=True)
    return Submission.objects.filter(form__in=forms_here).count() - before


def _take_out_of_list(
    batch: Batch, marks: Collection[int], ids: Collection[UUID], names: Collection[str], *, by: Actor
) -> int:
    if batch.accepted_at is not None:
        words = _("A list that is half written holds them. Try it again or take it back first, then erase.")
        raise refusal(words, code="half_written")
    gone = lists.take_out(batch, marks, ids)
    if any(name in batch.name.casefold() for name in names):
        batch.name = "—"
    if batch.state == BatchState.DISCARDED:
        batch.rows_removed_at, batch.rows_removed_by = batch.state_since, by.pk
    batch.save()
    record("forget_person", batch, by=by, detail={"rows": gone, "state": batch.state})
    return gone


def _in_forms(organisations: Collection[UUID], known: Sequence[Known]) -> Iterator[Found]:
    waiting = Submission.objects.filter(form__organisation__in=organisations).exclude(payload="")
    waiting = waiting.exclude(batch__state=BatchState.ACCEPTED).select_related("form").order_by("pk")
    for submission in waiting.iterator(chunk_size=_AT_ONCE):
        for mark, sure, cells in forms.look(submission.payload, known):
            yield Found(Place.FORM, submission.pk, mark, sure, submission.form.name, shown=cells)


def _lists(organisations: Collection[UUID]) -> QuerySet[Batch]:
    return Batch.objects.filter(~Q(state__in=ENDED), organisation__in=organisations)


def is_sure(each: Found) -> bool:
    """Whether no person has to look."""
    return each.sureness is Sureness.SAME
