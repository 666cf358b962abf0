"""Making tombstones: of people and households what identifies goes, and what figures are counted by stays.

Everything that is done to a row stands in `on_erase` of its model. Here is only what no rule can say: numbers drawn anew, birth
dates that keep an age band and no more, and values that merges took over.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Min, Q

from core.actors import Actor
from core.facts import Fact
from core.veils import unveiled
from displacement.actions.serials import next_serials
from displacement.actions.taking import moved_on
from displacement.identity.erasing import HOUSEHOLD, PERSON, SCRUBBED, Fate, Named, named
from displacement.identity.takeable import Values
from displacement.models import Household, HouseholdGroup, Merge, Person, TakenOver
from displacement.models.codes import BAND_STARTS
from displacement.models.person import BirthPrecision

_NAMES = ("family_name", "given_name", "patronymic")
#: A report's day is that of its own clock, which is at most so far from the universal one.
_CLOCKS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom an erasure concerns: every record of the same human beings, and the households that nobody else is left in."""

    people: Mapping[UUID, Person]
    households: Mapping[UUID, Household]

    @property
    def organisations(self) -> set[UUID]:
        """Whose records they are."""
        theirs = {person.organisation_id for person in self.people.values()}
        return theirs | {household.organisation_id for household in self.households.values()}


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: rows by kind and fate, and of how many people the birth date had to stay as it was."""

    rows: Counter[str]
    births_kept: int


def circle_of(*, people: Collection[UUID], households: Collection[UUID]) -> Circle:
    """Who goes together, locked, households first: merges and corrections lock in the same order. Nine queries.

    With a person go all records that were merged with theirs. Their household goes where they were the last in it: its
    telephone is theirs. With a household goes everybody in it, voided and merged records, too. Raises ValidationError
    `try_again` where somebody merged or moved one of them while the locks were waited for: else the other record would stay.
    """
    same = _same(people, households)
    houses = Household.objects.unerased().select_for_update(no_key=True)
    homes = {*same.values(), *households}
    locked = {house.pk: house for house in houses.filter(pk__in=homes).order_by("pk")}
    rows = Person.objects.unerased().select_for_update(of=("self",), no_key=True).filter(pk__in=same)
    everybody = {person.pk: person for person in rows.order_by("pk")}
    if everybody and _same(people, households) != same:
        raise moved_on()
    lived_in = _lived_in(locked, everybody) - set(households)
    return Circle(everybody, {pk: house for pk, house in locked.items() if pk not in lived_in})


def _same(people: Collection[UUID], households: Collection[UUID]) -> dict[UUID, UUID]:
    """These people, those in the households, and all records of the same human beings, each with its household. Two queries."""
    found = Person.objects.unerased().filter(Q(pk__in=people) | Q(household__in=households))
    survivors = {merged or pk for pk, merged in found.values_list("pk", "merged_into")}
    same = Q(pk__in=survivors) | Q(merged_into__in=survivors)
    return dict(Person.objects.unerased().filter(same).values_list("pk", "household"))


def _lived_in(households: Iterable[UUID], leaving: Collection[UUID]) -> set[UUID]:
    """The households in which others are, named or counted. Two queries."""
    others = Person.objects.current().filter(household__in=households).exclude(pk__in=leaving)
    counted = HouseholdGroup.objects.current().filter(household__in=households)
    return {
        *others.values_list("household", flat=True),
        *counted.values_list("household", flat=True),
    }


def names_of(circle: Circle) -> set[str]:
    """The words of their names, in small letters, also of those that a merge put out of place. One query."""
    entries = TakenOver.objects.filter(row__in=circle.people, field__in=_NAMES)
    told = [str(value) for entry in entries for value in (*entry.old.values(), *entry.new.values()) if value]
    told += [person.full_name for person in circle.people.values()]
    return {word for name in told for word in name.casefold().split()}


def rows_of(circle: Circle) -> dict[str, set[Any]]:
    """The keys of people, households and all rows that name one of them, by kind of record. A query for each key."""
    found: dict[str, set[Any]] = {PERSON: set(circle.people), HOUSEHOLD: set(circle.households)}
    for each in named():
        if each.model not in (Person, Household):
            ids = circle.people if each.target == PERSON else circle.households
            rows = each.model._base_manager.filter(**{f"{each.field}__in": ids})
            found.setdefault(each.model._meta.label_lower, set()).update(rows.values_list("pk", flat=True))
    return found


def scrub(circle: Circle, *, by: Actor, at: datetime) -> Erased:
    """Leave tombstones of everybody in the circle, in the caller's transaction. Some thirty queries and two for each record."""
    first = _first_seen(circle)
    births = {
        pk: coarse_birth(unveiled(person.birth_date), first, at) for pk, person in circle.people.items()
    }
    numbers = iter(next_serials(len(circle.people) + len(circle.households)))
    done = {"erased_at": at, "erased_by": by.pk, "version": F("version") + 1}
    for pk, born in births.items():
        precision = BirthPrecision.ESTIMATED if born else ""
        rest = {"serial": next(numbers), "birth_date": born, "birth_precision": precision}
        Person.objects.filter(pk=pk).update(**Person.on_erase.empties, **rest, **done)
    for pk in circle.households:
        Household.objects.filter(pk=pk).update(**Household.on_erase.empties, serial=next(numbers), **done)
    for model, ids in ((Person, circle.people), (Household, circle.households)):
        _forget_void_reasons(model._base_manager.filter(pk__in=ids))
    rows = Counter({"displacement.person": len(births), "displacement.household": len(circle.households)})
    for each in named():
        rows[f"{each.model._meta.label_lower} {each.fate}"] += _carry_out(each, circle)
    rows["displacement.takenover keep"] = _scrub_taken_over(circle, first, at)
    _scrub_unmerge_reasons(circle)
    kept = sum(
        born is not None and born == unveiled(circle.people[pk].birth_date) for pk, born in births.items()
    )
    return Erased(+rows, kept)


def _carry_out(each: Named, circle: Circle) -> int:
    """What the model says of rows that name somebody of the circle by this key; how many they were."""
    if each.model in (Person, Household):
        return 0
    ids = circle.people if each.target == PERSON else circle.households
    rows = each.model._base_manager.filter(**{f"{each.field}__in": ids})
    if each.fate is Fate.REMOVE:
        return rows.delete()[1].get(each.model._meta.label, 0)
    if issubclass(each.model, Fact):
        _forget_void_reasons(rows)
    empties = dict(each.rule.empties)
    if each.fate is Fate.DETACH:
        empties[each.field] = None
    return rows.update(**empties) if empties else rows.count()


def _forget_void_reasons(rows: models.QuerySet[Any]) -> None:
    """Why something was voided may say of whom."""
    rows.exclude(void_reason="").update(void_reason=SCRUBBED)


def _scrub_unmerge_reasons(circle: Circle) -> None:
    merges = Merge.objects.filter(Q(kept__in=circle.people) | Q(merged__in=circle.people))
    merges.exclude(unmerge_reason="").update(unmerge_reason=SCRUBBED)


def _scrub_taken_over(circle: Circle, first: datetime, at: datetime) -> int:
    """The values that merges put in place of others; figures as known before a merge read sex and birth date there."""
    rows = {**circle.people, **circle.households}
    entries = list(TakenOver.objects.filter(row__in=rows).order_by("pk"))
    for entry in entries:
        entry.old, entry.new = (_scrubbed(values, first, at) for values in (entry.old, entry.new))
    TakenOver.objects.bulk_update(entries, ["old", "new"])
    return len(entries)


def _scrubbed(values: Values, first: datetime, at: datetime) -> Values:
    """The values of one entry: sex as it was, of a birth date the band, of everything else nothing."""
    told: Values = {column: value if column == "sex" else None for column, value in values.items()}
    if values.get("birth_date"):
        born = coarse_birth(date.fromisoformat(str(values["birth_date"])), first, at)
        told |= {
            "birth_date": born.isoformat() if born else None,
            "birth_precision": BirthPrecision.ESTIMATED.value,
        }
    return told


def _first_seen(circle: Circle) -> datetime:
    """When the earliest thing happened to anybody of the circle that a figure could be counted by. A query for each kind."""
    earliest = [row.occurred_at for row in (*circle.people.values(), *circle.households.values())]
    for each in named():
        if each.target == PERSON and each.fate is Fate.KEEP and issubclass(each.model, Fact):
            rows = each.model._base_manager.filter(**{f"{each.field}__in": circle.people})
            earliest += filter(None, [rows.aggregate(at=Min("occurred_at"))["at"]])
    return min(earliest)


def coarse_birth(born: date | None, first: datetime, last: datetime) -> date | None:
    """A first of January that puts somebody into the same age band on every day from `first` to `last`, whoever they are.

    All people of one band who were first seen in one year get the same date. Whoever came into another band meanwhile keeps the
    own one: every other date would change a figure of some day.
    """
    if born is None:
        return None
    since, until = (first - _CLOCKS).date(), (last + _CLOCKS).date()
    band = _band(born, since)
    if band == _band(born, until):
        for years in range(band, band + 8):
            told = date(since.year - years, 1, 1)
            if _band(told, since) == _band(told, until) == band:
                return told
    return born


def _band(born: date, day: date) -> int:
    """The first year of age of the band in which figures count somebody on the day, also who is not born yet."""
    completed = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return max((start for _band, start in BAND_STARTS if start <= completed), default=0)
