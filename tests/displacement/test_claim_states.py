"""Whether a claim may still be quoted, in the rows of one statement."""

from typing import Any

import pytest
from django.utils import timezone
from uuid6 import uuid7

from displacement.actions import claims
from displacement.models import Claim, ClaimWithdrawal
from tests.factories.accounts import UserFactory
from tests.factories.displacement import ClaimFactory
from tests.factories.facts import KURSK_MORNING

pytestmark = pytest.mark.django_db


def _withdraw(claim: Claim) -> None:
    ClaimWithdrawal.objects.create(claim=claim, reason="Entered twice.", recorded_by=uuid7())


def _link(later: Claim, earlier: Claim, relation: str) -> None:
    claims.link(claim=later, target=earlier, relation=relation, reason="Newer.", by=UserFactory.create())


def _states() -> dict[Any, Any]:
    rows: Any = Claim.objects.with_state(timezone.now())
    return {row["pk"]: (row["state"], row["ended_by"]) for row in rows.values("pk", "state", "ended_by")}


@pytest.mark.parametrize(
    ("relation", "state"),
    [("supersedes", "superseded"), ("corrects", "corrected"), ("retracts", "retracted"), ("echoes", None)],
)
def test_what_a_later_claim_did_and_which(relation: str, state: str | None) -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    _link(later, earlier, relation)
    expected = (state, later.pk) if state else ("standing", None)
    assert _states() == {earlier.pk: expected, later.pk: ("standing", None)}
    assert set(Claim.objects.not_standing(timezone.now())) == ({earlier} if state else set())
    before = Claim.objects.with_state(KURSK_MORNING).get(pk=earlier.pk)
    assert before.state == "standing"  # type: ignore[attr-defined]  # annotated


def test_withdrawn_ends_nothing_and_is_ended_by_nobody() -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    _link(later, earlier, "retracts")
    _withdraw(later)
    assert _states() == {earlier.pk: ("standing", None), later.pk: ("withdrawn", None)}
    halves = Claim.objects.standing(timezone.now()), Claim.objects.not_standing(timezone.now())
    assert [list(half) for half in halves] == [[earlier], [later]]
