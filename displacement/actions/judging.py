"""Saying what pairs are: one person, two persons, or a question for later. One pair or many, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.visibility import may
from audit.actions.record import record_each
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.refusals import Refusals
from displacement.actions.merging import conflicts_of, join, lock
from displacement.actions.words import say
from displacement.models import Person, PossibleDuplicate
from displacement.models.duplicate import UNDECIDED, PairState, Verdict


@dataclass(slots=True)
class Judged:
    """What became of each pair, by its id: decided, said for one's own organisation only, or a sentence why not."""

    done: set[int] = field(default_factory=set)
    said: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)


@as_service(Why.PAIRS)
@whole_or_refused()
def judge(*, pairs: Iterable[PossibleDuplicate], verdict: str, by: User, reason: str = "") -> Judged:
    """Decide the pairs, all of those that can be. About thirty queries, however many they are.

    Of one person, the record that was registered first survives, and what it lacks is filled from the others; `merging.merge`
    lets a person choose. Where only one record
    of a pair is within reach, the verdict is the word of one's own organisation: "different" decides the pair, "same" waits
    for the other organisation and for somebody who reaches both. Raises ValidationError for a verdict that is none and
    PermissionDenied for a role that decides none.
    """
    refusals = Refusals()
    why = refusals.check_reason(reason)
    if verdict not in Verdict.values:
        refusals.add("verdict", _("Say one person, two persons, or later."), "unknown_verdict")
    refusals.raise_any()
    if not may(by, "displacement.possibleduplicate", "change"):
        raise PermissionDenied
    wanted = [pair.pk for pair in pairs]
    result = Judged()
    people = _locked_people(wanted, by) if verdict == Verdict.SAME else {}
    reached = _waiting(wanted, by, result)
    both = set(
        PossibleDuplicate.objects.within_one_reach(by, "change")
        .filter(pk__in=[pair.pk for pair in reached])
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    whole = [pair for pair in reached if pair.pk in both]
    if verdict == Verdict.SAME:
        whole = _merge(whole, people, by, why, now, result)
    _decide(whole, verdict, by, why, now)
    result.done.update(pair.pk for pair in whole)
    half = [pair for pair in reached if pair.pk not in both]
    say(half, verdict, by=by, reason=why, at=now)
    result.said.update(pair.pk for pair in half)
    return result


def _locked_people(wanted: Sequence[int], by: User) -> dict[UUID, Person]:
    """The persons of the pairs, locked before the pairs are, as every merge does: nobody waits in a circle. Two queries."""
    rows = PossibleDuplicate.objects.visible_to(by, "change").filter(pk__in=wanted)
    return lock({pk for ends in rows.values_list("first_id", "second_id") for pk in ends})


def _waiting(wanted: Sequence[int], by: User, result: Judged) -> list[PossibleDuplicate]:
    """Those of the pairs that are within reach and undecided, locked in one order; the others are refused. Two queries."""
    rows = (
        PossibleDuplicate.objects.visible_to(by, "change")
        .select_related("first", "second")
        .filter(pk__in=wanted)
    )
    found = {pair.pk: pair for pair in rows.select_for_update(of=("self",), no_key=True).order_by("pk")}
    waiting = []
    for pk in wanted:
        pair = found.get(pk)
        if pair is None:
            result.refused[pk] = _("There is no such pair, or it is not open to you.")
        elif pair.state not in UNDECIDED:
            result.refused[pk] = _("Somebody has judged this pair already.")
        else:
            waiting.append(pair)
    return waiting


def _decide(pairs: Sequence[PossibleDuplicate], verdict: str, by: User, reason: str, now: datetime) -> None:
    """Write the verdict on each pair with its trace. Two queries."""
    state = {Verdict.SAME: PairState.SAME, Verdict.DIFFERENT: PairState.DIFFERENT}.get(
        Verdict(verdict), PairState.LATER
    )
    PossibleDuplicate.objects.filter(pk__in=[pair.pk for pair in pairs]).update(
        state=state, decided_at=now, decided_by=by.pk, reason=reason
    )
    record_each("judge", ((pair, {"verdict": str(verdict)}) for pair in pairs), by=by, reason=reason)


def _merge(
    pairs: Sequence[PossibleDuplicate],
    people: Mapping[UUID, Person],
    by: User,
    reason: str,
    now: datetime,
    result: Judged,
) -> list[PossibleDuplicate]:
    """Make one person of each pair; pairs that share somebody become one person together. Those that were merged.

    Whose pair cannot be merged as it stands is refused with the sentence that says what to do, and the others go on.
    """
    if not may(by, "displacement.merge", "change"):
        raise PermissionDenied
    sound: list[PossibleDuplicate] = []
    for pair in pairs:
        trouble = _trouble(people[pair.first_id]) or _trouble(people[pair.second_id])
        if trouble:
            result.refused[pair.pk] = trouble
        else:
            sound.append(pair)
    stuck: dict[UUID, str] = {}
    while True:
        survivors = _survivors([pair for pair in sound if pair.pk not in result.refused], people)
        stuck = {merged: found.sentence for merged, found in conflicts_of(survivors).items()}
        if not stuck:
            break
        for pair in sound:
            sentence = stuck.get(pair.first_id) or stuck.get(pair.second_id)
            if sentence:
                result.refused[pair.pk] = sentence
    if survivors:
        join(survivors, people, by=by, reason=reason, at=now)
    return [pair for pair in sound if pair.pk not in result.refused]


def _trouble(person: Person) -> str:
    """Why a record can be part of no merge now; empty where it can."""
    if person.is_void or person.household.is_void:
        return _("One of the two records was voided as wrong. Nothing more to do.")
    if person.merged_into_id is not None:
        return _("One of the two records was merged already. Look at the survivor's own pairs.")
    return ""


def _survivors(pairs: Sequence[PossibleDuplicate], people: Mapping[UUID, Person]) -> dict[UUID, UUID]:
    """Into whom each person goes: of all who hang together by pairs, the record that was registered first survives."""
    leader: dict[UUID, UUID] = {}

    def led(pk: UUID) -> UUID:
        while leader.get(pk, pk) != pk:
            pk = leader[pk]
        return pk

    def age(pk: UUID) -> tuple[datetime, UUID]:
        return people[pk].occurred_at, pk

    for pair in pairs:
        older, younger = sorted((led(pair.first_id), led(pair.second_id)), key=age)
        leader[younger] = older
    return {pk: led(pk) for pk in leader if led(pk) != pk}
