"""Each request sees the rows of who asks, and leaves the connection as it found it, whatever happens."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DataError
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from accounts.policy import Role
from accounts.rows import OwnRows, standing_of
from core import database_roles
from core.database_roles import CLOSED, DESK, LOGIN, Why, as_service, begin_with, held, stand
from displacement.models import Household
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import HouseholdFactory


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def _break() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


def _ask(user: User, view: Any) -> Any:
    """One request of the user through the middleware, as far as the view."""
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = None

    def viewed(asked: Any) -> Any:
        rows.process_view(asked, None, (), {})
        return view(asked)

    rows = OwnRows(viewed)
    return rows(request)


def _seen(_request: Any = None) -> HttpResponse:
    return HttpResponse(str(sorted(Household.objects.values_list("pk", flat=True))))


@pytest.mark.django_db
def test_a_request_works_as_a_role_that_owns_nothing() -> None:
    mine = HouseholdFactory.create()
    HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)
    answer = _ask(user, lambda request: HttpResponse(f"{_role()} {_seen().content.decode()}"))
    assert answer.content.decode() == f"{DESK} {[mine.pk]}"
    assert _role() != DESK
    assert held() == LOGIN


@pytest.mark.django_db
def test_whose_role_opens_nobody_sees_nobody() -> None:
    HouseholdFactory.create()
    assert standing_of(user_in_role(Role.AUDITOR)).organisations == ()
    assert _ask(user_in_role(Role.AUDITOR), _seen).content == b"[]"
    inactive = user_in_role(Role.REGISTRAR, is_active=False)
    assert standing_of(inactive) == standing_of(None) == CLOSED


@pytest.mark.django_db
def test_a_view_that_breaks_leaves_nothing_behind() -> None:
    def breaking(_request: Any) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        _ask(user_in_role(Role.REGISTRAR), breaking)
    assert held() == LOGIN


@pytest.mark.django_db
def test_a_broken_transaction_takes_the_role_back_with_itself() -> None:
    def breaking(_request: Any) -> HttpResponse:
        _break()
        return HttpResponse()

    before = _role()
    with pytest.raises(DataError), transaction.atomic():
        _ask(user_in_role(Role.REGISTRAR), breaking)
    assert (_role(), held()) == (before, LOGIN)


@pytest.mark.django_db
def test_the_service_is_entered_for_a_block_and_left() -> None:
    HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR)

    def view(_request: Any) -> HttpResponse:
        with as_service(Why.FIGURES), as_service(Why.PAIRS):
            everybody = Household.objects.count()
        with pytest.raises(DataError), transaction.atomic(), as_service(Why.FIGURES):
            _break()
        return HttpResponse(f"{everybody} {Household.objects.count()} {_role()}")

    assert _ask(user, view).content.decode() == f"1 0 {DESK}"


@pytest.mark.django_db
def test_what_is_still_sent_is_read_as_the_request_was() -> None:
    mine = HouseholdFactory.create()
    HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)

    def parts() -> Iterator[bytes]:
        yield _seen().content

    answer = _ask(user, lambda _request: StreamingHttpResponse(parts()))
    assert held() == LOGIN
    assert b"".join(answer.streaming_content).decode() == str([mine.pk])
    assert held() == LOGIN


@pytest.mark.django_db
def test_pages_without_an_account_need_no_database(client: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get(reverse("health-live")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_users_on_one_connection_nobody_sees_the_others() -> None:
    """As a web server's thread takes one request after another; the control shows what a scope that stayed would show."""
    households = [HouseholdFactory.create() for _ in range(2)]
    users = [user_in_role(Role.REGISTRAR, organisation=each.organisation) for each in households]
    found: list[tuple[int, bytes]] = []
    together = Barrier(2)

    def serve(first: int) -> None:
        together.wait()
        for turn in range(20):
            who = (first + turn) % 2
            found.append((who, _ask(users[who], _seen).content))
        found.append((9, str(held().role).encode()))
        connections.close_all()

    threads = [Thread(target=serve, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer for who, answer in found if who == 9} == {b"none"}
    for n in range(2):
        assert {answer for who, answer in found if who == n} == {str([households[n].pk]).encode()}
    stand(standing_of(users[0]))
    assert _seen().content == str([households[0].pk]).encode()
    stand(LOGIN)


@pytest.mark.django_db(transaction=True)
def test_a_connection_of_the_web_server_opens_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    HouseholdFactory.create()
    monkeypatch.setattr(database_roles, "_base", LOGIN)
    begin_with(CLOSED)
    connection.close()
    assert _seen().content == b"[]"
    assert _ask(almighty(), _seen).content != b"[]"
    assert (_role(), _seen().content) == (DESK, b"[]")
    monkeypatch.undo()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_cannot_be_put_back_is_closed() -> None:
    def breaking(_request: Any) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        other.close()
        return HttpResponse()

    assert _ask(user_in_role(Role.REGISTRAR), breaking).status_code == 200
    assert connection.connection is None
    assert (held(), _role()) == (LOGIN, _role())
