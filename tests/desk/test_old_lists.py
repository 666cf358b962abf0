"""A list whose rows were removed: its page says since when, and offers neither rows nor an undo."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.service import service_user
from intake.actions import retention
from intake.models import Batch
from tests.api.conftest import client_of
from tests.desk.pages import act_url, record_url, words
from tests.desk.test_intake import accepted, checked

pytestmark = pytest.mark.django_db


@pytest.fixture
def emptied(desk: Client) -> Batch:
    """An accepted list of three people and one refused row, three months and a day later."""
    batch = checked(desk)
    accepted(desk, batch)
    kept = words(desk.get(record_url(batch)))
    assert "Download the refused rows" in kept
    assert "were removed on" not in kept
    Batch.objects.update(state_since=timezone.now() - timedelta(days=91))
    assert retention.remove(batch_id=batch.pk, by=service_user())
    return batch


def test_its_page_keeps_the_counts_and_says_since_when_rows_are_gone(desk: Client, emptied: Batch) -> None:
    page = desk.get(record_url(emptied))
    said = words(page)
    assert "The file and its rows were removed on" in said
    assert "Fine 3 of 4 rows" in said
    assert "Refused 1" in said
    assert "This day does not exist" in said or "calendar" in said
    assert "Show the rows" not in said
    assert "Download the refused rows" not in said
    assert reverse("admin:intake_batch_rows", args=[emptied.pk]) not in page.content.decode()
    assert [act.name for act, _url in page.context["acts"]] == []


@pytest.mark.parametrize("page", ["rows", "refused"])
def test_pages_of_its_rows_lead_back_to_the_sentence(desk: Client, emptied: Batch, page: str) -> None:
    answer = desk.get(reverse(f"admin:intake_batch_{page}", args=[emptied.pk]), follow=True)
    assert answer.redirect_chain == [(record_url(emptied), 302)]
    assert "The rows of this list are not here any more." in words(answer)


def test_undoing_it_is_not_offered(desk: Client, emptied: Batch) -> None:
    assert desk.get(act_url(emptied, "undo")).headers["Location"] == record_url(emptied)


def test_the_api_says_so_too(registrar: User, emptied: Batch) -> None:
    client = client_of(registrar)
    at = f"/api/v1/batches/{emptied.pk}/"
    told = client.get(at).json()
    assert told["rows_removed_at"] is not None
    assert told["summary"]["refused"] == 1
    refused = client.get(f"{at}refused/")
    undone = client.post(f"{at}undo/", {"reason": "The wrong file."}, content_type="application/json")
    for answer in (refused, undone):
        assert answer.status_code == 409
        assert "rows_removed" in answer.content.decode()
        assert "removed on" in answer.content.decode()
