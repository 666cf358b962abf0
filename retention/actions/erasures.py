"""An erasure's way: asked for by one, carried out by another who approves it, withdrawn by whoever finds it wrong."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.two_persons import check_two_persons
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.refusals import Refusals, refusal
from displacement.models import Household, Person
from intake.waiting.search import is_much
from retention.actions.erasing import carry_out, check
from retention.actions.holds import check_free
from retention.actions.looking import begin
from retention.actions.reaching import holds, locked_erasure, subjects_of
from retention.actions.waiting import take_out
from retention.ledger import write_down_now
from retention.models import Erasure, ErasureState, Ground


@as_service(Why.ERASURES)
@whole_or_refused()
def ask(*, subject: Person | Household, ground: str, by: User) -> Erasure:
    """Ask that a person or a household be erased. Nothing is changed yet; what stands in the way is told now. Audited.

    A legal hold is no reason to refuse: who asks may not know of it, and the request waits for as long as it lasts.

    Raises PermissionDenied out of reach, ValidationError (`asked`, `gone`, `others_too`, `in_the_way`, `unknown_ground`).
    """
    household = subject.household if isinstance(subject, Person) else subject
    if not holds(by, "add", subject.organisation, household.registered_in):
        raise PermissionDenied(_("Your role does not let you ask that this record be erased."))
    if ground not in Ground.values:
        raise refusal(_("Say why, by one of the reasons of the list."), code="unknown_ground", field="ground")
    erasure = Erasure(
        organisation_id=subject.organisation_id,
        region=household.registered_in,
        kind=subject._meta.label_lower,
        subject=subject.pk,
        ground=ground,
        asked_at=database_now(),
        asked_by=by.pk,
    )
    check(subjects_of(erasure))
    erasure.save(force_insert=True)
    record("ask_erasure", erasure, by=by, detail={"ground": ground, "kind": erasure.kind})
    return erasure


@as_service(Why.ERASURES)
@whole_or_refused()
def approve(*, erasure: Erasure, by: User) -> Erasure:
    """Erase, now and for good, whoever the erasure concerns. Audited, and written to the ledger once it is committed.

    Where much waits the erasure is `looking` then: a worker looks through all of it and erases, unless a person has to answer.
    Some sixty queries and a few for each record and list. Raises PermissionDenied for who asked, for an account in the same
    hands (accounts.two_persons) and out of reach, ValidationError (`state`, `gone`, `others_too`, `in_the_way`, `held`, and
    as retention.actions.waiting.take_out).
    """
    locked = locked_erasure(erasure)
    if locked.asked_by == by.pk or not holds(by, "approve", locked.organisation, locked.region):
        raise PermissionDenied(_("Another person with the right erases, never who asked for it."))
    check_two_persons(locked.asked_by, by.pk)
    if locked.state != ErasureState.ASKED:
        raise refusal(
            _("This does not wait any more. Reload the page to see what became of it."), code="state"
        )
    circle = subjects_of(locked)
    check(circle)
    check_free(circle)
    if is_much(circle.organisations):
        begin(locked, by=by, is_erasing=True)
        return locked
    locked.state, locked.approved_at, locked.approved_by = ErasureState.DONE, database_now(), by.pk
    carry_out(locked, circle, taking=take_out, by=by, at=locked.approved_at)
    transaction.on_commit(write_down_now)
    return locked


@whole_or_refused()
def look(*, erasure: Erasure, by: User) -> Erasure:
    """Have a worker look through what waits; nobody is erased yet. Raises PermissionDenied, ValidationError (`state`)."""
    locked = locked_erasure(erasure)
    if not holds(by, "approve", locked.organisation, locked.region):
        raise PermissionDenied(_("Whoever may erase looks through what waits."))
    if locked.state != ErasureState.ASKED:
        raise refusal(
            _("This does not wait any more. Reload the page to see what became of it."), code="state"
        )
    begin(locked, by=by, is_erasing=False)
    return locked


@transaction.atomic
def withdraw(*, erasure: Erasure, reason: str, by: User) -> Erasure:
    """Leave it: who asked, or whoever may approve. Audited."""
    locked = locked_erasure(erasure)
    if locked.asked_by != by.pk and not holds(by, "approve", locked.organisation, locked.region):
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why nothing is erased: others will read it."))
    if not locked.is_open:
        refusals.add("", _("This does not wait any more: nothing is left to be withdrawn."), "state")
    refusals.raise_any()
    locked.state, locked.withdraw_reason = ErasureState.WITHDRAWN, why
    locked.withdrawn_at, locked.withdrawn_by = database_now(), by.pk
    locked.answers, locked.looked, locked.approved_by, locked.leased_until = {}, {}, None, None
    locked.save()
    record("withdraw_erasure", locked, by=by, reason=why)
    return locked
