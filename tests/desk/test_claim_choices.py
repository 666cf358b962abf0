"""Letting a claim lead, on its page."""

import pytest

from accounts.policy import Role
from displacement.models import ClaimChoice
from tests.desk.pages import act_url, desk_of, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


def test_a_publisher_lets_a_claim_lead_on_the_desk_and_a_registrar_may_not() -> None:
    claim = ClaimFactory.create()
    told = {"reason": "It names its districts."}
    assert desk_of(user_in_role(Role.REGISTRAR)).post(act_url(claim, "choose"), told).status_code == 403
    page = desk_of(user_in_role(Role.PUBLISHER)).post(act_url(claim, "choose"), told, follow=True)
    assert "This claim leads now." in words(page)
    assert ClaimChoice.objects.get().claim == claim


def test_whoever_publishes_in_another_region_lets_no_claim_of_this_one_lead() -> None:
    claim = ClaimFactory.create()
    elsewhere = user_in_role(Role.PUBLISHER, region=region("RU-ORL"))
    page = desk_of(elsewhere).post(act_url(claim, "choose"), {"reason": "Better."})
    assert page.status_code == 403
    assert not ClaimChoice.objects.exists()
