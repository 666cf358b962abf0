"""The way in: who may come, and whom the demo accounts let in."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from tests.desk.pages import desk_of, words
from tests.factories.accounts import UserFactory, set_password, user_in_role
from tests.signing_in import code_of

pytestmark = pytest.mark.django_db


def _try(user: str, password: str, secret: str) -> bool:
    """Whether they let in."""
    client = Client()
    client.post(reverse("account_login"), {"login": user, "password": password})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    return bool(client.get("/").status_code == 200)


@pytest.mark.parametrize(
    "name", ["admin:index", "admin:displacement_person_changelist", "admin:displacement_household_add"]
)
def test_every_page_asks_who_you_are(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_page_of_django_that_takes_a_password_alone_is_not_there() -> None:
    """Also where its address is asked for by name, and for somebody who is signed in."""
    assert reverse("admin:login") == reverse("account_login")
    other = set_password(user_in_role(Role.REGISTRAR), "a long enough password")
    desk = desk_of(user_in_role(Role.REGISTRAR))
    sent = {"username": other.username, "password": "a long enough password"}
    for answer in (desk.post("/login/", sent), _asked(desk.get("/").wsgi_request)):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def _asked(request: HttpRequest) -> HttpResponse:
    return admin.site.login(request)


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
    assert head == ["role", "user", "password", "second factor"]
    assert {role for role, *_rest in lines} == set(Role.values) - {Role.PARTNER_SYSTEM.value}
    assert len({password for _role, _user, password, _secret in lines}) == len(lines)
    assert len({secret for *_rest, secret in lines}) == len(lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    role, user, password, secret = lines[0]
    assert _try(user, password, secret)
    assert Membership.objects.get(user__username=user).role == role


def test_a_demo_account_has_its_code_printed_and_nobody_else(data_dir: Path) -> None:
    with pytest.raises(CommandError, match="prints no second factor for this user"):
        call_command("demo_code", "registrar")
    call_command("create_demo_accounts", stdout=StringIO())
    file = (data_dir / "demo-accounts.tsv").read_text()
    secret = next(line.split("\t")[3] for line in file.splitlines() if "\tregistrar\t" in line)
    out = StringIO()
    call_command("demo_code", "registrar", stdout=out)
    assert out.getvalue().split(" ")[0] in {code_of(secret), code_of(secret, later=-1)}
    real = UserFactory.create(username="anna")
    set_up_app(real)
    with pytest.raises(CommandError, match="prints no second factor for this user"):
        call_command("demo_code", "anna")


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
