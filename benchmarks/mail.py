"""What mailing an edition to 5,000 readers costs: putting the mails into the outbox, and sending them
as many at a time as one bell rings for.

Sending is timed against a bare smtplib loop that keeps its connection, writes nothing down, and talks to the same server in
the same run; and against one that connects for each mail, to tell what the connection costs. Fewer mails are sent than
queued: the cost of a mail does not fall with more of them.
"""

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from statistics import median
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from benchmarks.database import own_database
from benchmarks.figures_data import REGIONS
from config.embedded.directory import PROJECT
from core.clock import database_now
from regions.models import Operation, Region
from reports.delivery.doorbell import MAILS_A_BELL
from reports.delivery.outbox import fill
from reports.delivery.sending import MAIL_FORMAT, send
from reports.models import Delivery, Edition, EditionFile, Subscription, SubscriptionRegion
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus

RECIPIENTS = int(os.environ.get("MAIL_RECIPIENTS", "5000"))
SENT_A_ROUND = 100
ROUNDS = 5
MOST_SECONDS = 1
#: About 300 kB, as a report with charts and attached files is.
MAIL = b"From: reports@musterpoint.example\r\nSubject: report\r\n\r\n" + (b"x" * 74 + b"\r\n") * 4_000


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of interleaved rounds in a database and with a server of its own."""
    with own_database(), _server():
        edition = _edition()
        seconds = _queue(edition)
        yield f"{RECIPIENTS:,} mails queued  {seconds:.2f} s  (at most {MOST_SECONDS} s)  n={ROUNDS}"
        yield from _sent(edition)


def _sent(edition: Edition) -> Iterator[str]:
    ids = iter(list(edition.deliveries.order_by("pk").values_list("pk", flat=True)))
    works: dict[str, Callable[[], None]] = {
        "ours": lambda: (
            [send(*islice(ids, MAILS_A_BELL)) for _bell in range(SENT_A_ROUND // MAILS_A_BELL)] and None
        ),
        "kept": _loop_on_one_connection,
        "anew": lambda: [_loop_on_one_connection(1) for _mail in range(SENT_A_ROUND)] and None,
    }
    costs = _costs(works)
    sent = edition.deliveries.filter(state=DeliveryState.SENT).count()
    if sent != SENT_A_ROUND * (ROUNDS + 1):
        raise SystemExit(f"Only {sent} mails were sent; what was timed means nothing. Read the log above.")
    n = f"n={ROUNDS} x {SENT_A_ROUND} mails"
    yield f"mails a second against a bare loop on one connection  {costs['kept'] / costs['ours']:.2f}x  (at least 0.60x)  {n}"
    yield f"mails a second against a bare loop that connects anew  {costs['anew'] / costs['ours']:.2f}x  (no bar)  {n}"
    yield f"mails a second, one process  {SENT_A_ROUND / costs['ours']:.0f}  (no bar)  {n}"


def _loop_on_one_connection(mails: int = SENT_A_ROUND) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as smtp:
        for n in range(mails):
            smtp.sendmail("reports@musterpoint.example", [f"reader{n}@readers.example"], MAIL)


def _edition() -> Edition:
    """A published edition with its mail, and everybody who takes it."""
    with connection.cursor() as cursor:
        cursor.execute(REGIONS)
    region = Region.objects.get(key="B-1")
    operation = Operation.objects.create(key="bench", name="Bench", starts_on=date(2024, 8, 6))
    now = database_now()
    edition = Edition.objects.create(
        operation=operation,
        region=region,
        local_day=date(2024, 8, 12),
        number=7,
        as_of=now,
        known_at=now,
        made_by=uuid4(),
        status=EditionStatus.PUBLISHED,
        published_at=now,
        published_by=uuid4(),
        content={},
    )
    EditionFile.objects.create(
        edition=edition, format=MAIL_FORMAT, media_type="message/rfc822", file_name="r.eml", content=MAIL
    )
    readers = Subscription.objects.bulk_create(
        Subscription(
            name=f"Reader {n}",
            address=f"reader{n}@readers.example",
            recorded_by=uuid4(),
            approved_at=now,
            approved_by=uuid4(),
            confirmed_at=now,
            confirmed_by=uuid4(),
        )
        for n in range(RECIPIENTS)
    )
    SubscriptionRegion.objects.bulk_create(
        SubscriptionRegion(subscription=each, region=region) for each in readers
    )
    return edition


def _queue(edition: Edition) -> float:
    """Seconds until the rows are committed, the median; the last round's stay."""
    seen = []
    for _round in range(ROUNDS):
        Delivery.objects.all().delete()
        began = time.perf_counter()
        with transaction.atomic():
            queued = fill(edition)
        seen.append(time.perf_counter() - began)
        assert queued == RECIPIENTS
    return median(seen)


def _costs(works: dict[str, Callable[[], None]]) -> dict[str, float]:
    """Seconds of each work: medians over rounds in which all take turns, the first thrown away."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for n in range(ROUNDS + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if n:
                times[name].append(time.perf_counter() - began)
    return {name: median(seen) for name, seen in times.items()}


@contextmanager
def _server() -> Iterator[None]:
    """Mail goes to a server in another process for the time of the block."""
    usual = settings.EMAIL_HOST, settings.EMAIL_PORT
    command = [sys.executable, "-m", "benchmarks.mail_server"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(process.stdout.readline())
        try:
            yield
        finally:
            settings.EMAIL_HOST, settings.EMAIL_PORT = usual
            process.communicate()
