"""Two records of one human being become one, and two again where that was wrong."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.visibility import within_reach
from audit.actions.record import record, record_each
from audit.actions.voiding import void
from core.database_errors import whole_or_refused
from core.database_roles import Why, as_service
from core.facts import Fact
from core.refusals import Refusals, refusal
from displacement.actions.pairs import settle, unsettle
from displacement.actions.repointing import re_point, return_rows
from displacement.actions.taking import check_chosen, give_back, moved_on, resting_on, take_over
from displacement.actions.versions import refuse_void
from displacement.identity.relations import Conflict, re_pointed
from displacement.identity.takeable import BY_NAME, HOUSEHOLD, PERSON
from displacement.models import Household, Merge, Person, Repointing
from displacement.models.document import find_by_documents
from exchange.kinds import parts_of

#: What the database says when two people merge the same record at once is what a look beforehand says.
_CODES = {"merge_once": "merged"}


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A merge that was taken back, and what a person should look at: facts that stay with the survivor.

    `later` were recorded since the merge: nobody knows of which of the two they are. Void what belongs to the other one and
    record it there. `edited` went back with changes that were made since the merge. `kept_values` are the names of what the
    survivor had taken over and somebody changed since: it stays as it is now.
    """

    merge: Merge
    later: tuple[Fact, ...]
    edited: tuple[Fact, ...]
    kept_values: tuple[Promise, ...] = ()


@as_service(Why.MERGES)
@whole_or_refused(_CODES)
def merge(
    *,
    kept: Person,
    merged: Person,
    by: User,
    reason: str = "",
    is_clearing: bool = False,
    take: Collection[str] | None = None,
    versions: Mapping[UUID, int] | None = None,
) -> Merge:
    """Let `merged` be the human being registered as `kept`, from now on. About thirty queries, whatever the two have on file.

    Both records stay; every row that named `merged` names `kept`. `take` names what the survivor takes over from the merged
    record (`identity.takeable`); None fills what is blank. `versions` are of the records and their households, by id, as
    whoever chose saw them. With `is_clearing`, rows of `merged` that are in the way, such as a stay at the same time, are
    voided first, each with a trace of its own. Raises ValidationError (`merged`, `void`, `in_the_way`, `merge_of_two`,
    `not_takeable`, `changed_since`) and PermissionDenied out of reach.
    """
    refusals = Refusals()
    check_chosen(take or ())
    why = refusals.check_reason(reason)
    refusals.raise_any()
    if kept.pk == merged.pk:
        raise refusal(_("A record cannot be merged into itself. Choose another one."), code="merge_of_two")
    _require_reach(by, [kept.pk, merged.pk])
    people = _locked_two(kept, merged, take or (), versions or {})
    now = timezone.now()
    pair = {merged.pk: kept.pk}
    if is_clearing:
        _clear(conflicts_of(pair), by)
    for conflict in conflicts_of(pair).values():
        raise refusal(conflict.sentence, code="in_the_way")
    return join(pair, people, by=by, reason=why, at=now, take=take)[0]


def join(
    survivors: Mapping[UUID, UUID],
    people: Mapping[UUID, Person],
    *,
    by: User,
    reason: str,
    at: datetime,
    take: Collection[str] | None = None,
) -> list[Merge]:
    """Merge each person into its survivor; what a survivor lacks is filled. `take` is for one merge, as in `merge`.

    The `people` are locked, stand, and nothing is in the way: the caller has seen to it. About seventeen queries however many
    they are, in the caller's transaction, with two traces for each merge and one for each survivor that took something over.
    """
    merges = Merge.objects.bulk_create(
        Merge(kept_id=kept, merged_id=merged, merged_at=at, merged_by=by.pk, reason=reason)
        for merged, kept in survivors.items()
    )
    settle(merges, by=by, at=at, reason=reason)
    take_over(merges, people, chosen=take, by=by)
    moved = re_point(merges, at=at)
    find_by_documents({pk for each in merges for pk in (each.kept_id, each.merged_id)})
    alone = {"rows": dict(sorted(moved.items()))} if len(merges) == 1 else {}
    traces = [(Person(pk=each.kept_id), {"merge": each.pk, **alone}) for each in merges]
    record_each("merge", traces, by=by, reason=reason)
    traces = [(Person(pk=each.merged_id), {"merge": each.pk}) for each in merges]
    record_each("merge_into", traces, by=by, reason=reason)
    return merges


@as_service(Why.MERGES)
@whole_or_refused(_CODES)
def unmerge(*, merge: Merge, by: User, reason: str) -> Unmerged:
    """Take a merge back: the merged record stands again with every row that was its own. About thirty queries.

    The survivor has again what it had before it took anything over, unless somebody changed that since. Merges may be taken
    back in any order, also from within a chain. What was recorded since stays with the survivor and is named in the answer.
    Raises ValidationError (`reason_needed`, `unmerged`, `try_again`) and PermissionDenied out of reach.
    """
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why these are two persons: others will read it."))
    refusals.raise_any()
    _require_reach(by, [merge.kept_id, merge.merged_id])
    locked, survivor, rows = _locked(merge)
    now = max(timezone.now(), locked.merged_at)
    later, edited = _since(locked, survivor)
    moved = return_rows(locked, at=now)
    kept_values = give_back(locked, rows, by=by, at=now)
    if moved.keys() & parts_of("displacement.person").keys():
        # Needs or documents went: whoever has a copy of the survivor is told to read it again (exchange.feed).
        Person.objects.filter(pk=survivor).update(version=F("version") + 1)
    find_by_documents({survivor, locked.merged_id})
    locked.unmerged_at, locked.unmerged_by, locked.unmerge_reason = now, by.pk, why
    locked.save(update_fields=["unmerged_at", "unmerged_by", "unmerge_reason"])
    unsettle(locked, by=by, at=now, reason=why)
    for person in (locked.kept, locked.merged):
        record("unmerge", person, by=by, reason=why, detail={"merge": locked.pk})
    return Unmerged(locked, later, edited, tuple(kept_values))


def lock(pks: Collection[UUID], *, households: Collection[UUID] = ()) -> dict[UUID, Person]:
    """The persons as they are now, locked in one order, with those merged into them and all households. Two queries.

    Two merges do not wait in a circle, since whoever is re-pointed is locked beforehand. Of `households` that are to be
    corrected, these are locked before and everybody in them, too. Three queries then. Households are read afterwards: in a
    join PostgreSQL leaves out whoever went to another household while the lock was waited for.
    """
    if households:
        houses = Household.objects.select_for_update(no_key=True).filter(pk__in=households)
        list(houses.order_by("pk").values_list("pk"))
    rows = Person.objects.select_for_update(of=("self",), no_key=True).prefetch_related("household")
    wanted = Q(pk__in=pks) | Q(merged_into__in=pks)
    wanted = wanted | Q(household__in=households) if households else wanted
    return {person.pk: person for person in rows.filter(wanted).order_by("pk")}


def conflicts_of(survivors: Mapping[UUID, UUID]) -> dict[UUID, Conflict]:
    """What is in the way of each merge, by the merged person. A query for each kind that has a say."""
    found: dict[UUID, Conflict] = {}
    for relation in re_pointed():
        if relation.conflicts is not None:
            found.update(relation.conflicts(survivors))
    return found


def _clear(conflicts: Mapping[UUID, Conflict], by: User) -> None:
    for conflict in conflicts.values():
        for row in conflict.rows:
            assert isinstance(row, Fact)
            void(row, by=by, reason=_("It says what a record of the same person says already."))


def _require_reach(by: User, pks: Sequence[UUID]) -> None:
    """Whoever merges, or takes back, reaches both records; the refusal tells nothing of either. One query."""
    bound = within_reach(by, "displacement.merge", "change", region="household__registered_in")
    if Person.objects.filter(bound, pk__in=pks).count() != len(set(pks)):
        raise PermissionDenied


def _locked_two(
    kept: Person, merged: Person, take: Collection[str], versions: Mapping[UUID, int]
) -> dict[UUID, Person]:
    """The two who are merged, locked and standing; with their households and all their people where these take something."""
    is_of_household = any(BY_NAME[name].model == HOUSEHOLD for name in take)
    houses = {kept.household_id, merged.household_id} if is_of_household else set()
    people = lock([kept.pk, merged.pk], households=houses)
    for person in (people[kept.pk], people[merged.pk]):
        refuse_void(person)
        refuse_void(person.household)
        if houses and person.household_id not in houses:
            raise moved_on()
        if any(versions.get(row.pk, row.version) != row.version for row in (person, person.household)):
            raise refusal(
                _(
                    "Somebody changed one of the two records since you opened them. Compare both again, then decide."
                ),
                code="changed_since",
            )
    return people


def _locked(merge: Merge) -> tuple[Merge, UUID, dict[UUID, Person | Household]]:
    """The merge with its two persons, who survives them now, and the rows that took something over; all locked."""
    survivor = Person.objects.values_list("merged_into_id", flat=True).get(pk=merge.merged_id)
    ends = {merge.kept_id, merge.merged_id} | ({survivor} - {None})
    taken = resting_on(merge)
    houses = {entry.row for entry in taken if entry.model == HOUSEHOLD}
    people = lock(ends | {entry.row for entry in taken if entry.model == PERSON}, households=houses)
    locked = Merge.objects.select_for_update(of=("self",)).select_related("kept", "merged").get(pk=merge.pk)
    if locked.unmerged_at is not None:
        raise refusal(
            _("This merge has been taken back already. Reload the page to see by whom and why."),
            code="unmerged",
        )
    if people[merge.merged_id].is_erased:
        raise refusal(_("These records were erased: nothing is left to be taken apart."), code="erased")
    if survivor is None or people[merge.merged_id].merged_into_id != survivor:
        raise moved_on()
    return locked, survivor, {**people, **Household.objects.in_bulk(houses)}


def _since(merge: Merge, survivor: UUID) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """What was recorded on the survivor since the merge, and which of the merged person's rows were changed since."""
    later: list[Fact] = []
    edited: list[Fact] = []
    for relation in re_pointed():
        if relation.model is Person or not issubclass(relation.model, Fact):
            continue
        entries = Repointing.objects.filter(model=relation.label, field=relation.field)
        theirs = relation.model._base_manager.filter(**{relation.field: survivor})
        brought = entries.filter(row=OuterRef("pk"), new=survivor, is_return=False)
        since = theirs.filter(~Exists(brought), recorded_at__gt=merge.merged_at)
        later += since.order_by("pk")
        mine = theirs.filter(pk__in=entries.filter(merge=merge, is_return=False).values("row"))
        edited += mine.filter(_changed_since(relation.model, merge.merged_at)).order_by("pk")
    return tuple(later), tuple(edited)


def _changed_since(model: type[Fact], moment: datetime) -> models.Q:
    """Whether a moment of an act on the fact, such as its voiding or the recorded end of a stay, lies after the merge."""
    acts = [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField)
        and field.name.endswith("_at")
        and field.name not in {"occurred_at", "recorded_at"}
    ]
    found = models.Q(pk__in=[])
    for name in acts:
        found |= models.Q(**{f"{name}__gt": moment})
    return found
