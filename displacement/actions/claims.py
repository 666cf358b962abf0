"""Writing down what somebody said about numbers, and what a later claim does to an earlier one."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.models import Claim, ClaimLink, Source
from displacement.models.claim import ClaimQualifier, ClaimUnit, Credibility
from regions.models import Region


@whole_or_refused()
def record(
    *,
    source: Source,
    region: Region,
    indicator: str,
    kind: str,
    qualifier: str,
    as_of: datetime | None,
    published_at: datetime | None,
    by: Actor,
    unit: str = ClaimUnit.INDIVIDUALS,
    value: int | None = None,
    value_min: int | None = None,
    value_max: int | None = None,
    children: int | None = None,
    scope: str = "",
    is_as_of_day: bool = True,
    period_start: datetime | None = None,
    received_at: datetime | None = None,
    reliability: str = "",
    credibility: str = Credibility.UNJUDGED,
    quote: str = "",
    url: str = "",
    note: str = "",
    id: UUID | None = None,
) -> Claim:
    """Add a claim to the ledger, where it stays for good. Two queries.

    The moment that it speaks of is needed: a number without one misleads. Odd numbers are kept, and flags in the report warn
    of them. Raises ValidationError at the fields, and nothing is saved.
    """
    now = timezone.now()
    refusals = Refusals()
    _check_times(refusals, as_of, published_at, reached_us := received_at or now, period_start, now)
    refusals.raise_any()
    assert as_of is not None
    assert published_at is not None
    claim = Claim(
        id=id or uuid7(), source=source, region=region, indicator=indicator, kind=kind, unit=unit, qualifier=qualifier,
        value=value, value_min=value_min, value_max=value_max, children=children, scope=scope.strip(),
        as_of=as_of, is_as_of_day=is_as_of_day, period_start=period_start, published_at=published_at,
        received_at=reached_us, reliability=reliability, credibility=credibility, quote=quote.strip(),
        url=url.strip(), note=note.strip(), recorded_at=now, recorded_by=by.pk,
    )  # fmt: skip
    refusals.check_fields(claim)
    _check_value(refusals, claim)
    refusals.raise_any()
    claim.save()
    leave_trace("record", claim, by=by, detail={"indicator": indicator, "source": source.pk})
    return claim


@whole_or_refused()
def link(*, claim: Claim, target: Claim, relation: str, reason: str, by: Actor) -> ClaimLink:
    """Say that a claim supersedes, corrects, repeats or retracts an earlier one of the same indicator and region. Two queries.

    Raises ValidationError at the fields, and nothing is saved.
    """
    tie = ClaimLink(claim=claim, target=target, relation=relation, reason=reason.strip(), recorded_by=by.pk)
    refusals = Refusals()
    refusals.check_fields(tie, names=["relation"])
    refusals.check_reason(reason, _("Say why: others will read it."))
    if claim.pk == target.pk:
        refusals.add(
            "target", _("A claim cannot supersede, correct, repeat or retract itself."), "same_claim"
        )
    elif (claim.indicator, claim.region_id) != (target.indicator, target.region_id):
        refusals.add(
            "target",
            _("Both claims must be about the same thing and the same region. Choose another claim."),
            "other_subject",
        )
    elif claim.published_at < target.published_at:
        refusals.add(
            "target", _("This claim was published after yours. Link them the other way round."), "later_claim"
        )
    refusals.raise_any()
    tie.save()
    leave_trace(
        "link", claim, by=by, reason=reason.strip(), detail={"relation": relation, "target": str(target.pk)}
    )
    return tie


def _check_times(
    refusals: Refusals,
    as_of: datetime | None,
    published_at: datetime | None,
    received_at: datetime,
    period_start: datetime | None,
    now: datetime,
) -> None:
    """What it speaks of, then said in public, then received, then written down; in this order."""
    if as_of is None:
        refusals.add(
            "as_of", _("Say at which moment this number was so. Without it, it misleads."), "required"
        )
    named = {"as_of": as_of, "published_at": published_at, "received_at": received_at}
    usable = [
        refusals.check_moment(field, moment, now=now)
        for field, moment in named.items()
        if not (field == "as_of" and moment is None)
    ]
    if not all(usable) or as_of is None or published_at is None:
        return
    if published_at < as_of:
        refusals.add(
            "published_at",
            _("A claim cannot be published before the moment that it speaks of. Check both times."),
            "published_early",
        )
    if received_at < published_at:
        refusals.add(
            "received_at",
            _("A claim cannot be received before it was published. Check both times."),
            "received_early",
        )
    if (
        period_start is not None
        and refusals.check_moment("period_start", period_start)
        and period_start > as_of
    ):
        refusals.add("period_start", _("The period starts after its end. Check both times."), "period_start")


def _check_value(refusals: Refusals, claim: Claim) -> None:
    """One value, or a range. More children than people is kept as it was said: a flag of the report warns of it."""
    if claim.qualifier == ClaimQualifier.RANGE:
        low, high = claim.value_min, claim.value_max
        if claim.value is not None or low is None or high is None or low > high:
            refusals.add(
                "value_min", _("For a range, give its lowest and its highest value, and no other."), "range"
            )
    elif claim.value is None or claim.value_min is not None or claim.value_max is not None:
        refusals.add(
            "value", _("Give one value; for a lowest and a highest one, choose “between”."), "one_value"
        )
