"""What a page of the API costs, against the framework's usual way and against a server written by hand for it.

Each is served over HTTP by the web server as it is shipped. The middleware, a token, the policy, the wall of PostgreSQL and
the trail are in ours; in the usual one what `startproject` sets up, and a token; in the one by hand the query alone. They take
turns of some hundred pages on eight connections, and a ratio is the median of those of the rounds: of pages a second, and of
processor time of the web server, PostgreSQL and Valkey together. `LISTS_PEOPLE=1000000`: the size of the bars.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from statistics import median
from typing import Any

from django.db import connection
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import Organisation, User
from benchmarks.actors import almighty, partner_token
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.web import CONNECTIONS, Cost, serving
from config.api_urls import router
from displacement.api.views.people import PersonViewSet
from displacement.models import Person

PEOPLE = int(os.environ.get("LISTS_PEOPLE", "121000"))
TURNS, ROUNDS, MOST_MS = int(os.environ.get("LISTS_TURNS", "12")), 5, 100
_PAGES = "/api/v1/people/"
#: What is asked of which server, and how often on each connection in a turn: about as long for each.
_WORKS = {
    "ours": ("config.wsgi:application", 40),
    "far": ("config.wsgi:application", 40),
    "cursor": ("benchmarks.peers:cursor", 12),
    "count": ("benchmarks.peers:count", 2),
    "hand": ("benchmarks.peers:hand", 200),
}
#: Which work is compared with which: pages a second of the second one against those of the first.
_RATIOS = (
    ("pages a second against the usual serializer's with cursor", "cursor", "ours", "at least 3x"),
    ("pages a second against the usual serializer's with COUNT", "count", "ours", "no bar"),
    ("pages a second against a bare server's", "hand", "ours", "at least 0.35x"),
    ("page near the end against the first", "far", "ours", "at most 1.2x"),
)


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of rounds that take turns, in a database of its own."""
    with own_database():
        fill(PEOPLE)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield from _pages()
        yield from _every_list()


def _pages() -> Iterator[str]:
    rounds = _timed(partner_token(Organisation.objects.get()))
    n, name = f"n={TURNS}x{CONNECTIONS * _WORKS['ours'][1]}", f"list of 100 people under {PEOPLE:,}"

    def ratio(one: str, other: str, of: str) -> str:
        """How many of `one` cost as much as one of the other, in seconds of the clock or of the processor."""
        return f"{median(getattr(each[one], of) / getattr(each[other], of) for each in rounds):.2f}x"

    for words, one, other, bar in _RATIOS:
        yield f"{name}, {words}  {ratio(one, other, 'clock')}  ({bar})  {n}"
        yield f"{name}, {words}, by processor time  {ratio(one, other, 'processor')}  (no bar)  {n}"
    costs = {work: median(told[work].processor for told in rounds) * 1000 for work in _WORKS}
    yield f"{name}, ms of processor  {', '.join(f'{work} {ms:.2f}' for work, ms in costs.items())}  (no bar)  {n}"
    rates = {work: 1 / median(told[work].clock for told in rounds) for work in _WORKS}
    yield f"{name}, pages a second  {', '.join(f'{work} {rate:.0f}' for work, rate in rates.items())}  (no bar)  {n}"


def _timed(token: str) -> list[dict[str, Cost]]:
    """What a page of each work cost in each round, but for the first."""
    late_key = str(Person.objects.order_by("id").values_list("pk", flat=True)[150])
    far = base64.urlsafe_b64encode(json.dumps(["-id", [late_key], False]).encode()).decode()
    with ExitStack() as stack:
        applications = dict.fromkeys(application for application, _each in _WORKS.values())
        servers = {each: stack.enter_context(serving(each, token)) for each in applications}
        rounds = [
            {
                work: servers[application].ask(f"{_PAGES}?cursor={far}" if work == "far" else _PAGES, each)
                for work, (application, each) in _WORKS.items()
            }
            for _turn in range(TURNS + 1)
        ]
    return rounds[1:]


def _every_list() -> Iterator[str]:
    """The slowest of all lists that people read, in milliseconds: on this machine, so no ratio."""
    admin = almighty()
    lists: dict[str, Callable[[], object]] = {
        f"/{prefix}/": (
            lambda view=view, name=name: _page(view.as_view({"get": "list"}, basename=name), admin)
        )
        for prefix, view, name in router.registry
        if prefix not in ("figures", "shared-people", "changes")  # the latter are for systems alone
    }
    lists["/people/ of one district"] = lambda: _page(
        PersonViewSet.as_view({"get": "list"}, basename="person"), admin, {"region": "B-1-3"}
    )
    costs = _costs(lists)
    for name, seconds in sorted(costs.items(), key=lambda item: -item[1])[:4]:
        yield f"list {name} at {PEOPLE:,} people  {seconds * 1000:.1f} ms  (at most {MOST_MS} ms)  n={ROUNDS}"


def _page(view: Callable[..., Any], user: User, parameters: dict[str, str] | None = None) -> bytes:
    """One page, rendered. The user is read anew, as each request does."""
    request = APIRequestFactory().get("/", parameters or {}, SERVER_NAME="localhost")
    force_authenticate(request, User.objects.get(pk=user.pk))
    answer = view(request).render()
    if answer.status_code != 200:
        raise SystemExit(answer.content.decode())
    content: bytes = answer.content
    return content


def _costs(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each work: medians over rounds in which all take turns, the first thrown away."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for n in range(ROUNDS + 1):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if n:
                times[name].append(time.perf_counter() - began)
    return {name: median(seen) for name, seen in times.items()}
