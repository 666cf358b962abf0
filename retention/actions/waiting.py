"""What waits and may bring somebody back: looked through before they are erased, and answered where a person has to look."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.refusals import refusal
from displacement.actions.erasing import Circle
from displacement.identity.spotting import Known, known_of, known_of_household
from displacement.models import IdentityDocument
from intake.actions import waiting
from intake.waiting.found import Found, Place, Taken
from retention.actions.reaching import holds, locked_erasure, subjects_of
from retention.models import Erasure
from retention.models.erasure import Answer, ErasureState


def known_in(circle: Circle) -> list[Known]:
    """What is known of everybody in the circle, as rows are searched for it. Two queries."""
    rows = IdentityDocument.objects.filter(person__in=circle.people)
    numbers: dict[UUID, list[str]] = {pk: [] for pk in circle.people}
    for document in rows:
        numbers[document.person_id].append(document.number)
    found = []
    for person in circle.people.values():
        house = person.household
        told = {"phone": house.phone, "numbers": [house.reference], "documents": numbers[person.pk]}
        found.append(known_of(person, **told))
    for house in circle.households.values():
        found.append(known_of_household(serial=house.serial, phone=house.phone, reference=house.reference))
    return found


def look_for(circle: Circle, known: Sequence[Known]) -> list[Found]:
    """All that waits and tells, or may tell, of somebody in the circle. Raises ValidationError `busy`."""
    ids = [*circle.people, *circle.households]
    return waiting.look(organisations=circle.organisations, known=known, ids=ids)


@as_service(Why.ERASURES)
@whole_or_refused()
def unanswered(*, erasure: Erasure) -> list[Found]:
    """Rows of lists and forms that may be theirs and of which nobody has said so or no. Looks through all that waits.

    Raises ValidationError `busy`.
    """
    circle = subjects_of(erasure)
    return _open_in(look_for(circle, known_in(circle)), erasure.answers)


@whole_or_refused()
def answer(*, erasure: Erasure, answers: Mapping[str, str], by: User) -> Erasure:
    """Say of rows, by their keys, whether they are theirs. Nothing is taken out before the erasure. Audited.

    Raises PermissionDenied, ValidationError (`state`, `unknown_answer`).
    """
    locked = locked_erasure(erasure)
    if not holds(by, "approve", locked.organisation, locked.region):
        raise PermissionDenied(_("Whoever may erase looks through what waits."))
    if locked.state != ErasureState.ASKED:
        raise refusal(
            _("This does not wait any more. Reload the page to see what became of it."), code="state"
        )
    if set(answers.values()) - set(Answer.values):
        raise refusal(_("Say of each row whether it is theirs."), code="unknown_answer", field="answers")
    locked.answers = {**locked.answers, **answers}
    locked.save(update_fields=["answers"])
    counted = {value: list(answers.values()).count(value) for value in sorted(set(answers.values()))}
    record("look_through", locked, by=by, detail={"answers": counted, "rows": sorted(answers)})
    return locked


def take_out(
    circle: Circle, known: Sequence[Known], erasure: Erasure, *, names: Collection[str], by: Actor
) -> Taken:
    """Take everybody in the circle out of what waits, under its locks.

    Raises ValidationError (`busy`, `look_first` where a person has to say of a row whether it is theirs, `half_written`).
    """
    waiting.lock(circle.organisations)
    found = look_for(circle, known)
    if left := _open_in(found, erasure.answers):
        words = ngettext(
            "%(count)s row or form that waits may be theirs. Look through what waits, and say whether it is.",
            "%(count)s rows or forms that wait may be theirs. Look through what waits, and say of each whether it is.",
            len(left),
        )
        raise refusal(words % {"count": len(left)}, code="look_first")
    theirs = [each for each in found if is_theirs(each, erasure.answers)]
    return _taken(theirs, circle, names, by)


def take_out_again(
    circle: Circle,
    known: Sequence[Known],
    _erasure: Erasure,
    *,
    marks: Collection[int],
    names: Collection[str],
    by: Actor,
) -> Taken:
    """The same in a database that was restored: what is surely theirs, and what a person said to be theirs before."""
    waiting.lock(circle.organisations)
    found = look_for(circle, known)
    theirs = [each for each in found if waiting.is_sure(each) or each.mark in marks]
    return _taken(theirs, circle, names, by)


def is_theirs(each: Found, answers: Mapping[str, str]) -> bool:
    """Whether it goes: it is surely theirs, or a person said so."""
    return waiting.is_sure(each) or answers.get(each.key) == Answer.SAME


def _open_in(found: Sequence[Found], answers: Mapping[str, str]) -> list[Found]:
    """Those that a person has to answer. That a file as a whole is theirs is no answer: it is discarded instead."""
    return [
        each
        for each in found
        if not waiting.is_sure(each)
        and (each.key not in answers or (each.place is Place.FILE and answers[each.key] != Answer.LOOKED))
    ]


def _taken(theirs: Sequence[Found], circle: Circle, names: Collection[str], by: Actor) -> Taken:
    ids = [*circle.people, *circle.households]
    return waiting.take_out(theirs, ids=ids, names=names, by=by)
