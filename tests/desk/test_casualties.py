"""Recording casualties and climbing the ladder, with the sentence that says why not."""

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.models import Casualty, CasualtySource, Claim, ClaimLink, Incident
from tests.desk.pages import act_url, add_url, desk_of, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import (
    ClaimFactory,
    CorroboratedCasualtyFactory,
    IncidentFactory,
    SourceFactory,
)
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
CASUALTY = {
    "outcome": "killed",
    "people_min": 1,
    "people_max": 1,
    "civilian_status": "civilian",
    "sex": "female",
    "age": "adult",
}


@pytest.fixture
def recorder() -> User:
    """Records for one organisation."""
    return user_in_role(Role.CASUALTY_RECORDER)


@pytest.fixture
def verifier() -> User:
    """Verifies what any organisation recorded."""
    return user_in_role(Role.CASUALTY_VERIFIER)


def test_an_incident_is_recorded_with_its_casualty_and_a_source(recorder: User) -> None:
    desk = desk_of(recorder)
    incident = {
        "region": region("RU-KRS-SUDZHANSKY").pk,
        "occurred_at": "2024-08-08T05:00",
        "precision": "hour",
        "cause": "drone",
        "place": "street",
    }
    desk.post(add_url(Incident), incident)
    desk.post(act_url(Incident.objects.get(), "casualty"), CASUALTY)
    casualty = Casualty.objects.get()
    told = {"source": SourceFactory.create().pk, "occurred_at": "2024-08-08T09:00", "supports_what": "on"}
    desk.post(act_url(casualty, "source"), told)
    assert (casualty.rung, CasualtySource.objects.get().casualty) == ("alleged", casualty)


def test_a_second_victim_range_is_refused_in_words(recorder: User) -> None:
    incident = IncidentFactory.create(organisation=recorder.memberships.get().organisation)
    page = desk_of(recorder).post(
        act_url(incident, "casualty"), {**CASUALTY, "people_min": 5, "people_max": 3}
    )
    assert "people_max" in page.context["form"].errors
    assert Casualty.objects.count() == 0


def test_a_verifier_verifies_what_somebody_else_recorded(verifier: User) -> None:
    casualty = CorroboratedCasualtyFactory.create()
    page = desk_of(verifier).post(act_url(casualty, "verified"), {"reason": "both hospitals"})
    casualty.refresh_from_db()
    assert page.status_code == 302, words(page)
    assert (casualty.rung, casualty.verified_by) == ("verified", verifier.pk)


def test_nobody_verifies_an_own_record(verifier: User) -> None:
    casualty = CorroboratedCasualtyFactory.create(recorded_by=verifier.pk)
    page = desk_of(verifier).post(act_url(casualty, "verified"), {"reason": "I was there"})
    casualty.refresh_from_db()
    assert "You recorded this casualty" in words(page)
    assert casualty.rung == "corroborated"


def test_a_recorder_is_not_offered_to_verify(recorder: User) -> None:
    own = recorder.memberships.get().organisation
    casualty = CorroboratedCasualtyFactory.create(incident__organisation=own)
    assert desk_of(recorder).post(act_url(casualty, "verified"), {"reason": ""}).status_code == 403


def test_refuting_needs_a_reason(verifier: User) -> None:
    casualty = CorroboratedCasualtyFactory.create()
    desk_of(verifier).post(act_url(casualty, "refuted"), {"reason": ""})
    casualty.refresh_from_db()
    assert casualty.rung == "corroborated"
    desk_of(verifier).post(act_url(casualty, "refuted"), {"reason": "the same victim as in another file"})
    casualty.refresh_from_db()
    assert casualty.rung == "refuted"


def test_a_claim_is_recorded_as_it_was_said() -> None:
    desk = desk_of(user_in_role(Role.PUBLISHER))
    said = {
        "source": SourceFactory.create().pk,
        "region": region("RU-KRS").pk,
        "indicator": "evacuated",
        "kind": "cumulative",
        "unit": "individuals",
        "qualifier": "about",
        "value": 121000,
        "as_of": "2024-08-12T00:00",
        "is_as_of_day": "on",
        "published_at": "2024-08-12T14:00",
        "received_at": "2024-08-12T15:00",
        "credibility": "6",
    }
    assert "as_of" in desk.post(add_url(Claim), {**said, "as_of": ""}).context["form"].errors
    assert Claim.objects.count() == 0
    desk.post(add_url(Claim), said)
    claim = Claim.objects.get()
    assert (claim.value, claim.qualifier) == (121000, "about")
    earlier = ClaimFactory.create(region=claim.region, indicator="evacuated")
    desk.post(act_url(claim, "link"), {"relation": "corrects", "target": earlier.pk, "reason": "said later"})
    assert ClaimLink.objects.get().target == earlier
