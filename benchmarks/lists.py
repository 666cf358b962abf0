"""What a page of the API costs, against the framework's usual way and against a server written by hand for it.

Four processes of each server, twice as many as the machine had cores, answer one page after the other, all but for the network:
the middleware, a token, the policy, the wall of PostgreSQL and the trail are in ours; in the usual one what `startproject` sets
up, and a token; in the one by hand the query alone. The servers take turns of a few pages, and a ratio is the median of those
of the rounds: a machine that others use, too, is slow for all servers of a round. `LISTS_PEOPLE=1000000`: the size of the bars.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from multiprocessing import get_context
from statistics import median
from typing import Any

import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import Organisation, User
from benchmarks.actors import almighty, partner_token
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.servers import ByHand, Counted, Cursors, Usual, UsualView
from config.api_urls import router
from config.starting import keep_what_is_loaded
from core.database_roles import CLOSED, LOGIN, begin_with
from displacement.api.views.people import PersonViewSet
from displacement.models import Person

PEOPLE = int(os.environ.get("LISTS_PEOPLE", "121000"))
EACH = int(os.environ.get("LISTS_PAGES", "20"))
TURNS, ROUNDS, PROCESSES, MOST_MS = 40, 5, 4, 100
Server = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of rounds that take turns, in a database of its own."""
    with own_database():
        fill(PEOPLE)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield from _pages()
        yield from _every_list()


def _pages() -> Iterator[str]:
    token = partner_token(Organisation.objects.get())
    far = base64.urlsafe_b64encode(json.dumps(["-id", [_late_key()], False]).encode()).decode()
    works = {
        "ours": ("ours", ""),
        "far": ("ours", f"cursor={far}"),
        "cursor": ("cursor", ""),
        "count": ("count", ""),
        "hand": ("hand", ""),
    }
    rounds = _timed(works, token)
    n, name = f"n={TURNS}x{PROCESSES * EACH}", f"list of 100 people under {PEOPLE:,}"

    def ratio(one: str, other: str) -> str:
        return f"{median(each[one] / each[other] for each in rounds):.2f}x"

    yield f"{name}, usual serializer with cursor against ours  {ratio('cursor', 'ours')}  (at least 3x)  {n}"
    yield f"{name}, usual serializer with COUNT against ours  {ratio('count', 'ours')}  (no bar)  {n}"
    yield f"{name}, pages a second against a bare server's  {ratio('hand', 'ours')}  (at least 0.35x)  {n}"
    yield f"{name}, page near the end against the first  {ratio('far', 'ours')}  (at most 1.2x)  {n}"
    each = {work: PROCESSES * EACH / median(told[work] for told in rounds) for work in works}
    rates = ", ".join(f"{work} {rate:.0f}" for work, rate in each.items())
    yield f"{name}, pages a second  {rates}  (no bar)  {n}"


def _late_key() -> str:
    """The key of a person a page and a half from the end."""
    return str(Person.objects.order_by("id").values_list("pk", flat=True)[150])


def _timed(works: dict[str, tuple[str, str]], token: str) -> list[dict[str, float]]:
    """Seconds of each work in each round, but for the first: what all processes of the server need at once."""
    rounds: list[dict[str, float]] = []
    organisation, name = Organisation.objects.get().pk, connection.settings_dict["NAME"]
    connection.close()
    with ExitStack() as stack:
        pools = {
            server: stack.enter_context(
                ProcessPoolExecutor(
                    PROCESSES, get_context("fork"), _begin, (server, name, token, organisation)
                )
            )
            for server in dict.fromkeys(server for server, _query in works.values())
        }
        for _turn in range(TURNS + 1):
            rounds.append({work: _asked(pools[server], query) for work, (server, query) in works.items()})
    return rounds[1:]


def _asked(pool: ProcessPoolExecutor, query: str) -> float:
    """Seconds until every process of the server was asked for its pages."""
    began = time.perf_counter()
    for each in [pool.submit(_ask, query) for _ in range(PROCESSES)]:
        each.result()
    return time.perf_counter() - began


_SERVER: list[Server] = []
_ENVIRON: dict[str, Any] = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/api/v1/people/",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
}


def _begin(server: str, database: str, token: str, organisation: Any) -> None:
    """In each process: its server as it starts, a connection of its own, and nobody limits the requests of a benchmark."""
    connection.close()
    connection.settings_dict["NAME"] = database
    settings.API_REQUESTS_A_MINUTE = 10**9
    _ENVIRON["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    _SERVER.append(_started(server, organisation))


def _started(server: str, organisation: Any) -> Server:
    """Ours works behind the wall, and as the web server has it once everything is loaded."""
    if server == "ours":
        ours = WSGIHandler()
        begin_with(CLOSED)
        keep_what_is_loaded()
        return ours
    begin_with(LOGIN)
    if server == "hand":
        return ByHand(organisation)
    return Usual(UsualView.as_view(pagination_class={"cursor": Cursors, "count": Counted}[server]))


def _ask(query: str) -> None:
    """One page after the other."""
    for _ in range(EACH):
        answers: list[str] = []
        environ = {**_ENVIRON, "QUERY_STRING": query, "wsgi.input": BytesIO()}
        parts = _SERVER[0](environ, lambda status, _headers, answers=answers: answers.append(status))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        if answers != ["200 OK"] or len(orjson.loads(body)["results"]) != 100:
            raise SystemExit(f"{answers} {body[:500]!r}")


def _every_list() -> Iterator[str]:
    """The slowest address of all lists, in milliseconds: on this machine, so no ratio."""
    admin = almighty()
    lists: dict[str, Callable[[], object]] = {
        f"/{prefix}/": (
            lambda view=view, name=name: _page(view.as_view({"get": "list"}, basename=name), admin)
        )
        for prefix, view, name in router.registry
        if prefix != "figures"
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
