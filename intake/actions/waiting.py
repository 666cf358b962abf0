"""Looking for somebody in all that waits, and taking them out of it: part of an erasure (docs/adr/0052)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.refusals import refusal
from displacement.identity.spotting import Known, Sureness, forget
from intake.arrivals import stop
from intake.models import Batch, KoboForm, Submission
from intake.models.batch import BatchState
from intake.waiting import forms, lists
from intake.waiting.found import WHOLE, Found, Place, Taken
from intake.waiting.search import found_in, lists_that_wait


def lock(organisations: Collection[UUID]) -> None:
    """Let nothing come in, no form be gathered and no list go on until the transaction ends. Two queries, and one for each."""
    stop(organisations)
    forms_of = KoboForm.objects.filter(organisation__in=organisations).order_by("pk")
    list(forms_of.select_for_update(no_key=True).values_list("pk"))
    waiting = lists_that_wait(organisations).order_by("pk")
    list(waiting.select_for_update(of=("self",), no_key=True).values_list("pk"))


def read_again(noted: Iterable[tuple[str, str, int, int]], known: Sequence[Known]) -> list[Found]:
    """Rows that a search found, by where they stand: place, form or list, mark and number. Opens only what they stand in.

    What is not there any more is left out.
    """
    wanted: dict[tuple[str, UUID], dict[int, int]] = defaultdict(dict)
    for place, holder, mark, number in noted:
        wanted[place, UUID(holder)][mark] = number
    of_forms = {holder for place, holder in wanted if place == Place.FORM}
    found: list[Found] = []
    for submission in Submission.objects.filter(pk__in=of_forms).select_related("form").order_by("pk"):
        marks = wanted[Place.FORM, submission.pk]
        found += (each for each in found_in(submission, known) if each.mark in marks)
    others = {holder for place, holder in wanted if place != Place.FORM}
    for batch in Batch.objects.filter(pk__in=others).order_by("pk"):
        if (Place.FILE, batch.pk) in wanted:
            found.append(lists.whole(batch))
        if marks := wanted.get((Place.LIST, batch.pk), {}):
            found += lists.read_again(batch, marks)
    forget()
    return found


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


def is_sure(each: Found) -> bool:
    """Whether no person has to look."""
    return each.sureness is Sureness.SAME
