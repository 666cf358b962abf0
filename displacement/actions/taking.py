"""What a merge takes over into the record that goes on, field by field, and how that goes back.

The standing entries of a thing in a row are a stack, as with rows that were re-pointed; a person's edit ends it. An entry rests
on another where the merged record had the value from a merge of its own, and goes back together with it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from sys import maxsize
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.actors import Actor
from core.refusals import refusal
from displacement.actions.people import renew_keys
from displacement.actions.versions import save_versions
from displacement.identity.takeable import BY_NAME, TAKEABLE, Takeable, Values
from displacement.models import Household, Merge, Person, TakenOver

Rows = Mapping[UUID, Person | Household]


def offered(survivor: Person, merged: Person) -> list[Takeable]:
    """What the merged record knows and the survivor does not, or knows otherwise. No query with households loaded."""
    return [thing for thing in TAKEABLE if thing.is_offered(survivor, merged)]


def filled(survivor: Person, merged: Person) -> set[str]:
    """What is taken over without being asked for: where the survivor's own record is blank. No query."""
    return {
        thing.name for thing in offered(survivor, merged) if thing.fills_blanks and thing.is_blank(survivor)
    }


def check_chosen(chosen: Collection[str]) -> None:
    """Refuse what no merge takes over."""
    if not BY_NAME.keys() >= set(chosen):
        raise refusal(
            _("One of these fields cannot be taken over. Reload the page and choose again."),
            code="not_takeable",
            field="take",
        )


def moved_on() -> ValidationError:
    """That what was read before locking is not so any more."""
    return refusal(
        _("Somebody merged one of these records a moment ago. Reload the page and try again."),
        code="try_again",
    )


def take_over(
    merges: Sequence[Merge], people: Mapping[UUID, Person], *, chosen: Collection[str] | None, by: Actor
) -> None:
    """Put the merged records' values into the survivors; `chosen` names things, None fills blanks. Five queries at most.

    `people` are the persons of the merges, locked, with their households, which are locked with all their people where
    something of theirs is `chosen`: of one merge only. Where several are merged into one, the blank is filled by the record
    that was registered first.
    """
    entries: list[TakenOver] = []
    for merge in sorted(merges, key=lambda each: (people[each.merged_id].occurred_at, each.merged_id)):
        survivor, merged = people[merge.kept_id], people[merge.merged_id]
        names = filled(survivor, merged) if chosen is None else set(chosen)
        for thing in offered(survivor, merged):
            if thing.name in names:
                row = thing.holder(survivor)
                entry = TakenOver(
                    merge=merge, at=merge.merged_at, model=thing.model, row=row.pk, field=thing.name
                )
                entry.old, entry.new = thing.read(row), thing.read(thing.holder(merged))
                thing.write(row, entry.new)
                entries.append(entry)
    if not entries:
        return
    _rest(entries, people)
    TakenOver.objects.bulk_create(entries)
    rows = {row.pk: row for m in merges for row in (people[m.kept_id], people[m.kept_id].household)}
    _save(rows, entries, by)


def _rest(entries: Sequence[TakenOver], people: Mapping[UUID, Person]) -> None:
    """Name the standing entry that had brought a value to the merged record. One query."""
    sources = {pk for e in entries for pk in (e.merge.merged_id, people[e.merge.merged_id].household_id)}
    brought: dict[tuple[UUID, str], TakenOver] = {}
    for earlier in TakenOver.objects.standing().filter(row__in=sources).order_by("pk"):
        brought[earlier.row, earlier.field] = earlier
    for entry in entries:
        merged = people[entry.merge.merged_id]
        source = BY_NAME[entry.field].holder(merged).pk
        below = brought.get((source, entry.field))
        if below is not None and below.new == entry.new:
            entry.rests_on = below


def _save(rows: Rows, entries: Iterable[TakenOver], by: Actor) -> None:
    """Save what the entries changed in the rows as their next versions, with keys made anew."""
    altered: dict[UUID, set[str]] = defaultdict(set)
    merges: set[int] = set()
    for entry in entries:
        if entry.old != entry.new:
            altered[entry.row] |= {name for name in entry.new if entry.old[name] != entry.new[name]}
            merges.add(entry.merge_id)
    detail: dict[str, Any] = {"merges": sorted(merges)}
    for kind in (Household, Person):
        mine = [
            (row, sorted(altered[pk])) for pk, row in rows.items() if altered[pk] and isinstance(row, kind)
        ]
        save_versions(mine, by=by, detail=detail)
    for row in rows.values():
        if isinstance(row, Household) and altered[row.pk]:
            renew_keys(row)


def resting_on(merge: Merge) -> list[TakenOver]:
    """The standing entries of a merge, and those of later merges that passed their values on. A query for each step."""
    found = list(TakenOver.objects.standing().filter(merge=merge))
    step = found
    while step:
        step = list(TakenOver.objects.standing().filter(rests_on__in=step))
        found += step
    return found


def give_back(merge: Merge, rows: Rows, *, by: Actor, at: datetime) -> list[Promise]:
    """Give the survivors what they had before the merge; the labels of what was changed since and stays. Eight queries.

    `rows` are the locked persons and households of `resting_on`. Raises ValidationError `try_again` where there are others now.
    """
    going = resting_on(merge)
    if not going:
        return []
    if not {entry.row for entry in going} <= rows.keys():
        raise moved_on()
    told = defaultdict(list)
    for entry in TakenOver.objects.filter(row__in={each.row for each in going}).order_by("pk"):
        told[entry.row, entry.field].append(entry)
    gone = {each.returns_id: each.pk for entries in told.values() for each in entries if each.returns_id}
    kept: list[Promise] = []
    made: list[TakenOver] = []
    for entry in sorted(going, key=lambda each: each.pk, reverse=True):
        thing, row = BY_NAME[entry.field], rows[entry.row]
        now = thing.read(row)
        values = _before(entry, told[entry.row, entry.field], gone, now)
        if values is None or _is_nameless(thing, row, values):
            kept.append(thing.label)
            values = now
        thing.write(row, values)
        made.append(
            TakenOver(
                merge=merge,
                at=at,
                model=entry.model,
                row=entry.row,
                field=entry.field,
                old=now,
                new=values,
                returns=entry,
            )
        )
        gone[entry.pk] = maxsize
    TakenOver.objects.bulk_create(made)
    _save(rows, made, by)
    return kept


def _before(
    entry: TakenOver, told: Sequence[TakenOver], gone: Mapping[int, int], now: Values
) -> Values | None:
    """What the row has without the entry, or None where a person changed it since. `gone` is what gave each entry back.

    Under another standing entry nothing changes. Of those below, what was given back since the entry was made is no longer
    there either, as far as nobody edited the row between them.
    """
    if any(each.pk > entry.pk and not each.returns_id and each.pk not in gone for each in told):
        return now
    if now != entry.new:
        return None
    values: Values = entry.old
    for below in reversed([each for each in told if each.pk < entry.pk and not each.returns_id]):
        back = gone.get(below.pk)
        if back is None:
            break
        if back > entry.pk:
            if below.new != values:
                break
            values = below.old
    return values


def _is_nameless(thing: Takeable, row: models.Model, values: Values) -> bool:
    """Whether the person would be left without any name, since the other one was taken away by hand."""
    names = {"given_name", "family_name"}
    if thing.name not in names or values[thing.name]:
        return False
    return not any(getattr(row, other) for other in names - {thing.name})
