"""Where a form's server sends submissions to: quick, the same answer for the same submission, and 503 for later."""

from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actions.clients import change_client, rotate_secret
from accounts.models import Client as PartnerClient
from intake.actions import submissions
from intake.models import KoboForm, Submission
from tests.factories.clients import administrator_of, approved, partner_client
from tests.factories.intake import KoboFormFactory
from tests.intake.test_kobo_inbox import submission

pytestmark = pytest.mark.django_db
Sender = tuple[PartnerClient, str]


@pytest.fixture
def partner(db: None) -> Sender:
    """The client that the form's server sends with, and its secret."""
    return partner_client()


@pytest.fixture
def form(partner: Sender) -> KoboForm:
    """A form of the partner's organisation."""
    return KoboFormFactory.create(organisation=partner[0].organisation)


def _send(form: KoboForm, sender: Sender | None, payload: Any, **more: Any) -> Any:
    headers = {}
    if sender is not None:
        said = b64encode(f"{sender[0].client_id}:{sender[1]}".encode()).decode()
        headers["Authorization"] = f"Basic {said}"
    address = f"/api/v1/kobo-forms/{form.pk}/submissions/"
    return Client().post(address, payload, content_type="application/json", headers=headers, **more)


def test_a_submission_is_kept_and_the_answer_to_the_same_one_is_the_same(
    form: KoboForm, partner: Sender
) -> None:
    first, second = (_send(form, partner, submission(71)) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    kept = Submission.objects.get()
    assert (kept.instance, kept.number, kept.payload) == ("inst-71", 71, submission(71))
    assert first.json()["instance"] == "inst-71"


def test_keeping_one_costs_few_queries(
    form: KoboForm, partner: Sender, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        assert _send(form, partner, submission(1)).status_code == 202


@pytest.mark.parametrize(
    ("payload", "status"), [("[]", 400), ("{", 400), ('{"a": 1, "a": 2}', 400), ("{}", 400), ('"x"', 400)]
)
def test_what_is_no_submission_is_refused(form: KoboForm, partner: Sender, payload: str, status: int) -> None:
    answer = _send(form, partner, payload)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert not Submission.objects.exists()


def test_nobody_else_may_send(form: KoboForm) -> None:
    assert _send(form, None, submission(1)).status_code == 401
    assert _send(form, partner_client(), submission(1)).status_code == 404
    assert not Submission.objects.exists()


def test_later_is_said_with_a_time(form: KoboForm, partner: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MOST_WAITING", 1)
    assert _send(form, partner, submission(1)).status_code == 202
    answer = _send(form, partner, submission(2))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert "Send this one again later" in answer.json()["detail"]


def test_the_secret_of_a_client_opens_this_address_and_no_other(form: KoboForm, partner: Sender) -> None:
    client, secret = partner
    said = b64encode(f"{client.client_id}:{secret}".encode()).decode()
    answer = Client().get(f"/api/v1/kobo-forms/{form.pk}/", headers={"Authorization": f"Basic {said}"})
    assert answer.status_code == 401
    by = administrator_of(client.organisation)
    change_client(client=client, scopes=["people:write"], networks=(), valid_until=None, by=by)
    assert _send(form, partner, submission(1)).json()["code"] == "scope_needed"
    near = ["192.0.2.0/24"]
    approved(change_client(client=client, scopes=["lists:write"], networks=near, valid_until=None, by=by))
    assert _send(form, partner, submission(1)).json()["code"] == "network_not_allowed"
    assert _send(form, partner, submission(1), REMOTE_ADDR="192.0.2.1").status_code == 202
    rotate_secret(client=client, former_until=None, by=by)
    assert _send(form, partner, submission(2), REMOTE_ADDR="192.0.2.1").status_code == 401
