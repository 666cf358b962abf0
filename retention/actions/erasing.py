"""Carrying an erasure out: once when it is approved, and again from the ledger where a backup from before was restored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.service import service_user
from audit.actions.forgetting import forget_reasons
from audit.actions.record import record, record_each
from audit.models import AuditEvent
from core.actors import Actor
from core.clock import database_now
from core.refusals import Refusals, refusal
from displacement.actions.erasing import Circle, Erased, names_of, rows_of, scrub
from displacement.identity.erasing import objections
from displacement.identity.spotting import Known
from displacement.models import Household, Person
from intake.actions.forgetting import forget
from intake.actions.waiting import keep_places
from intake.waiting.found import Taken
from retention.actions.holds import held_ids
from retention.actions.waiting import known_in, take_out_again
from retention.ledger import Entry
from retention.models import Erasure, ErasureState
from roster.actions.making import end_files_of

#: Shorter words of a name stand in too many sentences.
_SHORTEST_WORD = 3


def check(circle: Circle) -> None:
    """Refuse what must not be erased, or not yet: all sentences at once. A query for each kind that has a say.

    Raises ValidationError (`gone`, `others_too`, `in_the_way`).
    """
    if not circle.people and not circle.households:
        raise refusal(_("Nobody is left here to be erased: it was done already."), code="gone")
    refusals = Refusals()
    if len(circle.organisations) > 1:
        words = _(
            "Another organisation has a record of the same person, and the two were merged. Take the merge back first, or ask "
            "them: each organisation answers for its own records."
        )
        refusals.add("", words, "others_too")
    for objection in objections():
        if sentence := objection(list(circle.people), list(circle.households)):
            refusals.add("", sentence, "in_the_way")
    refusals.raise_any()


class Taking(Protocol):
    """Takes everybody in a circle out of what waits: with a person's answers, or again after a restore."""

    def __call__(
        self, circle: Circle, known: Sequence[Known], erasure: Erasure, *, names: Collection[str], by: Actor
    ) -> Taken:
        """Answers what was taken out. Raises ValidationError where a person has to look first."""
        ...


def carry_out(erasure: Erasure, circle: Circle, *, taking: Taking, by: Actor, at: datetime) -> Erased:
    """Erase everybody in the circle, everywhere, and save the erasure with what was done. In the caller's transaction.

    `taking` goes first, since it looks for them by what is known of them now.
    """
    people = list(circle.people.values())
    names = {word for word in names_of(circle) if len(word) >= _SHORTEST_WORD}
    rows = rows_of(circle)
    known = known_in(circle)
    taken = taking(circle, known, erasure, names=names, by=by)
    erasure.answers, erasure.taken = {}, asdict(taken)
    ids = [pk for kind in rows.values() for pk in kind if isinstance(pk, UUID)]
    erasure.reasons_emptied, erasure.reasons_naming = _forget_reasons(names, rows, by=by)
    erased = scrub(circle, by=by, at=at)
    forgotten = forget(ids=ids, people=people, names=names, known=known, held=held_ids(), by=by)
    ended = end_files_of(circle.organisations, by=by)
    erasure.people, erasure.households = sorted(circle.people), sorted(circle.households)
    erasure.files_waiting = sorted(forgotten.waiting)
    erasure.births_kept = erased.births_kept
    erasure.save()
    told = {"erasure": str(erasure.pk)}
    detail = {"rows": dict(sorted(erased.rows.items())), "list_rows": forgotten.rows, "exports": ended}
    detail |= {"files_waiting": len(erasure.files_waiting)}
    detail |= {"waiting_rows": taken.rows, "waiting_entries": taken.entries}
    record("erase", erasure, by=by, detail=detail)
    record_each("erased", [(row, told) for row in (*people, *circle.households.values())], by=by)
    return erased


@transaction.atomic
def do_again(entry: Entry) -> int:
    """Carry out an erasure of the ledger that this database does not know, or has forgotten; how many records. Idempotent.

    Nothing stands in its way: it was decided. Records that are not here, since they are younger than the backup, are left out.
    """
    people = (
        Person.objects.unerased().select_for_update(of=("self",), no_key=True).filter(pk__in=entry.people)
    )
    houses = Household.objects.unerased().select_for_update(no_key=True).filter(pk__in=entry.households)
    circle = Circle(
        households={house.pk: house for house in houses.order_by("pk")},
        people={person.pk: person for person in people.order_by("pk")},
    )
    if not circle.people and not circle.households:
        return 0
    erasure = Erasure.objects.filter(pk=entry.erasure).first() or Erasure(pk=entry.erasure)
    for name in ("kind", "subject", "ground", "asked_at", "asked_by", "approved_at", "approved_by"):
        setattr(erasure, name, getattr(entry, name))
    erasure.organisation_id, erasure.region_id = entry.organisation, entry.region
    erasure.state, erasure.withdrawn_at, erasure.withdrawn_by = ErasureState.DONE, None, None
    erasure.withdraw_reason, erasure.looked, erasure.leased_until = "", {}, None
    by = service_user()
    again = partial(take_out_again, marks=entry.marks)
    carry_out(erasure, circle, taking=again, by=by, at=database_now())
    keep_places(entry.emptied, by=by)
    # A name that is gone from the backup's database is in the ledger all the same, for the next backup that is restored.
    erasure.people, erasure.households = list(entry.people), list(entry.households)
    erasure.taken |= {"marks": list(entry.marks), "emptied": list(entry.emptied)}
    erasure.save(update_fields=["people", "households", "taken"])
    return len(circle.people) + len(circle.households)


def _forget_reasons(
    names: Collection[str], rows: Mapping[str, Collection[object]], *, by: Actor
) -> tuple[int, int]:
    """Take out of the trail why things were done to these records; how many reasons went.

    And how many stay that hold one of the words: those of releases that sealed reasons as they were. A query for each kind.
    """
    gone = staying = 0
    for kind, ids in rows.items():
        acts = AuditEvent.objects.filter(object_type=kind, object_id__in=[str(pk) for pk in ids])
        found = list(acts.exclude(reason="").exclude(reason_digest__isnull=False, reason_salt=None))
        gone += forget_reasons(found, by=by)
        old = (event.reason.casefold() for event in found if event.reason_digest is None)
        staying += sum(any(name in reason for name in names) for reason in old)
    return gone, staying
