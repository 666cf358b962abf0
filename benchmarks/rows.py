"""What it costs that PostgreSQL keeps organisations apart: a page of people, and the question at the door.

Both are asked as a registrar within one process, with the wall and as whoever owns the tables, in turns.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any
from unittest.mock import patch

from django.db.models import Count

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from accounts.rows import standing_of
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.identity_register import load
from benchmarks.lists import PEOPLE, ROUNDS, _costs, _page
from core.database_roles import LOGIN, put_back, stand
from displacement.api.views.movements import MovementViewSet
from displacement.api.views.people import PersonViewSet
from displacement.identity.lookup import likely_duplicates
from displacement.models import Household
from regions.models import Region


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of interleaved rounds, each in a database of its own."""
    with own_database():
        fill(PEOPLE)
        user, view = _registrar(), PersonViewSet.as_view({"get": "list"}, basename="person")
        yield _told(
            "list of people",
            lambda: _walled(user, lambda: _page(view, user)),
            lambda: _bare(lambda: _page(view, user)),
        )
        yield from _in_one_region()
    with own_database():
        asked = cycle(identity for identity, _human in load(PEOPLE).duplicates[:50])
        user = User.objects.create(username="bench")
        organisation = Organisation.objects.first()
        Membership.objects.create(user=user, organisation=organisation, role=Role.REGISTRAR)
        yield _told(
            "likely duplicates of ten people at the door",
            lambda: _walled(user, lambda: _ten(asked)),
            lambda: _ten(asked),
        )


def _in_one_region() -> Iterator[str]:
    """The same of somebody who works in the district where most are registered, whom the wall asks for each row's region."""
    households = Household.objects.order_by().values("registered_in").annotate(n=Count("pk"))
    busiest = Region.objects.get(pk=households.order_by("-n")[0]["registered_in"])
    user = _registrar("bench-region", busiest)
    for name, views in (("person", PersonViewSet), ("movement", MovementViewSet)):
        view = views.as_view({"get": "list"}, basename=name)
        yield _told(
            f"list of one region ({name})",
            partial(_walled, user, partial(_page, view, user)),
            partial(_bare, partial(_page, view, user)),
        )


def _registrar(name: str = "bench", region: Region | None = None) -> User:
    user, organisation = User.objects.create(username=name), Organisation.objects.get()
    Membership.objects.create(user=user, organisation=organisation, role=Role.REGISTRAR, region=region)
    return user


def _ten(asked: Iterator[Any]) -> object:
    return [likely_duplicates(next(asked)) for _ in range(10)]


def _told(name: str, walled: Callable[[], object], bare: Callable[[], object]) -> str:
    costs = _costs({"walled": walled, "bare": bare})
    ratio = costs["walled"] / costs["bare"]
    more = (costs["walled"] - costs["bare"]) * 1000
    return f"{name} behind the wall, against without it  {ratio:.2f}x, {more:+.1f} ms  (no bar)  n={ROUNDS}"


def _walled(user: Any, work: Callable[[], object]) -> object:
    """As a request: both round trips are in it."""
    stand(standing_of(user))
    try:
        return work()
    finally:
        put_back()


def _bare(work: Callable[[], object]) -> object:
    with patch("accounts.api.standing.standing_of", lambda _user: LOGIN):
        return work()
