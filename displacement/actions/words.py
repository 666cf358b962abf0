"""What one organisation says of a pair whose other record it may not see."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from audit.actions.record import record_each
from displacement.identity.disclosure import disclosed
from displacement.models import PairWord, PossibleDuplicate
from displacement.models.duplicate import PairState, Verdict


def say(pairs: Sequence[PossibleDuplicate], verdict: str, *, by: User, reason: str, at: datetime) -> None:
    """Write down the word of the organisation whose record each pair shows to `by`. Five queries; none without pairs.

    "Different" decides the pair, since one record cannot become another's without both. "Same" proposes: the pair stays open
    until somebody who reaches both records merges them. `later` puts it behind the others.
    """
    if not pairs:
        return
    seen = disclosed(pairs, by)
    words = [
        PairWord(
            pair=pair, organisation_id=own, verdict=verdict, decided_at=at, decided_by=by.pk, reason=reason
        )
        for pair in pairs
        for own in _own(pair, seen)
    ]
    PairWord.objects.bulk_create(
        words,
        update_conflicts=True,
        unique_fields=["pair", "organisation"],
        update_fields=["verdict", "decided_at", "decided_by", "reason"],
    )
    if verdict != Verdict.SAME:
        state = PairState.DIFFERENT if verdict == Verdict.DIFFERENT else PairState.LATER
        PossibleDuplicate.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
            state=state, decided_at=at, decided_by=by.pk
        )
    record_each("say", ((pair, {"verdict": str(verdict)}) for pair in pairs), by=by, reason=reason)


def _own(pair: PossibleDuplicate, seen: set[UUID]) -> set[UUID]:
    """The organisations of the pair's records that are seen."""
    return {person.organisation_id for person in (pair.first, pair.second) if person.pk in seen}
