"""Submissions come in once each, wait, and become a batch."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from accounts.policy import Role
from intake.actions import submissions
from intake.content import opened
from intake.models import Batch, KoboForm, Submission
from intake.models.batch import BatchState
from intake.sources.kobo import submissions_in
from tests.factories.accounts import user_in_role
from tests.factories.intake import KoboFormFactory
from tests.refusals import codes

pytestmark = pytest.mark.django_db


def submission(number: int, **more: Any) -> dict[str, Any]:
    """A family of two as Kobo sends it."""
    people = [{"hh/people/given_name": "Анна"}, {"hh/people/given_name": "Пётр"}]
    own = f"uuid:inst-{number}"
    return {
        "_id": number,
        "_uuid": own[5:],
        "meta/instanceID": own,
        "hh/phone": "1",
        "hh/people": people,
        **more,
    }


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def form(registrar: User) -> KoboForm:
    """A form of the registrar's organisation."""
    return KoboFormFactory.create(organisation=registrar.memberships.get().organisation)


def test_the_same_submission_is_kept_once(form: KoboForm, registrar: User) -> None:
    first = submissions.take(form=form, payload=submission(1), by=registrar)
    again = submissions.take(form=form, payload=submission(1), by=registrar)
    assert first == again
    assert Submission.objects.count() == 1


def test_what_no_server_sent_is_refused(form: KoboForm, registrar: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        submissions.take(form=form, payload={"given_name": "Анна"}, by=registrar)
    assert codes(refusal.value) == {"__all__": ["no_instance"]}


def test_another_organisation_sends_nothing_here(form: KoboForm) -> None:
    with pytest.raises(PermissionDenied):
        submissions.take(form=form, payload=submission(1), by=user_in_role(Role.PARTNER_SYSTEM))


def test_a_full_inbox_asks_to_come_back(
    form: KoboForm, registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "MOST_WAITING", 1)
    kept = submissions.take(form=form, payload=submission(1), by=registrar)
    with pytest.raises(submissions.InboxFull):
        submissions.take(form=form, payload=submission(2), by=registrar)
    assert submissions.take(form=form, payload=submission(1), by=registrar) == kept


def test_what_waits_becomes_a_batch(form: KoboForm, registrar: User) -> None:
    edited = submission(1, **{"meta/instanceID": "uuid:inst-9", "meta/deprecatedID": "uuid:inst-1"})
    payloads = [submission(1), submission(2), edited]
    assert submissions.take_all(form=form, payloads=payloads, by=registrar) == 3
    batch = submissions.gather(form=form, by=registrar)
    assert (batch.kind, batch.state) == ("people", BatchState.NEEDS_MAPPING)
    with opened(batch) as file:
        assert submissions_in(file.read()) == payloads
    assert "given_name" in batch.headings
    with pytest.raises(ValidationError) as refusal:
        submissions.gather(form=form, by=registrar)
    assert codes(refusal.value) == {"__all__": ["nothing_waits"]}


def test_submissions_of_a_batch_that_was_discarded_wait_again(form: KoboForm, registrar: User) -> None:
    submissions.take(form=form, payload=submission(1), by=registrar)
    batch = submissions.gather(form=form, by=registrar)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.DISCARDED)
    assert submissions.gather(form=form, by=registrar).pk != batch.pk
