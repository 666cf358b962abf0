"""Sessions end: by the clock, with the password, with the account, and roles end at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import User
from accounts.policy import Role
from accounts.service import service_user
from accounts.signing_in import limits
from accounts.signing_in.forms import AppForm, OwnPasswordForm
from displacement.models import Person
from tests.desk.pages import desk_of, list_url, words
from tests.factories.accounts import UserFactory, set_password, user_in_role
from tests.factories.intake import StagingBatchFactory
from tests.signing_in import code_of

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


def test_the_table_of_sessions_opens_none(registrar: User) -> None:
    client = desk_of(registrar)
    cookie = client.cookies["sessionid"].value
    (row,) = Session.objects.all()
    assert cookie not in (row.session_key, row.session_data)
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert not _is_in(thief)
    thief.cookies["sessionid"] = cookie
    assert _is_in(thief), "the control"
    client.post(reverse("admin:logout"))
    assert not _is_in(thief)
    assert not Session.objects.exists()


def test_a_session_of_before_the_account_was_closed_does_not_go_on(registrar: User) -> None:
    client = desk_of(registrar)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=registrar.memberships.get().organisation)
    page = reverse("admin:accounts_user_change", args=[registrar.pk])
    sent = {"username": registrar.username, "language": "en"}
    sent |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    for is_open in (False, True):
        desk_of(admin).post(page, sent | ({"is_active": "on"} if is_open else {}))
        assert User.objects.get(pk=registrar.pk).is_active is is_open
        assert not _is_in(client)


def test_a_cookie_that_was_laid_into_the_browser_knows_of_no_password(registrar: User) -> None:
    set_up_app(registrar)
    stranger = set_password(user_in_role(Role.REGISTRAR), "correct horse battery")
    set_up_app(stranger)
    laid, victim = Client(), Client()
    laid.post("/login/", {"login": stranger.username, "password": "correct horse battery"})
    laid.post(reverse("account_logout"))
    victim.cookies["sessionid"] = laid.cookies["sessionid"].value
    victim.post("/login/", {"login": registrar.username, "password": "correct horse battery"})
    assert victim.get("/login/second-factor/").status_code == 200
    assert laid.get("/login/second-factor/").headers["Location"] == "/login/"


def test_nothing_of_what_was_sent_waits_in_the_session_for_the_password(registrar: User) -> None:
    client = desk_of(registrar)
    page = reverse("mfa_activate_totp")
    client.get(page)
    session = client.session
    session["began_at"] -= 301
    session.save()
    answer = client.post(page, {"code": "135791"})
    assert answer.headers["Location"] == f"{reverse('account_reauthenticate')}?next={page}"
    kept = str(client.session.load())
    assert "135791" not in kept
    assert client.cookies["sessionid"].value not in kept
    told = {"password": "correct horse battery", "next": page}
    assert client.post(reverse("account_reauthenticate"), told).headers["Location"] == page
    assert client.get(page).status_code == 200


def test_a_keeper_does_not_sign_in_as_the_service() -> None:
    service, keeper = service_user(), UserFactory.create(is_superuser=True, is_staff=True)
    new = {
        "usable_password": "true",
        "password1": "another horse battery",
        "password2": "another horse battery",
    }
    desk = desk_of(keeper)
    assert desk.post(reverse("admin:auth_user_password_change", args=[service.pk]), new).status_code == 403
    sent = {"username": service.username, "language": "en", "is_active": "on"}
    sent |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    desk.post(reverse("admin:accounts_user_change", args=[service.pk]), sent)
    service.refresh_from_db()
    assert (service.is_active, service.has_usable_password()) == (False, False)


def _closed(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _given_another_password(user: User) -> None:
    set_password(User.objects.get(pk=user.pk), "set by an administrator")


def _signed_out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)


@pytest.mark.parametrize("meanwhile", [_closed, _given_another_password, _signed_out])
def test_a_password_that_is_changed_in_the_same_moment_undoes_nothing(
    meanwhile: Callable[[User], None], registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, new, real = desk_of(registrar), "another horse battery", OwnPasswordForm.clean_old_password

    def checked(self: OwnPasswordForm) -> str:
        answer = real(self)
        meanwhile(registrar)
        return answer

    monkeypatch.setattr(OwnPasswordForm, "clean_old_password", checked)
    sent = {"old_password": "correct horse battery", "new_password1": new, "new_password2": new}
    assert client.post(reverse("admin:password_change"), sent).status_code == 403
    now = User.objects.get(pk=registrar.pk)
    assert not now.check_password(new)
    assert now.is_active is (meanwhile is not _closed)
    assert not _is_in(client)


def test_a_factor_is_not_set_up_by_a_session_that_was_ended_in_the_same_moment(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner and somebody who has the password enrol at once: the later of them is out."""
    client, real = desk_of(registrar), AppForm.clean_code
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret

    def checked(self: AppForm) -> str:
        answer = real(self)
        _signed_out(registrar)
        return answer

    monkeypatch.setattr(AppForm, "clean_code", checked)
    assert client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}).status_code == 403
    assert not Authenticator.objects.filter(user=registrar).exists()
