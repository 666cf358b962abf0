"""Who must show a second factor, and that nothing opens before."""

import tomllib

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.management.commands.create_demo_accounts import set_up_app
from accounts.middleware import BY_ITSELF, FOR_EVERYBODY, ON_THE_WAY
from accounts.models import User
from accounts.policy import POLICY, Role
from accounts.second_factor import PEOPLE, must_have_second_factor, opens_people
from tests.desk.pages import words
from tests.factories.accounts import UserFactory, user_in_role
from tests.repository.source import ROOT
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db

#: Of those with personal columns, what opens no person: work addresses of readers, where houses are, what a list is called
#: (its rows are open to those alone who may see what it tells of), where a partner's server is, families that do not exist, and
#: colleagues, whom only administrators see.
NO_PEOPLE = {
    "accounts.user",
    "displacement.honeyrecord",
    "exchange.endpoint",
    "intake.batch",
    "reports.delivery",
    "reports.subscription",
    "shelters.shelter",
}
NEED_NONE = {Role.REGIONAL_COORDINATOR, Role.PUBLISHER, Role.REPORT_RECIPIENT}


def test_every_kind_of_record_with_people_in_it_is_counted() -> None:
    """A new one that a role may see has to be called people, or be named above with a reason."""
    classes = tomllib.loads((ROOT / "accounts" / "field_classes.toml").read_text(encoding="utf-8"))
    personal = {
        f"{app}.{model}"
        for app, tables in classes.items()
        for model, lists in tables.items()
        if any(names for kind, names in lists.items() if kind != "open")
    }
    open_to_somebody = {resource for rules in POLICY.values() for resource in rules}
    assert (personal & open_to_somebody) - PEOPLE == NO_PEOPLE


def test_which_roles_need_none() -> None:
    assert {role for role in Role if not opens_people(role)} == NEED_NONE
    assert must_have_second_factor(UserFactory.create(is_superuser=True))
    assert not must_have_second_factor(UserFactory.create())


def by_password(user: User) -> Client:
    """A browser in which the user has shown the password and nothing else."""
    client = Client()
    sign_in(client, user, second_factor=False)
    return client


@pytest.mark.parametrize("role", [role for role in Role if role not in NEED_NONE])
def test_a_password_alone_opens_nothing_to_who_sees_people(role: Role) -> None:
    client = by_password(user_in_role(role))
    for path in ("/", reverse("admin:displacement_person_changelist"), reverse("admin:password_change")):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index"))
    for path in ("/api/v1/people/", "/api/v1/regions/", "/api/schema/"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")
    assert "until then nothing else opens" in words(client.get(reverse("mfa_index")))


@pytest.mark.parametrize("role", sorted(NEED_NONE))
def test_who_sees_no_people_may_go_without(role: Role) -> None:
    client = by_password(user_in_role(role))
    assert client.get("/").status_code == 200
    assert client.get(reverse("admin:displacement_person_changelist")).status_code == 403


def test_a_role_that_is_given_meanwhile_closes_the_session_until_a_factor_is_there() -> None:
    user = user_in_role(Role.PUBLISHER)
    client = by_password(user)
    assert client.get("/").status_code == 200
    user.memberships.update(role=Role.REGISTRAR)
    assert client.get("/").headers["Location"] == reverse("mfa_index")


def test_a_session_from_before_the_factor_has_to_sign_in_anew() -> None:
    user = user_in_role(Role.REGISTRAR)
    client = by_password(user)
    set_up_app(user)
    assert client.get(reverse("mfa_activate_totp")).headers["Location"].startswith(reverse("account_login"))
    assert client.get("/api/v1/people/").status_code == 401


def test_with_a_second_factor_it_opens() -> None:
    """The control: the same session that has shown one."""
    client = Client()
    sign_in(client, user_in_role(Role.REGISTRAR), second_factor=True)
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/people/").status_code == 200


def test_every_exception_is_a_page_that_exists() -> None:
    assert (FOR_EVERYBODY | ON_THE_WAY | BY_ITSELF) - set(_names(get_resolver().url_patterns)) == set()


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found += _names(pattern.url_patterns, inner)
        elif pattern.name:
            found.append(f"{prefix}{pattern.name}")
    return found
