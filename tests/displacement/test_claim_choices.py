"""Which claim leads is a named person's choice, with a reason; nothing is changed by it but the order of showing."""

from datetime import timedelta

import pytest

from audit.actions.voiding import void
from audit.models import AuditEvent
from displacement.actions import claim_choices
from displacement.models import ClaimChoice
from tests.factories.accounts import UserFactory
from tests.factories.displacement import ClaimFactory, RetractionFactory
from tests.factories.facts import KURSK_MORNING
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_choice_is_kept_with_its_reason_and_one_trace() -> None:
    claim, publisher = ClaimFactory.create(), UserFactory.create()
    choice = claim_choices.choose(claim=claim, reason=" It names its districts. ", by=publisher)
    assert (choice.claim, choice.reason, choice.recorded_by) == (
        claim,
        "It names its districts.",
        publisher.pk,
    )
    [event] = AuditEvent.objects.all()
    assert (event.action, event.object_id, event.reason) == (
        "choose",
        str(claim.pk),
        "It names its districts.",
    )


def test_a_choice_without_reason_or_before_its_claim_is_refused() -> None:
    claim, by = ClaimFactory.create(), UserFactory.create()
    refused("reason_needed", "reason", claim_choices.choose, claim=claim, reason=" ", by=by)
    early = KURSK_MORNING - timedelta(hours=1)
    told = {"claim": claim, "reason": "Better.", "by": by}
    refused("before_claim", "occurred_at", claim_choices.choose, occurred_at=early, **told)
    assert not ClaimChoice.objects.exists()


def test_a_claim_that_was_taken_back_cannot_lead() -> None:
    claim = RetractionFactory.create().target
    sentence = refused(
        "not_standing",
        "__all__",
        claim_choices.choose,
        claim=claim,
        reason="Better.",
        by=UserFactory.create(),
    )
    assert "Choose one that stands" in sentence


def test_a_choice_is_taken_back_and_stays_readable() -> None:
    by = UserFactory.create()
    choice = claim_choices.choose(claim=ClaimFactory.create(), reason="Better.", by=by)
    void(choice, by=by, reason="The wrong line.")
    assert not ClaimChoice.objects.current().exists()
    assert ClaimChoice.objects.get().reason == "Better."
