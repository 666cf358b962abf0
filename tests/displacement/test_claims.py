"""The ledger of claims: what is needed, what is immutable, and what a later claim does to an earlier one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit.models import AuditEvent
from displacement.actions import claims
from displacement.models import Claim, ClaimLink
from tests.factories.accounts import UserFactory
from tests.factories.displacement import ClaimFactory, RetractionFactory, SourceFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def said(**changes: Any) -> dict[str, Any]:
    """About 121,000 evacuated, but for the changes."""
    usual = {
        "source": SourceFactory.create(),
        "region": region("RU-KRS"),
        "indicator": "evacuated",
        "kind": "cumulative",
        "qualifier": "about",
        "value": 121_000,
        "as_of": KURSK_MORNING,
        "published_at": KURSK_MORNING + HOUR,
        "received_at": KURSK_MORNING + 2 * HOUR,
        "by": UserFactory.create(),
    }
    return {**usual, **changes}


def test_a_claim_is_kept_as_it_was_said_with_one_trace() -> None:
    claim = claims.record(**said(scope=" left or evacuated ", children=130_000))
    claim.refresh_from_db()
    assert (claim.value, claim.qualifier, claim.scope, claim.value_min) == (
        121_000,
        "about",
        "left or evacuated",
        None,
    )
    assert claim.children == 130_000  # odd, and flagged in the report, not refused
    assert [(event.action, event.object_id) for event in AuditEvent.objects.all()] == [
        ("record", str(claim.pk))
    ]


def test_a_claim_without_as_of_is_refused() -> None:
    sentence = refused("required", "as_of", claims.record, **said(as_of=None))
    assert "Say at which moment" in sentence


def test_times_come_in_their_order() -> None:
    record = claims.record
    refused("published_early", "published_at", record, **said(published_at=KURSK_MORNING - HOUR))
    refused("received_early", "received_at", record, **said(received_at=KURSK_MORNING))
    refused("required", "published_at", record, **said(published_at=None))
    refused("in_future", "received_at", record, **said(received_at=timezone.now() + HOUR))
    refused("no_zone", "as_of", record, **said(as_of=KURSK_MORNING.replace(tzinfo=None)))
    refused("period_start", "period_start", record, **said(period_start=KURSK_MORNING + HOUR))


def test_received_now_unless_told() -> None:
    claim = claims.record(**said(received_at=None))
    assert claim.received_at == claim.recorded_at


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"value": None}, "value"),
        ({"value_min": 1}, "value"),
        ({"value": -1}, "value"),
        ({"value": 3_000_000_000}, "value"),
        ({"qualifier": "range"}, "value_min"),
        ({"qualifier": "range", "value": None, "value_min": 2}, "value_min"),
        ({"qualifier": "range", "value": None, "value_min": 3, "value_max": 2}, "value_min"),
    ],
)
def test_one_value_or_a_range(numbers: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        claims.record(**said(**numbers))
    assert list(caught.value.message_dict) == [field]


def test_a_range_is_kept_as_one() -> None:
    claim = claims.record(**said(qualifier="range", value=None, value_min=3, value_max=5))
    assert (claim.value, claim.value_min, claim.value_max) == (None, 3, 5)


def test_zero_is_a_value() -> None:
    assert claims.record(**said(value=0)).value == 0


@pytest.mark.parametrize("relation", ["supersedes", "corrects", "retracts"])
def test_what_was_taken_back_no_longer_stands(relation: str) -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    claims.link(claim=later, target=earlier, relation=relation, reason="Withdrawn.", by=UserFactory.create())
    assert list(Claim.objects.standing(timezone.now())) == [later]
    assert AuditEvent.objects.get().detail == {"relation": relation, "target": str(earlier.pk)}


def test_what_was_repeated_still_stands() -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    claims.link(
        claim=later, target=earlier, relation="echoes", reason="A newspaper.", by=UserFactory.create()
    )
    assert Claim.objects.standing(timezone.now()).count() == 2


def test_before_we_knew_of_the_retraction_the_claim_stood() -> None:
    learned_at = KURSK_MORNING + timedelta(days=1)
    link = RetractionFactory.create(claim__received_at=learned_at)
    assert link.target in Claim.objects.standing(learned_at - HOUR)
    assert link.target not in Claim.objects.standing(learned_at)


def test_claims_are_linked_only_about_the_same_thing() -> None:
    claim, by = ClaimFactory.create(), UserFactory.create()
    tie: dict[str, Any] = {"claim": claim, "relation": "corrects", "reason": "A slip.", "by": by}
    other = ClaimFactory.create(indicator="remaining")
    elsewhere = ClaimFactory.create(region=region("UA-59"))
    later = ClaimFactory.create(published_at=KURSK_MORNING + HOUR)
    earlier = ClaimFactory.create()
    refused("other_subject", "target", claims.link, **tie, target=other)
    refused("other_subject", "target", claims.link, **tie, target=elsewhere)
    refused("same_claim", "target", claims.link, **tie, target=claim)
    refused("later_claim", "target", claims.link, **tie, target=later)
    refused("reason_needed", "reason", claims.link, **{**tie, "reason": " "}, target=earlier)
    refused("max_length", "reason", claims.link, **{**tie, "reason": "a" * 301}, target=earlier)
    refused("invalid_choice", "relation", claims.link, **{**tie, "relation": "denies"}, target=earlier)


def test_the_same_link_twice_is_refused() -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    tie: dict[str, Any] = {"claim": later, "target": earlier, "relation": "corrects", "reason": "A slip."}
    claims.link(**tie, by=UserFactory.create())
    refused("claim_link_once", "relation", claims.link, **tie, by=UserFactory.create())


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET recorded_at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
@pytest.mark.parametrize("model", [Claim, ClaimLink])
def test_postgresql_refuses_to_change_claims(model: type[Claim] | type[ClaimLink], statement: str) -> None:
    RetractionFactory.create()
    with (
        pytest.raises(IntegrityError, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        # Foreign keys still to be checked would stop TRUNCATE before the trigger does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; " + statement.format(model._meta.db_table))
    assert model._base_manager.exists()
