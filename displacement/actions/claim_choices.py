"""Saying which of several claims leads."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.models import Claim, ClaimChoice


@whole_or_refused()
def choose(*, claim: Claim, reason: str, by: Actor, occurred_at: datetime | None = None) -> ClaimChoice:
    """Let a claim lead from a moment on (now, where none is given), before the others about its indicator and region.

    Three queries. Nothing is taken from the choices before it, which still decide for earlier moments. Raises ValidationError
    at the fields where no reason is given, where the moment is before that of the claim or has not come yet, and where
    the claim no longer stands.
    """
    now = timezone.now()
    moment = occurred_at or now
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why this claim leads: others will read it."))
    if refusals.check_moment("occurred_at", moment, now=now) and moment < claim.as_of:
        refusals.add(
            "occurred_at",
            _("A claim cannot lead before the moment that it speaks of. Choose a later time."),
            "before_claim",
        )
    if not Claim.objects.standing(now).filter(pk=claim.pk).exists():
        refusals.add(
            "",
            _("This claim was superseded, corrected or taken back. Choose one that stands."),
            "not_standing",
        )
    refusals.raise_any()
    choice = ClaimChoice(claim=claim, reason=why, occurred_at=moment, recorded_at=now, recorded_by=by.pk)
    choice.save()
    leave_trace("choose", claim, by=by, reason=why, detail={"indicator": claim.indicator})
    return choice
