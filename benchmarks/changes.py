"""What reading the feed of changes costs, against a query by hand that fetches the same rows and does nothing else.

The feed is asked page by page as a partner's system asks it, with a token and behind the wall: middleware, policy, visibility
of each record, cursors and JSON included, within one process, so that neither network nor server is in it. Processor seconds of
it and of its session in PostgreSQL are compared. `CHANGES=20000` makes it smaller.
"""

import os
from collections.abc import Callable, Iterator
from statistics import median

import orjson
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Organisation
from benchmarks.actors import partner_token
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.processor import spent
from core.database_roles import CLOSED, LOGIN, Standing, begin_with
from displacement.models import Person
from exchange import feed
from exchange.api.changes import LARGEST_SIZE
from exchange.cursors import written

CHANGES = int(os.environ.get("CHANGES", "100000"))
#: Records that one transaction changes.
TOGETHER = 50
ROUNDS = 7
BAR = 0.5

BY_HAND = """
SELECT s.number, s.at, c.table_name, c.operation, k.id
FROM audit_seal s JOIN audit_rowchange c ON c.block = s.block AND c.organisation_id = s.organisation_id
CROSS JOIN LATERAL unnest(c.ids) WITH ORDINALITY AS k (id, nth)
WHERE s.organisation_id = %s AND s.number > %s ORDER BY s.number, c.id, k.nth
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`."""
    with own_database():
        fill(min(CHANGES, 100_000))
        organisation = Organisation.objects.get(short_name="Bench")
        start = feed.newest(organisation.pk)
        _change()
        token = partner_token(organisation)
        feeds, by_hand = [], []
        for _ in range(ROUNDS):
            feeds.append(_timed(CLOSED, lambda: _follow(token, written(start))))
            by_hand.append(_timed(LOGIN, lambda: _by_hand(organisation, start.number)))
        name = f"{CHANGES:,} changes read in pages, against a query by hand (rate)"
        yield f"{name}  {median(by_hand) / median(feeds):.2f}x  (at least {BAR}x)  n={ROUNDS}"


def _change() -> None:
    """One statement a transaction, as many as it takes."""
    ids = list(Person.objects.values_list("pk", flat=True)[:CHANGES])
    with connection.cursor() as cursor:
        for start in range(0, CHANGES, TOGETHER):
            some = [ids[n % len(ids)] for n in range(start, min(start + TOGETHER, CHANGES))]
            cursor.execute("UPDATE displacement_person SET version = version + 1 WHERE id = ANY(%s)", [some])
        cursor.execute("ANALYZE audit_seal, audit_rowchange, displacement_person")


def _follow(token: str, cursor: str) -> int:
    found, client = 0, APIClient(SERVER_NAME="localhost", HTTP_AUTHORIZATION=f"Bearer {token}")
    while True:
        answer = client.get("/api/v1/changes/", {"cursor": cursor, "page_size": LARGEST_SIZE})
        page = orjson.loads(answer.content)
        found, cursor = found + len(page["changes"]), page["cursor"]
        if not page["has_more"]:
            return found


def _by_hand(organisation: Organisation, number: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [organisation.pk, number])
        return len(cursor.fetchall())


def _timed(standing: Standing, work: Callable[[], int]) -> float:
    """Processor seconds of the work on a connection of its own, which stands as told."""
    connection.close()
    begin_with(standing)
    try:
        began = spent()
        assert work() >= CHANGES
        return spent() - began
    finally:
        connection.close()
        begin_with(LOGIN)
