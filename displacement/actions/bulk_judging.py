"""One verdict on many pairs, carried out by a worker in chunks that a killed one leaves whole."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.visibility import may
from audit.actions.record import record
from core.database_errors import whole_or_refused
from core.doorbell import ring, ring_briefly
from core.refusals import Refusals
from displacement.actions.judging import judge
from displacement.models import BulkDecision, PossibleDuplicate
from displacement.models.duplicate import PossibleDuplicateQuerySet, Verdict

#: Pairs of one transaction: a second's work, so that the persons in it are not locked for long.
CHUNK = 500
_TASK = "displacement.tasks.carry_out_decision"


@whole_or_refused()
def decide(
    *, verdict: str, least_probability: float, by: User, run: UUID | None = None, reason: str = ""
) -> BulkDecision:
    """Give one verdict on all waiting pairs at or above a probability of which `by` reaches both records. Four queries.

    With `run`, only pairs that it found. A worker carries it out; the pairs found meanwhile are decided, too, as far as they
    come before the end. Raises ValidationError at the fields and PermissionDenied for a role that decides none.
    """
    if not may(by, "displacement.bulkdecision", "add"):
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why this holds for all of them: others will read it."))
    if verdict not in Verdict.values:
        refusals.add("verdict", _("Say one person, two persons, or later."), "unknown_verdict")
    if not 0 <= least_probability <= 1:
        refusals.add("least_probability", _("A probability lies between 0 and 1."), "range")
    refusals.raise_any()
    decision = BulkDecision(
        verdict=verdict,
        least_probability=least_probability,
        run=run,
        reason=why,
        decided_at=timezone.now(),
        decided_by=by.pk,
    )
    decision.pairs_total = meant(decision, by).count()
    if not decision.pairs_total:
        refusals.add(
            "least_probability",
            _("No pair is left that this would decide. Choose a lower number."),
            "nothing",
        )
    refusals.raise_any()
    decision.save()
    detail = {"verdict": str(verdict), "pairs": decision.pairs_total}
    record("decide_many", decision, by=by, reason=why, detail=detail)
    transaction.on_commit(lambda: ring_briefly(_TASK, decision_id=str(decision.pk)))
    return decision


def meant(decision: BulkDecision, by: User) -> PossibleDuplicateQuerySet:
    """The pairs that the decision still has to decide, in the order in which it goes through them. No query."""
    pairs = PossibleDuplicate.objects.within_one_reach(by, "change").waiting()
    if decision.run is not None:
        pairs = pairs.filter(run=decision.run)
    ahead = pairs.filter(probability__gte=decision.least_probability, id__gt=decision.last_pair)
    return ahead.exclude(state=decision.verdict).order_by("id")


def carry_out(decision_id: int, *, chunk: int = CHUNK) -> BulkDecision:
    """Decide what is left of a decision, chunk by chunk, each with its counters in one transaction.

    Safe to run twice and at once: two workers take turns, and each pair is decided once. Whoever decided and has lost the
    role since then decides nothing more.
    """
    while True:
        decision = _one_chunk(decision_id, chunk)
        if decision.finished_at is not None:
            return decision


def ring_for_decisions() -> None:
    """Ring for every decision that waits, was left behind by a killed worker, or whose bell was lost. One query."""
    for pk in BulkDecision.objects.unfinished().order_by("pk").values_list("pk", flat=True):
        if not ring(_TASK, decision_id=str(pk)):
            return


@transaction.atomic
def _one_chunk(decision_id: int, chunk: int) -> BulkDecision:
    decision = BulkDecision.objects.select_for_update().get(pk=decision_id)
    if decision.finished_at is not None:
        return decision
    by = User.objects.get(pk=decision.decided_by)
    is_allowed = may(by, "displacement.possibleduplicate", "change")
    pairs = list(meant(decision, by)[:chunk]) if is_allowed else []
    if pairs:
        result = judge(pairs=pairs, verdict=decision.verdict, by=by, reason=decision.reason)
        decision.pairs_done += len(result.done)
        decision.pairs_refused += len(result.refused)
        decision.last_pair = pairs[-1].pk
    else:
        decision.finished_at = timezone.now()
    decision.save()
    return decision
