"""The way in: who may come, what a wrong attempt says, and whom the demo accounts let in."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from tests.desk.pages import desk_of, words
from tests.factories.accounts import UserFactory, set_password, user_in_role

pytestmark = pytest.mark.django_db
NOT_RIGHT = "User name or password is not right"


def _try(username: str, password: str) -> str:
    page = Client().post(reverse("admin:login"), {"username": username, "password": password})
    return "in" if page.status_code == 302 else words(page)


def test_a_wrong_attempt_never_says_which_part_was_wrong() -> None:
    set_password(UserFactory.create(username="anna"), "a long enough password")
    set_password(UserFactory.create(username="gone", is_active=False), "a long enough password")
    assert _try("anna", "a long enough password") == "in"
    answers = {_try("anna", "wrong"), _try("nobody", "wrong"), _try("gone", "a long enough password")}
    assert (
        len({answer.replace("anna", "").replace("nobody", "").replace("gone", "") for answer in answers}) == 1
    )
    assert NOT_RIGHT in answers.pop()


@pytest.mark.parametrize(
    "name", ["admin:index", "admin:displacement_person_changelist", "admin:displacement_household_add"]
)
def test_every_page_asks_who_you_are(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_every_page_forbids_what_it_does_not_need() -> None:
    policy = (
        desk_of(user_in_role(Role.REGISTRAR)).get(reverse("admin:index")).headers["Content-Security-Policy"]
    )
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_page_shows_the_lists_of_the_role_and_no_others() -> None:
    desk = desk_of(user_in_role(Role.CASUALTY_VERIFIER))
    page = words(desk.get(reverse("admin:index")))
    assert "Verify casualties" in page
    assert "Register a household" not in page
    assert desk.get(reverse("admin:displacement_person_changelist")).status_code == 403


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """Where the sign-ins are written in this test."""
    settings.DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path


def test_demo_accounts_let_each_role_in(data_dir: Path) -> None:
    call_command("create_demo_accounts", stdout=StringIO())
    file = data_dir / "demo-accounts.tsv"
    head, *lines = [line.split("\t") for line in file.read_text().splitlines()]
    assert head == ["role", "user", "password"]
    assert {role for role, _user, _password in lines} == set(Role.values) - {Role.PARTNER_SYSTEM.value}
    assert len({password for _role, _user, password in lines}) == len(lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    role, user, password = lines[0]
    assert _try(user, password) == "in"
    assert Membership.objects.get(user__username=user).role == role


def test_demo_accounts_are_made_once(data_dir: Path) -> None:
    call_command("create_demo_accounts", stdout=StringIO())
    before = dict(User.objects.values_list("username", "password"))
    text = (data_dir / "demo-accounts.tsv").read_text()
    call_command("create_demo_accounts", stdout=StringIO())
    assert dict(User.objects.values_list("username", "password")) == before
    assert (data_dir / "demo-accounts.tsv").read_text() == text
    User.objects.get(username="auditor").delete()
    call_command("create_demo_accounts", stdout=StringIO())
    assert (data_dir / "demo-accounts.tsv").read_text().startswith(text), "what was there stays"


def test_demo_accounts_work_for_the_organisation_that_is_here(data_dir: Path) -> None:
    here = Organisation.objects.create(name="Open Road", short_name="OR", kind="ngo")
    call_command("create_demo_accounts", stdout=StringIO())
    assert set(Membership.objects.values_list("organisation", flat=True)) == {here.pk}
