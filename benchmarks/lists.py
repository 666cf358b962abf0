"""What a page of the API costs, against the framework's usual way and against a server written by hand for it.

Two processes ask for one page after the other, each through a whole server but for the network: the middleware, a token, the
policy, the wall of PostgreSQL and the trail are in ours; in the usual one what `startproject` sets up, and a token; in the
one by hand the query alone. `LISTS_PEOPLE=1000000` is the size of the bars.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
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
from core.database_roles import CLOSED, LOGIN, begin_with
from displacement.api.views.people import PersonViewSet
from displacement.models import Person

PEOPLE = int(os.environ.get("LISTS_PEOPLE", "121000"))
EACH = int(os.environ.get("LISTS_PAGES", "150"))
ROUNDS, PROCESSES, MOST_MS = 5, 2, 100
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
    seconds = _timed(works, token)
    n, name = f"n={PROCESSES * EACH}", f"list of 100 people under {PEOPLE:,}"
    yield f"{name}, usual serializer with cursor against ours  {seconds['cursor'] / seconds['ours']:.2f}x  (at least 3x)  {n}"
    yield f"{name}, usual serializer with COUNT against ours  {seconds['count'] / seconds['ours']:.2f}x  (no bar)  {n}"
    yield f"{name}, pages a second against a bare server's  {seconds['hand'] / seconds['ours']:.2f}x  (at least 0.35x)  {n}"
    yield f"{name}, page near the end against the first  {seconds['far'] / seconds['ours']:.2f}x  (at most 1.2x)  {n}"
    each = {work: PROCESSES * EACH / told for work, told in seconds.items()}
    rates = ", ".join(f"{work} {rate:.0f}" for work, rate in each.items())
    yield f"{name}, pages a second  {rates}  (no bar)  {n}"


def _late_key() -> str:
    """The key of a person a page and a half from the end."""
    return str(Person.objects.order_by("id").values_list("pk", flat=True)[150])


def _timed(works: dict[str, tuple[str, str]], token: str) -> dict[str, float]:
    """Seconds of each work in both processes at once: the median of the rounds after the first."""
    times: dict[str, list[float]] = {name: [] for name in works}
    organisation, name = Organisation.objects.get().pk, connection.settings_dict["NAME"]
    connection.close()
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), _begin, (name, token, organisation)) as pool:
        for n in range(ROUNDS + 1):
            for work, told in works.items():
                began = time.perf_counter()
                for each in [pool.submit(_ask, *told) for _ in range(PROCESSES)]:
                    each.result()
                if n:
                    times[work].append(time.perf_counter() - began)
    return {work: median(seen) for work, seen in times.items()}


_SERVERS: dict[str, Server] = {}
_ENVIRON: dict[str, Any] = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/api/v1/people/",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
}


def _begin(database: str, token: str, organisation: Any) -> None:
    """In each process: servers and connections of its own, and nobody counts the requests of a benchmark."""
    connection.close()
    connection.settings_dict["NAME"] = database
    settings.API_REQUESTS_A_MINUTE = 10**9
    _ENVIRON["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    _SERVERS["ours"] = WSGIHandler()
    for name, pages in (("cursor", Cursors), ("count", Counted)):
        _SERVERS[name] = Usual(UsualView.as_view(pagination_class=pages))
    _SERVERS["hand"] = ByHand(organisation)


def _ask(server: str, query: str) -> None:
    """One page after the other. Ours works behind the wall, as it does in the web server."""
    connection.close()
    begin_with(CLOSED if server == "ours" else LOGIN)
    for _ in range(EACH):
        answers: list[str] = []
        environ = {**_ENVIRON, "QUERY_STRING": query, "wsgi.input": BytesIO()}
        parts = _SERVERS[server](environ, lambda status, _headers, answers=answers: answers.append(status))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        if answers != ["200 OK"] or len(orjson.loads(body)["results"]) != 100:
            raise SystemExit(f"{server}: {answers} {body[:500]!r}")


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
