"""Where a form's server sends submissions to: quick, the same answer for the same submission, and 503 for later."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.policy import Role
from intake.actions import submissions
from intake.models import KoboForm, Submission
from tests.factories.accounts import set_password, user_in_role
from tests.factories.intake import KoboFormFactory
from tests.intake.test_kobo_inbox import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(settings: Settings) -> User:
    """The account that the form's server sends with."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = user_in_role(Role.PARTNER_SYSTEM)
    set_password(user, "correct horse battery")
    return user


@pytest.fixture
def form(partner: User) -> KoboForm:
    """A form of the partner's organisation."""
    return KoboFormFactory.create(organisation=partner.memberships.get().organisation)


def _send(form: KoboForm, user: User | None, payload: Any, **more: Any) -> Any:
    headers = {}
    if user is not None:
        said = b64encode(f"{user.username}:correct horse battery".encode()).decode()
        headers["Authorization"] = f"Basic {said}"
    address = f"/api/v1/kobo-forms/{form.pk}/submissions/"
    return Client().post(address, payload, content_type="application/json", headers=headers, **more)


def test_a_submission_is_kept_and_the_answer_to_the_same_one_is_the_same(
    form: KoboForm, partner: User
) -> None:
    first, second = (_send(form, partner, submission(71)) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    kept = Submission.objects.get()
    assert (kept.instance, kept.number, kept.payload) == ("inst-71", 71, submission(71))
    assert first.json()["instance"] == "inst-71"


def test_keeping_one_costs_few_queries(
    form: KoboForm, partner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        assert _send(form, partner, submission(1)).status_code == 202


@pytest.mark.parametrize(
    ("payload", "status"), [("[]", 400), ("{", 400), ('{"a": 1, "a": 2}', 400), ("{}", 400), ('"x"', 400)]
)
def test_what_is_no_submission_is_refused(form: KoboForm, partner: User, payload: str, status: int) -> None:
    answer = _send(form, partner, payload)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert not Submission.objects.exists()


def test_nobody_else_may_send(form: KoboForm) -> None:
    stranger = user_in_role(Role.PARTNER_SYSTEM)
    set_password(stranger, "correct horse battery")
    assert _send(form, None, submission(1)).status_code == 401
    assert _send(form, stranger, submission(1)).status_code == 404
    assert not Submission.objects.exists()


def test_later_is_said_with_a_time(form: KoboForm, partner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MOST_WAITING", 1)
    assert _send(form, partner, submission(1)).status_code == 202
    answer = _send(form, partner, submission(2))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert "Send this one again later" in answer.json()["detail"]
