"""Sessions end: by the clock, with the password, with the account, and roles end at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.policy import Role
from accounts.signing_in import limits
from displacement.models import Person
from tests.desk.pages import desk_of, list_url, words
from tests.factories.accounts import set_password, user_in_role
from tests.factories.intake import StagingBatchFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/api/v1/people/"
MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def registrar(settings: Settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return set_password(user_in_role(Role.REGISTRAR), "correct horse battery")


def _at(minutes: float) -> time_machine.travel:
    return time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False)


def _is_in(client: Client) -> bool:
    desk, api = client.get("/"), client.get(PEOPLE)
    assert (desk.status_code, api.status_code) in {(200, 200), (302, 401)}
    return bool(desk.status_code == 200)


def test_half_an_hour_without_a_step_ends_it(registrar: User) -> None:
    with _at(0):
        client = desk_of(registrar)
    for minutes in (29, 58):
        with _at(minutes):
            assert _is_in(client)
    with _at(89):
        assert not _is_in(client)
        assert "nothing was done for a while" in words(client.get("/login/"))


def test_a_page_that_asks_by_itself_is_nobody_who_does_something(registrar: User) -> None:
    """A list on its way at a desk that everybody left."""
    batch = StagingBatchFactory.create(organisation=registrar.memberships.get().organisation)
    progress = reverse("admin:intake_batch_progress", args=[batch.pk])
    with _at(0):
        client = desk_of(registrar)
    for minutes in (10, 20, 29):
        with _at(minutes):
            assert client.get(progress).status_code == 200
    with _at(31):
        assert client.get(progress).status_code == 302
        assert not _is_in(client)


def test_twelve_hours_end_it_whatever_is_done(registrar: User) -> None:
    with _at(0):
        client = desk_of(registrar)
    for minutes in range(29, 12 * 60, 29):
        with _at(minutes):
            assert client.get(PEOPLE).status_code == 200
    with _at(12 * 60 + 1):
        assert not _is_in(client)


def test_a_session_that_nobody_began_is_none(registrar: User) -> None:
    client = desk_of(registrar)
    session = client.session
    del session["began_at"]
    session.save()
    assert not _is_in(client)


def test_being_used_is_written_down_once_a_minute(registrar: User) -> None:
    with _at(0):
        client = desk_of(registrar)
    for minutes, is_written in ((0.5, False), (1, True), (1.5, False)):
        with _at(minutes), CaptureQueriesContext(connection) as asked:
            client.get(PEOPLE)
        written = [query for query in asked.captured_queries if "UPDATE" in query["sql"]]
        assert bool(written) is is_written, minutes


def test_a_new_password_ends_every_other_session(registrar: User) -> None:
    here, elsewhere = desk_of(registrar), desk_of(registrar)
    new = "another horse battery"
    sent = {"old_password": "correct horse battery", "new_password1": new, "new_password2": new}
    assert here.post(reverse("admin:password_change"), sent).status_code == 302
    assert _is_in(here)
    assert not _is_in(elsewhere)


def test_an_account_that_is_closed_is_out_with_the_next_step(registrar: User) -> None:
    client = desk_of(registrar)
    assert _is_in(client)
    User.objects.filter(pk=registrar.pk).update(is_active=False)
    assert not _is_in(client)


def test_a_role_that_is_taken_away_is_dead_with_the_next_step(registrar: User) -> None:
    client = desk_of(registrar)
    assert client.get(PEOPLE).status_code == 200
    assert client.get(list_url(Person)).status_code == 200
    registrar.memberships.all().delete()
    assert client.get(PEOPLE).status_code == 403
    assert client.get(list_url(Person)).status_code == 403


def test_the_old_password_is_counted_too(registrar: User) -> None:
    client, new = desk_of(registrar), "another horse battery"
    sent = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    for _ in range(limits.OF_CODES):
        client.post(reverse("admin:password_change"), sent)
    page = client.post(reverse("admin:password_change"), {**sent, "old_password": "correct horse battery"})
    assert "tried too often" in words(page)
