"""What it costs that PostgreSQL keeps organisations apart: a page of people, and the question at the door.

Both are asked as a registrar within one process, with the wall and as whoever owns the tables, in turns.
"""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from accounts.rows import standing_of
from benchmarks.database import own_database
from benchmarks.figures_data import fill
from benchmarks.lists import PEOPLE, ROUNDS, _costs, _page, _registrar
from core.database_roles import LOGIN, put_back, stand
from displacement.api.views.people import PersonViewSet
from displacement.identity.lookup import likely_duplicates
from displacement.models import Person


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of interleaved rounds in a database of its own."""
    with own_database():
        fill(PEOPLE)
        user, view = _registrar(), PersonViewSet.as_view({"get": "list"})
        somebody = Person.objects.select_related("household").order_by("id")[PEOPLE // 2]
        works: dict[str, Callable[[], object]] = {
            "list": lambda: _walled(user, lambda: _page(view, user)),
            "bare list": lambda: _bare(lambda: _page(view, user)),
            "door": lambda: _walled(user, lambda: likely_duplicates(somebody.identity())),
            "bare door": lambda: likely_duplicates(somebody.identity()),
        }
        costs = _costs(works)
    for name, words in {"list": "list of people", "door": "likely duplicates at the door"}.items():
        ratio = costs[name] / costs[f"bare {name}"]
        yield f"{words} behind the wall, against without it  {ratio:.2f}x  (no bar)  n={ROUNDS}"


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
