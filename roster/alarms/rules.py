"""What is unusual about somebody's readings: each rule is small, asks the trail alone, and says whom it found and how many.

A new rule is one function here, its name in AlarmRule, its sentence in roster.alarms.letters and its test. Systems are left out
of what is their work: to read lists from page to page, at any hour. One rule holds them to their own past.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncDate

from accounts.models import AskState, Client, ClientAsk
from audit.actions.reading import EXPORT, OVER_BUDGET, REFUSED
from audit.models import AuditEvent, Reading, RowChange
from core.decoys import is_marked
from roster.models import AlarmRule

#: Days to which today is compared, and how many of them somebody must have worked on before an hour is unusual.
DAYS, LEAST_DAYS = 14, 5
#: Records in a day below which nothing is unusual, and how many times the own median is.
FLOOR, TIMES = 500, 4
#: Records in an hour from which on an hour is noticed.
IN_AN_HOUR = 20
#: Refusals one after another, within an hour.
IN_A_ROW = 10
#: Pages of one list within ten minutes, each of other records.
PAGES, SWEPT_WITHIN = 15, timedelta(minutes=10)
#: Looks for likely duplicates in a day from which on it counts how many families they were for; large ones are ten people.
LOOKED_UP, LOOKS, LOOKS_A_FAMILY = "desk displacement_household_likely", 120, 60

#: Records in a day below which nothing of a system is unusual, and how many times the most on any day before is.
SYSTEM_FLOOR, SYSTEM_TIMES = 2_000, 3
#: For how long a system that two persons let in, or widened, may read all that it was given for the first time.
SETTLES = timedelta(days=2)


class Found(NamedTuple):
    """Whose readings, how many, and how many are usual for them."""

    actor: UUID
    counted: int
    usual: int = 0


Rule = Callable[[datetime], Iterator[Found]]


def much_more(now: datetime) -> Iterator[Found]:
    """Many times the own median of the last days on which they read anything, and more than the floor.

    Exports are left out: two persons stand behind each.
    """
    today = _midnight(now)
    people = _readings(today, now).exclude(actor_id__in=_systems()).exclude(page=EXPORT)
    sums = people.values("actor_id").annotate(n=Sum("shown")).filter(n__gt=FLOOR)
    found = {row["actor_id"]: row["n"] for row in sums}
    before: dict[UUID, list[int]] = defaultdict(list)
    earlier = _readings(today - timedelta(days=DAYS), today).filter(actor_id__in=found).exclude(page=EXPORT)
    days = earlier.annotate(on=TruncDate("at", tzinfo=UTC)).values("actor_id", "on").annotate(n=Sum("shown"))
    for row in days:
        before[row["actor_id"]].append(row["n"])
    for actor, counted in found.items():
        usual = int(median(before[actor])) if before[actor] else 0
        if counted > max(FLOOR, TIMES * usual):
            yield Found(actor, counted, usual)


def refused(now: datetime) -> Iterator[Found]:
    """Addresses of single records one after another that were none of theirs, without one between them that was.

    Or as many tries to open what is masked beyond the day's budget, whatever lies between: the page says that it is used up.
    What went to another region is no such try: whom it left was told by the feed of changes to look.
    """
    single = _readings(now - timedelta(hours=1), now).exclude(object_id="").order_by("at", "id")
    actors = single.filter(page__in=(REFUSED, OVER_BUDGET)).values("actor_id")
    rows = list(single.filter(actor_id__in=actors).values_list("actor_id", "page", "object_id"))
    if any(tries >= IN_A_ROW for tries in _most_tries(rows).values()):
        moved = _moved(now)
        rows = [row for row in rows if row[1] != REFUSED or row[2] not in moved]
    yield from (Found(actor, tries) for actor, tries in _most_tries(rows).items() if tries >= IN_A_ROW)


def _most_tries(rows: Iterable[tuple[UUID, str, str]]) -> dict[UUID, int]:
    """Of each actor the longest row of refusals, or the tries beyond the budget where they are more."""
    tries: dict[UUID, int] = defaultdict(int)
    beyond: dict[UUID, int] = defaultdict(int)
    most: dict[UUID, int] = defaultdict(int)
    for actor, page, _record in rows:
        tries[actor] = tries[actor] + 1 if page == REFUSED else 0
        beyond[actor] += page == OVER_BUDGET
        most[actor] = max(most[actor], tries[actor], beyond[actor])
    return most


def _moved(now: datetime) -> set[str]:
    """Records that were touched since they went to another region, in the last days (exchange.feed). One query."""
    touched = RowChange.objects.order_by().filter(
        operation="update", columns=[], ids__isnull=False, at__gte=now - timedelta(days=DAYS)
    )
    return {str(record) for ids in touched.values_list("ids", flat=True) for record in ids or ()}


def unusual_hour(now: datetime) -> Iterator[Found]:
    """Records in an hour (UTC) in which they read nothing on any of the last days, though they worked on some."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    people = _readings(hour, now).exclude(actor_id__in=_systems())
    sums = people.values("actor_id").annotate(n=Sum("shown")).filter(n__gte=IN_AN_HOUR)
    found = {row["actor_id"]: row["n"] for row in sums}
    earlier = _readings(_midnight(now) - timedelta(days=DAYS), _midnight(now)).filter(actor_id__in=found)
    days = earlier.annotate(on=TruncDate("at", tzinfo=UTC), at_hour=ExtractHour("at", tzinfo=UTC))
    told = days.values("actor_id").annotate(
        worked=Count("on", distinct=True), then=Count("id", filter=Q(at_hour=hour.hour))
    )
    for row in told:
        if row["worked"] >= LEAST_DAYS and not row["then"]:
            yield Found(row["actor_id"], found[row["actor_id"]])


def sweep(now: datetime) -> Iterator[Found]:
    """One page of a list after another, with no record twice: nobody looks for a person so."""
    lists = (
        _readings(now - SWEPT_WITHIN, now).filter(object_id="", shown__gt=1).exclude(actor_id__in=_systems())
    )
    many = lists.values("actor_id", "page").annotate(n=Count("id")).filter(n__gte=PAGES)
    for row in many:
        pages = lists.filter(actor_id=row["actor_id"], page=row["page"]).values_list("ids", flat=True)
        seen: set[str] = set()
        fresh = 0
        for ids in pages.order_by("at", "id"):
            fresh += seen.isdisjoint(ids)
            seen.update(ids)
        if fresh >= PAGES:
            yield Found(row["actor_id"], fresh)


def honey(now: datetime) -> Iterator[Found]:
    """Decoys that were opened within the last hour, by the trail: what was not told at once, since the service went down."""
    asked = (
        _readings(now - timedelta(hours=1), now).exclude(object_id="").values_list("actor_id", "object_id")
    )
    counted = Counter(actor for actor, record in asked.iterator() if is_marked(record))
    yield from (Found(actor, opened) for actor, opened in counted.items())


def door(now: datetime) -> Iterator[Found]:
    """Likely duplicates looked up while typing, today, many for each family that was registered: somebody tries what fits.

    Somebody at the door causes some five looks for each person. What is found beside the count is how many families it was.
    """
    today = _midnight(now)
    looks = _readings(today, now).filter(page=LOOKED_UP).values("actor_id").annotate(n=Count("id"))
    found = {row["actor_id"]: row["n"] for row in looks.filter(n__gte=LOOKS)}
    done = AuditEvent.objects.order_by().filter(action="register", object_type="displacement.household")
    of_them = done.filter(actor_id__in=found, at__gte=today, at__lte=now).values("actor_id")
    families = {row["actor_id"]: row["n"] for row in of_them.annotate(n=Count("id"))}
    for actor, counted in found.items():
        if counted > LOOKS_A_FAMILY * families.get(actor, 0):
            yield Found(actor, counted, families.get(actor, 0))


def system(now: datetime) -> Iterator[Found]:
    """Clients that were given many times what they were on the busiest of the last days, by everything that was read.

    A first copy of all is what two persons approved, and is left out for some days after that. Of hours and networks nothing is
    asked: systems catch up when they can, and from which network one may ask, it is told itself.
    """
    today, since = _midnight(now), now - SETTLES
    lately = ClientAsk.objects.filter(state=AskState.APPROVED, decided_at__gt=since).values("client")
    settled = Client.objects.filter(let_in_at__lte=since).exclude(pk__in=lately).values("account")
    sums = _readings(today, now).filter(actor_id__in=settled).values("actor_id").annotate(n=Sum("shown"))
    found = {row["actor_id"]: row["n"] for row in sums.filter(n__gt=SYSTEM_FLOOR)}
    earlier = _readings(today - timedelta(days=DAYS), today).filter(actor_id__in=found, at__lt=today)
    days = earlier.annotate(on=TruncDate("at", tzinfo=UTC)).values("actor_id", "on").annotate(n=Sum("shown"))
    most: dict[UUID, int] = defaultdict(int)
    for row in days:
        most[row["actor_id"]] = max(most[row["actor_id"]], row["n"])
    for actor, counted in found.items():
        if counted > max(SYSTEM_FLOOR, SYSTEM_TIMES * most[actor]):
            yield Found(actor, counted, most[actor])


RULES: Mapping[AlarmRule, Rule] = {
    AlarmRule.MUCH_MORE: much_more,
    AlarmRule.REFUSED: refused,
    AlarmRule.HOUR: unusual_hour,
    AlarmRule.SWEEP: sweep,
    AlarmRule.HONEY: honey,
    AlarmRule.DOOR: door,
    AlarmRule.SYSTEM: system,
}


def _readings(since: datetime, until: datetime) -> QuerySet[Any]:
    return Reading.objects.order_by().filter(at__gte=since, at__lte=until)


def _systems() -> QuerySet[Any, Any]:
    """Accounts that a client acts as. The role alone makes nobody a system: it can be given to a person, beside others."""
    return Client.objects.values("account")


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)
