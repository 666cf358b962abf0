"""Whatever goes wrong on the desk is said in a sentence that tells what to do."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from accounts.policy import Role
from tests.factories.accounts import user_in_role

pytestmark = pytest.mark.django_db
HOUSEHOLDS = "/displacement/household/"


@pytest.fixture
def registrar() -> User:
    return user_in_role(Role.REGISTRAR)


def test_a_page_that_the_role_does_not_open() -> None:
    client = Client()
    client.force_login(user_in_role(Role.REPORT_RECIPIENT))
    answer = client.get(HOUSEHOLDS)
    assert answer.status_code == 403
    assert "ask an administrator of your organisation" in answer.content.decode()


def test_a_form_from_before_the_sign_in(registrar: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(registrar)
    answer = client.post(f"{HOUSEHOLDS}add/", {"phone": "1"})
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (SuspiciousOperation("marjoram"), 400, "Go back and send it again"),
        (RuntimeError("marjoram"), 500, "nothing of this step was saved"),
        (OperationalError("connection is closed"), 503, "nothing of this step was saved"),
    ],
)
def test_a_fault(
    fault: Exception, status: int, words: str, registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise fault

    client = Client(raise_request_exception=False)
    client.force_login(registrar)
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.changelist_view", fail)
    answer = client.get(HOUSEHOLDS)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert str(fault) not in answer.content.decode()
