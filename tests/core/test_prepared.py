"""Statements that are put together and planned once: they say what the ORM says, to each user only what is theirs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError as Refused
from django.db import connection, transaction
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext
from psycopg import DataError
from psycopg.types.datetime import TimestamptzLoader

from accounts.models import Organisation, User
from accounts.policy import Role
from accounts.rows import standing_of
from core import moments
from core.api.rendering import as_json
from core.database_roles import LOGIN, stand
from core.prepared import Columns, Prepared, Remembered, insert, preparing
from displacement.models import Household, Person
from tests.api.conftest import client_of
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db


def _names(short_name: Any) -> Any:
    found = Organisation.objects.exclude(kind="none").filter(
        short_name=short_name
    ) | Organisation.objects.filter(name=short_name)
    return found.order_by("pk").values_list("name", "short_name")


def test_it_finds_what_the_orm_finds_with_each_value() -> None:
    first, second = OrganisationFactory.create_batch(2)
    other = OrganisationFactory.create(name=first.short_name)
    asked = Prepared(_names, short_name=str)
    for name in (first.short_name, second.short_name, "nobody's"):
        assert asked.rows(short_name=name) == list(_names(name))
    assert len(asked.rows(short_name=first.short_name)) == 2, other


def test_an_object_is_as_a_query_makes_it_with_what_is_sealed() -> None:
    household = HouseholdFactory.create(phone="+7 900 000 00 07")
    columns = Columns(Household)
    asked = Prepared(lambda pk: Household.objects.filter(pk=pk).values_list(*columns.lookups), pk=UUID)
    (row,) = asked.rows(pk=household.pk)
    made, usual = columns.made(row), Household.objects.get()
    assert {name: getattr(made, name) for name in columns.names} == {
        name: getattr(usual, name) for name in columns.names
    }
    assert made == household
    assert made.phone == "+7 900 000 00 07"
    assert not made._state.adding


def test_it_is_put_together_once_and_counted_each_time() -> None:
    calls: list[UUID] = []

    def build(pk: UUID) -> Any:
        calls.append(pk)
        return User.objects.filter(pk=pk).values_list("pk")

    asked = Prepared(build, pk=UUID)
    with CaptureQueriesContext(connection) as seen:
        assert [asked.rows(pk=uuid4()) for _ in range(3)] == [[], [], []]
    assert (len(calls), len(seen)) == (1, 3)


@pytest.mark.parametrize(
    "build",
    [
        lambda name: User.objects.values_list("pk"),
        lambda name: User.objects.filter(username__contains=name).values_list("pk"),
    ],
)
def test_a_value_that_is_asked_about_otherwise_than_it_was_given_is_a_mistake_of_ours(build: Any) -> None:
    with pytest.raises(TypeError, match="as it was given"):
        Prepared(build, name=str).rows(name="somebody")


def test_a_constant_that_looks_like_no_parameter_stays() -> None:
    asked = Prepared(
        lambda pk: User.objects.filter(pk=pk).annotate(one=Value(1)).values_list("one", F("username")),
        pk=UUID,
    )
    user = user_in_role(Role.REGISTRAR)
    assert [tuple(row) for row in asked.rows(pk=user.pk)] == [(1, user.username)]


def test_two_of_one_name_are_asked_as_the_first_was() -> None:
    known, users = Remembered(most=2), User.objects
    first = known.known("a", lambda pk: users.filter(pk=pk).values_list("pk"), pk=UUID)
    assert known.known("a", pytest.fail, pk=UUID) is first
    for name in ("b", "c"):
        known.known(name, lambda pk: users.filter(pk=pk).values_list("pk"), pk=UUID)
    assert known.known("a", lambda pk: users.filter(pk=pk).values_list("pk"), pk=UUID) is not first


def test_behind_the_wall_one_statement_shows_each_organisation_its_own() -> None:
    """PostgreSQL keeps its plan, not for whom it was made; the control shows that the statement itself bounds nothing."""
    people = PersonFactory.create_batch(2)
    asked = Prepared(lambda void: Person.objects.exclude(void_reason=void).values_list("pk"), void=str)
    users = [user_in_role(Role.REGISTRAR, organisation=each.household.organisation) for each in people]
    try:
        for _ in range(8):  # PostgreSQL plans anew the first five times
            for who, own in zip(users, people, strict=True):
                stand(standing_of(who))
                assert [key for (key,) in asked.rows(void="never")] == [own.pk]
    finally:
        stand(LOGIN)
    assert len(asked.rows(void="never")) == 2


def test_a_list_that_was_put_together_for_one_is_not_shown_to_another() -> None:
    people = [PersonFactory.create_batch(3, household=HouseholdFactory.create()) for _ in range(2)]
    users = [user_in_role(Role.REGISTRAR, organisation=each[0].organisation) for each in people]
    for _ in range(2):
        for user, own in zip(users, people, strict=True):
            first = client_of(user).get("/api/v1/people/?page_size=2").json()
            rest = client_of(user).get(first["next"]).json()
            back = client_of(user).get(rest["previous"]).json()
            told = [row["id"] for row in first["results"] + rest["results"]]
            assert told == [str(each.pk) for each in reversed(own)]
            assert back["results"] == first["results"]


def test_a_token_s_list_follows_the_role_of_its_account(client: Any) -> None:
    partner, _secret = partner_client()
    own = PersonFactory.create(household__organisation=partner.organisation)
    headers = {"Authorization": f"Bearer {token_of(partner)}"}
    assert [row["id"] for row in client.get("/api/v1/people/", headers=headers).json()["results"]] == [
        str(own.pk)
    ]
    other = PersonFactory.create()
    partner.account.memberships.update(organisation=other.organisation)
    assert [row["id"] for row in client.get("/api/v1/people/", headers=headers).json()["results"]] == [
        str(other.pk)
    ]


def test_an_inserted_row_is_as_one_that_was_saved() -> None:
    usual = HouseholdFactory.create(phone="+7 900 000 00 07")
    row = HouseholdFactory.build(
        organisation=usual.organisation,
        registered_in=usual.registered_in,
        serial=usual.serial + 1,
        phone=usual.phone,
    )
    with CaptureQueriesContext(connection) as seen:
        insert(row)
    assert len(seen) == 1
    found = Household.objects.get(pk=row.pk)
    assert (found.phone, found.serial, found.version) == (usual.phone, row.serial, 1)
    assert not row._state.adding


@pytest.mark.parametrize(
    "moment",
    [
        "2024-08-10 03:28:47.123456+00",
        "2024-08-10 03:28:47+00",
        "0001-01-01 00:00:00+00",
        "2024-08-10 05:58:47+02:30",
    ],
)
def test_a_moment_is_read_as_psycopg_reads_it(moment: str) -> None:
    ours, theirs = moments.MomentLoader(1184, None), TimestamptzLoader(1184, None)
    for told in (moment.encode(), memoryview(moment.encode())):
        assert ours.load(told) == theirs.load(told)
        assert ours.load(told).tzinfo is UTC


def test_what_is_no_moment_of_python_is_refused_as_psycopg_refuses_it() -> None:
    with pytest.raises(DataError):
        moments.MomentLoader(1184, None).load(b"infinity")


def test_connections_read_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        loader = cursor.connection.adapters.get_loader(1184, 0)
    assert loader is moments.MomentLoader


def test_prepared_statements_read_the_same_moments() -> None:
    asked = "SELECT timestamptz '2024-08-10 05:58:47.5+02:30', timestamptz '0001-01-01 00:00:00+00'"
    with connection.cursor() as usual, preparing() as prepared:
        usual.execute(asked)
        prepared.execute(asked)
        others, ours = usual.fetchone(), prepared.fetchone()
    assert ours == others == (datetime(2024, 8, 10, 3, 28, 47, 500_000, UTC), datetime(1, 1, 1, tzinfo=UTC))
    assert as_json(ours) == as_json(others)


@pytest.mark.django_db
def test_a_cursor_is_used_again_and_holds_no_row_meanwhile() -> None:
    with preparing() as first:
        first.execute("SELECT 'Iryna'")
        below = first.cursor
    assert (below.pgresult, below.rowcount) == (None, -1)
    with preparing() as second:
        assert second.cursor is below
        second.execute("SELECT 2")
        assert second.fetchone() == (2,)


@pytest.mark.django_db
def test_while_one_reads_another_gets_a_cursor_of_its_own() -> None:
    with preparing() as outer:
        outer.execute("SELECT generate_series(1, 3)")
        with preparing() as inner:
            inner.execute("SELECT 'other'")
            assert inner.cursor is not outer.cursor
            assert inner.fetchall() == [("other",)]
        assert outer.fetchall() == [(1,), (2,), (3,)]


@pytest.mark.django_db
def test_after_a_statement_that_failed_the_next_one_is_answered() -> None:
    with pytest.raises(Refused), transaction.atomic(), preparing() as cursor:
        cursor.execute("SELECT 1 / %s::int", [0])
    with preparing() as cursor:
        cursor.execute("SELECT 1 / %s::int", [1])
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_opened_anew_has_a_cursor_of_its_own() -> None:
    with preparing() as cursor:
        before = cursor.cursor
    connection.close()
    with preparing() as cursor:
        assert cursor.cursor is not before
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_psycopg_keeps_no_statement_with_its_values() -> None:
    """It would keep the last hundred, to count them, for as long as the connection lives."""
    preparing().close()
    raw: Any = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["Zorina"])
    with preparing() as cursor:
        cursor.execute("SELECT %s::text", ["Zorina"])
    kept = [*raw._prepared._counts, *raw._prepared._names]
    assert any(b"$1" in query for query, _types in kept)
    assert not any(b"Zorina" in query for query, _types in kept)
    raw.prepare_threshold = 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["Zorina"])
    assert any(b"Zorina" in query for query, _types in raw._prepared._counts), "the control"
    raw.prepare_threshold = None
    raw._prepared.clear()
