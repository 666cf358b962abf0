"""Civilians only; verified and being corroborated apart; the rung as it was known."""

from datetime import date
from typing import Any

import pytest

from displacement.models.casualty import CivilianStatus, Outcome, Rung, VictimAge
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    CasualtyStepFactory,
    CorroboratedCasualtyFactory,
    IncidentFactory,
    RefutedCasualtyFactory,
    ReportedCasualtyFactory,
    VerifiedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.asking import DAY, HOUR, figure, value

pytestmark = pytest.mark.django_db


def ends(indicator: str, **question: object) -> tuple[int | None, int | None, int | None]:
    """Value and range."""
    found = figure(indicator, **question)  # type: ignore[arg-type]
    return found.value, found.value_min, found.value_max


def test_no_file_is_not_zero_killed() -> None:
    found = figure("killed")
    assert (found.value, found.note) == (None, "no casualty is on file")


def test_every_rung_in_its_place() -> None:
    for factory in (AllegedCasualtyFactory, ReportedCasualtyFactory, CorroboratedCasualtyFactory):
        factory.create()
    VerifiedCasualtyFactory.create(age=VictimAge.CHILD)
    RefutedCasualtyFactory.create()
    assert (value("killed"), value("killed_corroborating")) == (1, 3)
    assert figure("killed").children == 1
    assert value("injured") == 0


def test_a_range_stays_a_range() -> None:
    AllegedCasualtyFactory.create(people_min=2, people_max=5)
    AllegedCasualtyFactory.create()
    assert ends("killed_corroborating") == (None, 3, 6)
    assert ends("killed") == (0, None, None)


def test_the_rung_is_the_one_known_at_the_moment() -> None:
    casualty = CorroboratedCasualtyFactory.create()
    CasualtyStepFactory.create(
        casualty=casualty,
        rung=Rung.VERIFIED,
        occurred_at=KURSK_MORNING + HOUR,
        recorded_at=KURSK_MORNING + 2 * DAY,
    )
    assert (value("killed"), value("killed_corroborating")) == (0, 1)
    later = KURSK_MORNING + 2 * DAY
    assert (value("killed", known_at=later), value("killed_corroborating", known_at=later)) == (1, 0)


def test_combatants_are_out_and_unknown_status_is_never_verified() -> None:
    VerifiedCasualtyFactory.create(civilian_status=CivilianStatus.COMBATANT)
    VerifiedCasualtyFactory.create(civilian_status=CivilianStatus.UNKNOWN)
    VerifiedCasualtyFactory.create(civilian_status=CivilianStatus.AID_WORKER)
    assert (value("killed"), value("killed_corroborating")) == (1, 1)


def test_who_died_later_was_injured_until_then() -> None:
    RunningOperationFactory.create()
    VerifiedCasualtyFactory.create(outcome=Outcome.DIED_LATER, died_on=date(2024, 8, 11))
    known_at = KURSK_MORNING + 5 * DAY
    before: dict[str, Any] = {"as_of": KURSK_MORNING + DAY, "known_at": known_at}
    assert (value("injured", **before), value("died_later", **before)) == (1, 0)
    after: dict[str, Any] = {"as_of": known_at, "known_at": known_at}
    assert (value("injured", **after), value("died_later", **after), value("killed", **after)) == (0, 1, 0)


def test_casualties_count_where_the_incident_was_and_since_the_operation_began() -> None:
    RunningOperationFactory.create()
    VerifiedCasualtyFactory.create(incident=IncidentFactory.create(region=region("UA-59-SUMSKYI")))
    VerifiedCasualtyFactory.create(occurred_at=KURSK_MORNING - 30 * DAY)
    VerifiedCasualtyFactory.create(incident=IncidentFactory.create(voided=True))
    VerifiedCasualtyFactory.create()
    assert value("killed") == 1
