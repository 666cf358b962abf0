"""What waits and may bring somebody back: looked through before they are erased, and answered where a person has to look."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
from core.veils import unveiled
from displacement.actions.erasing import Circle
from displacement.identity.spotting import Known, known_of, known_of_household
from displacement.models import Household, IdentityDocument
from intake.actions import waiting
from intake.waiting.found import Found, Place, Taken
from intake.waiting.search import Search, is_much
from retention.actions.reaching import holds, locked_erasure, subjects_of
from retention.models import Erasure
from retention.models.erasure import Answer, ErasureState


def known_in(circle: Circle) -> list[Known]:
    """What is known of everybody in the circle, as rows are searched for it. Two queries."""
    rows = IdentityDocument.objects.filter(person__in=circle.people)
    numbers: dict[UUID, list[str]] = {pk: [] for pk in circle.people}
    for document in rows:
        numbers[document.person_id].append(unveiled(document.number))
    found = []
    for person in circle.people.values():
        house = person.household
        told = {"phone": unveiled(house.phone), "numbers": [house.reference], "documents": numbers[person.pk]}
        found.append(known_of(person, **told))
    for house in circle.households.values():
        found.append(_of_household(house))
    return found


def _of_household(house: Household) -> Known:
    phone = unveiled(house.phone)
    return known_of_household(serial=house.serial, phone=phone, reference=house.reference)


def search_for(
    circle: Circle, known: Sequence[Known], *, tell: Callable[[], object] = lambda: None
) -> Search:
    """Everybody in the circle, to be looked for in all that waits at their organisation."""
    return Search(circle.organisations, known, [*circle.people, *circle.households], tell=tell)


@as_service(Why.ERASURES)
@whole_or_refused()
def unanswered(*, erasure: Erasure) -> list[Found]:
    """Rows of lists and forms that may be theirs and of which nobody has said so or no. Looks through all that waits.

    Where that is much, only what a worker found is read again. Raises ValidationError `busy`.
    """
    circle = subjects_of(erasure)
    known = known_in(circle)
    if is_much(circle.organisations):
        return open_in(waiting.read_again(erasure.looked.get("open", ()), known), erasure.answers)
    search = search_for(circle, known)
    search.go_on()
    return open_in(search.found, erasure.answers)


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
    circle: Circle,
    known: Sequence[Known],
    erasure: Erasure,
    *,
    names: Collection[str],
    by: Actor,
    search: Search | None = None,
) -> Taken:
    """Take everybody in the circle out of what waits, under its locks. What `search` saw before is not looked through again.

    Raises ValidationError (`busy`, `look_first` where a person has to say of a row whether it is theirs, `half_written`).
    """
    waiting.lock(circle.organisations)
    search = search or search_for(circle, known)
    search.go_on()
    found = search.found
    if left := open_in(found, erasure.answers):
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
    search = search_for(circle, known)
    search.go_on()
    found = search.found
    theirs = [each for each in found if waiting.is_sure(each) or each.mark in marks]
    return _taken(theirs, circle, names, by)


def is_theirs(each: Found, answers: Mapping[str, str]) -> bool:
    """Whether it goes: it is surely theirs, or a person said so."""
    return waiting.is_sure(each) or answers.get(each.key) == Answer.SAME


def open_in(found: Sequence[Found], answers: Mapping[str, str]) -> list[Found]:
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
