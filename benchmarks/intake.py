"""What a bulk intake costs, against a COPY of rows that were ready before: the least that any intake could cost."""

import random
from collections.abc import Callable, Iterator
from statistics import median

from django.db import connection, transaction

from accounts.service import service_user
from benchmarks.database import own_database
from benchmarks.processor import spent
from core.names import father, folded, latin, loose, search_key
from displacement.identity.aliases import groups_of
from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from displacement.reference import load_specific_needs
from intake.keys import Keys
from intake.register import Register
from intake.rows import NewHousehold
from intake.scenarios.kursk_2024.cast import create_teams
from intake.scenarios.kursk_2024.households import Households
from intake.scenarios.kursk_2024.lodging import Lodging
from intake.scenarios.kursk_2024.sites import Sites
from regions.models import Region
from regions.reference import load_regions
from shelters.models import Stay

PEOPLE = 121_000
ROUNDS = 3
BAR = 3.0
TABLES = (Household, HouseholdGroup, Consent, Person, PersonNeed, Movement, Stay)
#: What folding remembers of names; a round begins without.
REMEMBERED = (father, folded, groups_of, latin, loose, search_key)
Ready = list[tuple[str, list[bytes]]]


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, the median of interleaved rounds in a database of its own."""
    with own_database():
        ours, least = [], []
        with transaction.atomic():
            households = _invent()
            ready = _ready_rows(households)
            for _ in range(ROUNDS):
                ours.append(_cost(lambda: _register(households)))
                least.append(_cost(lambda: _copy(ready)))
            transaction.set_rollback(True)
    ratio = median(ours) / median(least)
    yield f"intake of {PEOPLE:,} people against COPY of ready rows  {ratio:.2f}x  (at most {BAR:g}x)  n={ROUNDS}"


def _invent() -> list[NewHousehold]:
    """Households as a source would hand them over; inventing them is no part of an intake."""
    load_regions()
    load_specific_needs()
    rng, keys = random.Random(1), Keys(random.Random(2))
    regions = dict(Region.objects.values_list("key", "id"))
    teams = create_teams(keys)
    lodging = Lodging(rng, Sites(rng, keys, regions, teams).create(PEOPLE))
    return list(Households(rng, regions, teams, lodging).stream(PEOPLE))


def _ready_rows(households: list[NewHousehold]) -> Ready:
    """The same rows as text, table by table, as PostgreSQL itself writes them out."""
    point = transaction.savepoint()
    _register(households)
    clerks = list({household.by for household in households})
    ready: Ready = []
    for model in TABLES:
        table = connection.ops.quote_name(model._meta.db_table)
        written = f"COPY (SELECT * FROM {table} WHERE recorded_by = ANY(%s)) TO STDOUT"
        with connection.cursor() as cursor, cursor.copy(written, [clerks]) as source:
            ready.append((table, [bytes(block) for block in source]))
    transaction.savepoint_rollback(point)
    return ready


def _register(households: list[NewHousehold]) -> None:
    for remembered in REMEMBERED:
        remembered.cache_clear()
    Register(by=service_user(), source="benchmark").write(households)


def _copy(ready: Ready) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, blocks in ready:
            with cursor.copy(f"COPY {table} FROM STDIN") as target:
                for block in blocks:
                    target.write(block)


def _cost(work: Callable[[], None]) -> float:
    """Processor seconds of this process and its PostgreSQL backend; those of the clock where it runs elsewhere."""
    point = transaction.savepoint()
    before = spent()
    work()
    cost = spent() - before
    transaction.savepoint_rollback(point)
    return cost
