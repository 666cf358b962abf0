"""What a page of the API costs at 121,000 people, against the framework's usual way and against a query by hand.

Everything is asked as a registrar, policy included, within one process, so that neither network nor server is in it.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.db import connection
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination, PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from benchmarks.actors import almighty
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from config.api_urls import router
from displacement.api.serializers.people import PersonOutput
from displacement.api.views.people import PersonViewSet
from displacement.models import Person

PEOPLE = int(os.environ.get("LISTS_PEOPLE", "121000"))
ROUNDS = 15
MOST_MS = 100

BY_HAND = """
SELECT p.id, p.occurred_at, p.recorded_at, p.recorded_by, p.voided_at, p.voided_by, p.void_reason, p.serial,
       p.household_id, o.short_name, p.relationship, p.given_name, p.patronymic, p.family_name, p.sex, p.birth_date,
       p.birth_precision, p.version
FROM displacement_person p JOIN accounts_organisation o ON o.id = p.organisation_id
WHERE p.organisation_id = %s ORDER BY p.id DESC LIMIT 101
"""


class UsualSerializer(serializers.ModelSerializer):
    """The framework's usual way to show a person: the same fields."""

    organisation = serializers.SlugRelatedField(slug_field="short_name", read_only=True)

    class Meta:
        model = Person
        fields = list(PersonOutput._declared_fields)


class Cursors(CursorPagination):
    """The framework's own cursor."""

    page_size, ordering = 100, "-id"


class Counted(PageNumberPagination):
    """Numbered pages, which count all rows."""

    page_size = 100


class UsualView(ListAPIView):
    """The framework's usual list, without a policy."""

    queryset = Person.objects.select_related("organisation").order_by("-id")
    serializer_class = UsualSerializer
    permission_classes = [IsAuthenticated]
    renderer_classes = [JSONRenderer]
    filter_backends: list[Any] = []


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of interleaved rounds in a database of its own."""
    with own_database():
        fill(PEOPLE)
        yield from _measured(_registrar())


def _registrar() -> User:
    user = User.objects.create(username="bench")
    Membership.objects.create(user=user, organisation=Organisation.objects.get(), role=Role.REGISTRAR)
    return user


def _measured(user: User) -> Iterator[str]:
    ours = PersonViewSet.as_view({"get": "list"}, basename="person")
    last = _far_page(ours, user)
    works: dict[str, Callable[[], object]] = {
        "ours": lambda: _page(ours, user),
        "far": lambda: _page(ours, user, last),
        "cursor": lambda: _page(UsualView.as_view(pagination_class=Cursors), user),
        "count": lambda: _page(UsualView.as_view(pagination_class=Counted), user),
        "by hand": lambda: _by_hand(user),
    }
    costs = _costs(works)
    n, name = f"n={ROUNDS}", "list of people"
    yield f"{name}, usual serializer with cursor against ours  {costs['cursor'] / costs['ours']:.2f}x  (at least 3x)  {n}"
    yield f"{name}, usual serializer with COUNT against ours  {costs['count'] / costs['ours']:.2f}x  (no bar)  {n}"
    yield f"{name} against a query by hand  {costs['ours'] / costs['by hand']:.2f}x  (at most 2.9x)  {n}"
    yield f"{name}, page near the end against the first  {costs['far'] / costs['ours']:.2f}x  (at most 1.2x)  {n}"
    yield from _every_list(user)


def _every_list(user: User) -> Iterator[str]:
    """The slowest address of all lists, in milliseconds: on this machine, so no ratio."""
    admin = almighty(user)
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


def _far_page(view: Callable[..., Any], user: User) -> dict[str, str]:
    """The parameters of a page some hundred rows from the end: that of the first page, walked backwards."""
    first = json.loads(_page(view, user, {"ordering": "id", "page_size": "500"}))
    key = first["results"][-1]["id"]
    cursor = json.dumps(["-id", [key], False]).encode()
    return {"cursor": base64.urlsafe_b64encode(cursor).decode()}


def _by_hand(user: User) -> bytes:
    """The same rows by one statement, written as JSON."""
    organisation = Membership.objects.get(user=user).organisation_id
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [organisation])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()[:100]]
    return json.dumps({"results": rows}, default=str, ensure_ascii=False).encode()


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
