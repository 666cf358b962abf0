"""Looking through much that waits, by a worker: taken up again where one dies, and nothing is erased before all was looked at.

The passes need no lock: lists and forms go on meanwhile. What came or changed since is looked through under the locks in which
somebody is erased, when nothing can come any more. What was found stays in the worker's memory; the row keeps where it stands.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.two_persons import check_two_persons
from audit.actions.record import record
from core.clock import database_now
from core.doorbell import ring_briefly
from intake.waiting.found import Found
from intake.waiting.search import Search
from retention.actions.erasing import carry_out, check
from retention.actions.holds import check_free
from retention.actions.reaching import holds, locked_erasure, subjects_of
from retention.actions.waiting import known_in, open_in, search_for, take_out
from retention.ledger import write_down_now
from retention.models import Erasure, ErasureState

logger = logging.getLogger(__name__)
TASK = "retention.tasks.look_through"
#: How long a worker may be silent before another takes the erasure up.
LEASE = timedelta(seconds=120)
#: After so long a list that a worker reads just now is asked for again.
PAUSE = timedelta(seconds=20)
#: A worker that dies this often over an erasure dies of it.
MOST_TRIES = 5
#: Passes without locks go on until hardly anything is new, and no further than this.
_MOST_PASSES, _FEW = 5, 20


class LeaseLost(Exception):
    """Another worker has this erasure now, or a person has withdrawn it; whoever meets this stops without a word."""


class Changed(Exception):
    """Whom the erasure concerns is not what it was when the search began."""


def begin(locked: Erasure, *, by: User, is_erasing: bool) -> None:
    """Hand a locked erasure to a worker, which looks, and erases where it was approved. Audited."""
    locked.state, locked.approved_by = ErasureState.LOOKING, by.pk if is_erasing else None
    locked.looked, locked.attempts, locked.leased_until = {}, 0, None
    locked.save(update_fields=["state", "approved_by", "looked", "attempts", "leased_until"])
    record("look_through", locked, by=by, detail={"erases": is_erasing})
    key = str(locked.pk)
    transaction.on_commit(lambda: ring_briefly(TASK, erasure_id=key), robust=True)


def due() -> list[UUID]:
    """Erasures that want a worker. One query and the clock's."""
    return list(Erasure.objects.due(database_now()).order_by("pk").values_list("pk", flat=True))


def go_on(pk: UUID) -> None:
    """Look through what waits, and erase where that was approved. Safe to call at any time, and twice."""
    erasure = _take(pk)
    if erasure is None:
        return
    try:
        _look(erasure)
    except LeaseLost:
        return
    except Changed:
        _pause(erasure)


def _take(pk: UUID) -> Erasure | None:
    """The erasure for LEASE where it waits for a worker; handed back to a person where workers died of it."""
    with transaction.atomic():
        now = database_now()
        rows = Erasure.objects.due(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
        erasure = rows.filter(pk=pk).first()
        if erasure is None:
            return None
        if erasure.attempts >= MOST_TRIES:
            logger.error("Erasure %s stopped %s times; a person must look at it.", pk, erasure.attempts)
            _hand_back(erasure, problem="stopped")
            return None
        erasure.attempts += 1
        erasure.leased_until = now + LEASE
        erasure.save(update_fields=["attempts", "leased_until"])
    return erasure


def _renew(erasure: Erasure) -> None:
    ours = Erasure.objects.filter(pk=erasure.pk, attempts=erasure.attempts, state=ErasureState.LOOKING)
    if not ours.update(leased_until=database_now() + LEASE):
        raise LeaseLost


def _look(erasure: Erasure) -> None:
    with transaction.atomic():
        circle = subjects_of(erasure)
        known = known_in(circle)
    search = search_for(circle, known, tell=partial(_renew, erasure))
    for _pass in range(_MOST_PASSES):
        if search.go_on(leaving_busy=True) <= _FEW:
            break
    try:
        _end(erasure, search)
    except (ValidationError, PermissionDenied) as refusal:
        codes = [] if isinstance(refusal, PermissionDenied) else [str(each.code) for each in _each(refusal)]
        if codes in (["busy"], ["try_again"]):
            _pause(erasure)
            return
        with transaction.atomic():
            locked = _ours(erasure)
            problem = (
                "" if codes == ["look_first"] else codes[0] if codes == ["half_written"] else "in_the_way"
            )
            _hand_back(locked, open_=open_in(search.found, locked.answers), problem=problem)


def _each(refusal: ValidationError) -> list[ValidationError]:
    if not hasattr(refusal, "error_dict"):
        return list(refusal.error_list)
    return [each for errors in refusal.error_dict.values() for each in errors]


@transaction.atomic
def _end(erasure: Erasure, search: Search) -> None:
    """Erase, or say what was found. In one transaction, so that a worker that dies leaves nothing half done."""
    locked = _ours(erasure)
    circle = subjects_of(locked)
    check(circle)
    if locked.approved_by is None:
        _hand_back(locked, open_=open_in(search.found, locked.answers))
        return
    check_free(circle)
    again = search_for(circle, known_in(circle))
    if (again.known, again.ids, again.organisations) != (search.known, search.ids, search.organisations):
        raise Changed
    by = User.objects.get(pk=locked.approved_by)
    if not holds(by, "approve", locked.organisation, locked.region):
        raise PermissionDenied
    check_two_persons(locked.asked_by, by.pk)
    locked.state, locked.approved_at, locked.leased_until = ErasureState.DONE, database_now(), None
    locked.looked = {}
    carry_out(locked, circle, taking=partial(take_out, search=search), by=by, at=locked.approved_at)
    transaction.on_commit(write_down_now)


def _ours(erasure: Erasure) -> Erasure:
    locked = locked_erasure(erasure)
    if locked.state != ErasureState.LOOKING or locked.attempts != erasure.attempts:
        raise LeaseLost
    return locked


def _hand_back(locked: Erasure, *, open_: Sequence[Found] = (), problem: str = "") -> None:
    """To a person, with where rows stand that may be theirs: by ids and marks, nothing of what is in them."""
    noted = [[str(each.place), str(each.holder), each.mark, each.number] for each in open_]
    locked.looked = {"at": database_now().isoformat(), "open": noted, "problem": problem}
    locked.state, locked.approved_by, locked.leased_until = ErasureState.ASKED, None, None
    locked.save(update_fields=["looked", "state", "approved_by", "leased_until"])


def _pause(erasure: Erasure) -> None:
    """Once more soon, and not counted: nothing has gone wrong."""
    ours = Erasure.objects.filter(pk=erasure.pk, attempts=erasure.attempts, state=ErasureState.LOOKING)
    ours.update(leased_until=database_now() + PAUSE, attempts=F("attempts") - 1)
