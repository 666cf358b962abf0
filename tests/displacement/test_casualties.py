"""Recording incidents, victims and what sources tell of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from displacement.actions import casualties
from displacement.models import Casualty, CasualtyStep
from displacement.models.casualty import Rung
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    IncidentFactory,
    PersonFactory,
    SourceFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def victim(**changes: Any) -> dict[str, Any]:
    """Somebody killed in an incident, but for the changes."""
    usual = {"incident": IncidentFactory.create(), "outcome": "killed", "by": UserFactory.create()}
    return {**usual, **changes}


def word(**changes: Any) -> dict[str, Any]:
    """What a source told of somebody alleged to be killed, but for the changes."""
    usual = {
        "casualty": AllegedCasualtyFactory.create(),
        "source": SourceFactory.create(),
        "by": UserFactory.create(),
        "occurred_at": KURSK_MORNING + HOUR,
        "supports_what": True,
    }
    return {**usual, **changes}


def scene(**changes: Any) -> dict[str, Any]:
    """An incident on the Kursk morning, but for the changes."""
    usual = {
        "organisation": OrganisationFactory.create(),
        "region": region("RU-KRS-SUDZHANSKY"),
        "occurred_at": KURSK_MORNING,
        "by": UserFactory.create(),
    }
    return {**usual, **changes}


def test_an_incident_is_recorded_with_one_trace() -> None:
    incident = casualties.record_incident(**scene(cause="drone", occurred_until=KURSK_MORNING + HOUR))
    assert incident.precision == "day"
    assert [(event.action, event.object_id) for event in AuditEvent.objects.all()] == [
        ("record", str(incident.pk))
    ]


def test_an_incident_has_a_possible_time() -> None:
    record = casualties.record_incident
    refused("in_future", "occurred_at", record, **scene(occurred_at=timezone.now() + HOUR))
    refused("ends_early", "occurred_until", record, **scene(occurred_until=KURSK_MORNING - HOUR))
    refused("invalid_choice", "cause", record, **scene(cause="enemy"))


def test_a_victim_starts_as_alleged_with_a_dated_step_and_one_trace() -> None:
    casualty = casualties.record(**victim(sex="female", age="child", civilian_status="civilian"))
    assert (casualty.rung, casualty.occurred_at) == (Rung.ALLEGED, KURSK_MORNING)
    step = CasualtyStep.objects.get()
    assert (step.rung, step.occurred_at, step.recorded_by) == ("alleged", KURSK_MORNING, casualty.recorded_by)
    assert [event.object_id for event in AuditEvent.objects.all()] == [str(casualty.pk)]


def test_traces_hold_no_names() -> None:
    casualties.record(**victim(victim_name="Ганна Шевченко"))
    assert "Шевченко" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (3, 2), (-1, 2)])
def test_a_group_has_a_possible_range(low: int, high: int) -> None:
    refused("people_range", "people_max", casualties.record, **victim(people_min=low, people_max=high))


def test_a_group_has_no_name() -> None:
    assert casualties.record(**victim(people_min=3, people_max=5)).people_max == 5
    nameless = victim(people_max=2, victim_name="Ганна")
    refused("group_with_name", "victim_name", casualties.record, **nameless)
    refused(
        "group_with_name",
        "victim_name",
        casualties.record,
        **victim(people_max=2, person=PersonFactory.create()),
    )


def test_who_died_later_has_a_day_of_death_and_nobody_else() -> None:
    record = casualties.record
    assert record(**victim(outcome="died_later", died_on=date(2024, 8, 20))).died_on
    refused("day_of_death", "died_on", record, **victim(outcome="died_later"))
    refused("day_of_death", "died_on", record, **victim(outcome="injured", died_on=date(2024, 8, 20)))
    refused("in_future", "died_on", record, **victim(outcome="died_later", died_on=date(2100, 1, 1)))
    refused("death_too_early", "died_on", record, **victim(outcome="died_later", died_on=date(2024, 8, 1)))


def test_nobody_is_hurt_before_the_incident_or_in_a_voided_one() -> None:
    early = KURSK_MORNING - HOUR
    refused("before_incident", "occurred_at", casualties.record, **victim(occurred_at=early))
    refused("void", "incident", casualties.record, **victim(incident=IncidentFactory.create(voided=True)))


def test_a_source_is_attached_with_what_it_tells() -> None:
    told = casualties.attach_source(**word(supports_who=True))
    told.refresh_from_db()
    assert (told.supports_who, told.supports_what, told.supports_when) == (True, True, False)
    assert [event.action for event in AuditEvent.objects.all()] == ["attach_source"]


def test_a_source_that_repeats_itself_speaks_in_its_own_words() -> None:
    source = SourceFactory.create()
    assert casualties.attach_source(**word(source=source, origin=source)).origin is None


def test_a_source_tells_something_after_it_happened() -> None:
    attach = casualties.attach_source
    refused("tells_nothing", "supports_what", attach, **word(supports_what=False))
    refused("too_early", "occurred_at", attach, **word(occurred_at=KURSK_MORNING - HOUR))
    refused("in_future", "occurred_at", attach, **word(occurred_at=timezone.now() + HOUR))
    refused("void", "casualty", attach, **word(casualty=AllegedCasualtyFactory.create(voided=True)))


def test_next_of_kin_are_informed_once() -> None:
    by, casualty = UserFactory.create(), AllegedCasualtyFactory.create()
    inform = casualties.inform_next_of_kin
    refused("too_early", "at", inform, casualty=casualty, by=by, at=KURSK_MORNING - HOUR)
    done = inform(casualty=casualty, by=by, at=KURSK_MORNING + HOUR)
    assert (done.next_of_kin_informed_at, done.next_of_kin_informed_by) == (KURSK_MORNING + HOUR, by.pk)
    assert [event.action for event in AuditEvent.objects.all()] == ["inform_next_of_kin"]
    refused("informed_already", "", inform, casualty=casualty, by=by)
    assert Casualty.objects.get().version == 2
