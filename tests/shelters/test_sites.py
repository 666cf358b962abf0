"""Sites, what they offer from when on, and what is counted in them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from shelters.actions import headcounts, sites
from shelters.actions.sites import NewState
from shelters.models import Headcount, Shelter, ShelterState
from shelters.models.shelter import Phase
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import OpenShelterFactory, ShelterFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def site(**changes: Any) -> dict[str, Any]:
    """A school with forty places, but for the changes."""
    usual = {
        "name": "Школа № 7",
        "region": region("RU-KRS-KURSK"),
        "organisation": OrganisationFactory.create(),
        "by": UserFactory.create(),
        "state": NewState(places_open=40),
        "occurred_at": KURSK_MORNING,
    }
    return {**usual, **changes}


def count(**changes: Any) -> dict[str, Any]:
    """Seven people in, but for the changes."""
    return {"shelter": OpenShelterFactory.create(), "people": 7, "by": UserFactory.create(), **changes}


def test_a_site_opens_with_its_first_state_and_one_trace() -> None:
    shelter = sites.open_site(**site(latitude=51.7, longitude=36.2))
    state = ShelterState.objects.get()
    assert (state.shelter, state.phase, state.places_open, state.toilets) == (shelter, Phase.OPEN, 40, None)
    assert [(event.action, event.object_id) for event in AuditEvent.objects.all()] == [
        ("open_site", str(shelter.pk))
    ]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": " "}, "name", "blank"),
        ({"site_type": "castle"}, "site_type", "invalid_choice"),
        ({"latitude": 51.7}, "latitude", "half_a_point"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude", "off_the_map"),
        ({"latitude": 0.0, "longitude": float("nan")}, "longitude", "off_the_map"),
        ({"state": NewState(phase="cosy")}, "phase", "invalid_choice"),
        ({"state": NewState(places_open=-1)}, "places_open", "min_value"),
        ({"state": NewState(places_open=9, places_blocked=2)}, "blocked_reason", "reason_needed"),
        (
            {"state": NewState(places_open=1, places_blocked=2, blocked_reason="roof")},
            "places_blocked",
            "blocked_above_open",
        ),
        ({"occurred_at": KURSK_MORNING.replace(tzinfo=None)}, "occurred_at", "no_zone"),
    ],
)
def test_a_site_is_refused_at_the_field(changes: dict[str, Any], field: str, code: str) -> None:
    refused(code, field, sites.open_site, **site(**changes))


def test_two_sites_of_a_region_do_not_share_a_name() -> None:
    first = sites.open_site(**site())
    sentence = refused("shelter_name_in_region", "name", sites.open_site, **site())
    assert "exists in this region already" in sentence
    assert sites.open_site(**site(region=region("RU-ORL"))).name == first.name


def test_a_change_of_state_keeps_what_it_does_not_name() -> None:
    shelter, by = OpenShelterFactory.create(), UserFactory.create()
    state = sites.change_state(shelter=shelter, by=by, places_blocked=3, blocked_reason="no water")
    assert (state.phase, state.places_open, state.places_blocked) == (Phase.OPEN, 10, 3)
    cleared = sites.change_state(shelter=shelter, by=by, places_blocked=0)
    assert (cleared.places_open, cleared.blocked_reason) == (10, "")
    assert {event.action for event in AuditEvent.objects.all()} == {"change_state"}
    assert AuditEvent.objects.count() == 2


def test_a_late_change_builds_on_what_held_at_its_time() -> None:
    shelter, by = OpenShelterFactory.create(), UserFactory.create()
    sites.change_state(shelter=shelter, by=by, occurred_at=KURSK_MORNING + HOUR, places_open=99)
    late = sites.change_state(shelter=shelter, by=by, occurred_at=KURSK_MORNING, phase="full")
    assert (late.phase, late.places_open) == ("full", 10)


def test_a_change_of_state_is_refused_at_the_field() -> None:
    told: dict[str, Any] = {"shelter": OpenShelterFactory.create(), "by": UserFactory.create()}
    refused("not_changeable", "name", sites.change_state, **told, name="Other")
    refused("in_future", "occurred_at", sites.change_state, **told, occurred_at=timezone.now() + HOUR)
    refused("reason_needed", "blocked_reason", sites.change_state, **told, places_blocked=1)


def test_a_stale_edit_of_a_site_is_refused() -> None:
    shelter, by = ShelterFactory.create(), UserFactory.create()
    changed = sites.change(shelter=shelter, version=1, by=by, name="Суджа")
    assert (changed.name_key, changed.version) == ("sudza", 2)
    refused("version_conflict", "", sites.change, shelter=shelter, version=1, by=by, name="Sudzha")
    refused("not_changeable", "region", sites.change, shelter=shelter, version=2, by=by, region=None)


def test_protected_places_and_rooms_are_added_with_one_trace_each() -> None:
    shelter, by = OpenShelterFactory.create(), UserFactory.create()
    cellar = sites.add_protected_places(shelter=shelter, cover="basement", places=20, by=by, exits=2)
    assert (cellar.places, cellar.exits, cellar.is_step_free) == (20, 2, None)
    sites.add_room(shelter=shelter, name="12", by=by, beds=4)
    assert Shelter.objects.get().version == shelter.version + 1
    assert sorted(event.action for event in AuditEvent.objects.all()) == ["add_protected_places", "add_room"]
    refused(
        "invalid_choice", "cover", sites.add_protected_places, shelter=shelter, cover="tent", places=1, by=by
    )
    refused("room_name_in_shelter", "name", sites.add_room, shelter=shelter, name="12", by=by)


def test_a_headcount_is_kept_beside_the_stays_with_one_trace() -> None:
    headcount = headcounts.report(**count(people=143, places_free=20))
    assert (headcount.people, headcount.children, headcount.places_free) == (143, None, 20)
    assert [event.action for event in AuditEvent.objects.all()] == ["report"]


def test_a_count_of_zero_is_a_count() -> None:
    headcounts.report(**count(people=0, children=0))
    assert Headcount.objects.get().children == 0


def test_a_headcount_is_refused_at_the_field() -> None:
    report = headcounts.report
    refused("children", "children", report, **count(children=8))
    refused("min_value", "people", report, **count(people=-1))
    refused("in_future", "occurred_at", report, **count(occurred_at=timezone.now() + HOUR))


def test_the_database_holds_that_children_are_among_people() -> None:
    headcount = headcounts.report(**count())
    with pytest.raises(Exception, match="headcount_children_among_people"):
        Headcount.objects.filter(pk=headcount.pk).update(children=8)


def test_with_places_counts_what_is_free_now() -> None:
    unknown = OpenShelterFactory.create(state__places_open=None)
    stateless = ShelterFactory.create()
    blocked = OpenShelterFactory.create(state__places_blocked=4, state__blocked_reason="roof")
    rows = {row.pk: row for row in Shelter.objects.with_places()}
    assert (rows[unknown.pk].places_free, rows[unknown.pk].phase) == (None, "open")
    assert (rows[stateless.pk].places_free, rows[stateless.pk].phase) == (None, None)
    assert (rows[blocked.pk].places_usable, rows[blocked.pk].places_free) == (6, 6)
