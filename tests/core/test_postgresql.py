"""How often PostgreSQL is asked whether it is there, and what it keeps planned."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper as DjangoWrapper

from accounts.models import User
from core.postgresql import base
from core.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _new_connection() -> Iterator[None]:
    """Of each test, as if another request had used it a moment before."""
    connection.close()
    connection.ensure_connection()
    yield
    connection.close()


def begin_request() -> None:
    """What Django does when one comes: from then on the connection is not trusted."""
    ours: Any = connection
    ours.health_check_enabled, ours.health_check_done = True, False


def session() -> int:
    """Which one of PostgreSQL's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_session(pid: int) -> None:
    """As PostgreSQL does when it stops, and wait until it is gone."""
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        assert cursor.fetchone() == (True,)


def test_a_session_that_was_ended_is_opened_anew_before_anything_is_asked() -> None:
    before = session()
    end_session(before)
    begin_request()
    assert session() != before


def test_without_a_look_at_the_socket_the_request_would_meet_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(base.DatabaseWrapper, "_says_nothing", lambda _self: True)
    end_session(session())
    begin_request()
    with pytest.raises(Exception, match="terminat"):
        session()


def test_who_was_there_a_moment_ago_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[bool] = []

    def asked(ours: Any) -> bool:
        questions.append(True)
        return usual(ours)

    usual = DjangoWrapper.is_usable
    monkeypatch.setattr(DjangoWrapper, "is_usable", asked)
    for _ in range(3):
        begin_request()
        session()
    assert questions == []
    monkeypatch.setattr(base, "MOMENT", 0)
    begin_request()
    session()
    assert questions == [True]


def test_what_says_that_it_is_to_be_prepared_is_planned_once() -> None:
    named = Prepared(lambda pk: User.objects.filter(pk=pk).values_list("username"), pk=UUID)
    for _ in range(3):
        assert named.rows(pk=uuid4()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements")
        assert cursor.fetchall() == [(3,)]
