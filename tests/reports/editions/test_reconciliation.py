"""The reconciliation line: hand-made numbers, each with its source and age, and none added to another."""

from datetime import date, timedelta

import pytest

from displacement.models.claim import ClaimIndicator, ClaimKind
from displacement.models.movement import Means
from regions.models import Operation
from reports.editions.build import build_report
from reports.editions.reconciliation import STEPS
from reports.editions.releasing import release
from reports.editions.report import ReconciliationLine, SituationReport
from reports.figures.figure import Basis, Figure, Qualifier
from tests.factories.displacement import (
    ArrivedMovementFactory,
    ClaimChoiceFactory,
    ClaimFactory,
    CountedMovementFactory,
    MovementFactory,
    ReturnedMovementFactory,
    SourceFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.shelters import HeadcountFactory, OpenStayFactory
from tests.reports.figures.histories import messy

DAY = date(2024, 8, 9)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    """Kursk, since 6 August."""
    kursk_tree()
    return RunningOperationFactory.create()


def built(operation: Operation) -> SituationReport:
    """The report of the day, known when it is due."""
    return build_report(
        operation=operation,
        region=region("RU-KRS"),
        local_day=DAY,
        known_at=operation.due_at(DAY),
        number=1,
        previous=None,
    )


def line(report: SituationReport, key: str = "") -> ReconciliationLine:
    """The line of the whole region, or of the one named."""
    return next(row for row in report.reconciliation if (row.region == key if key else row.is_total))


def figures(report: SituationReport, key: str = "") -> dict[str, Figure | None]:
    """The figures of a line by step."""
    return {step.step: step.figure for step in line(report, key).steps}


def numbers(report: SituationReport, key: str = "") -> dict[str, int | None]:
    """The numbers of a line by step."""
    return {step: figure.value if figure else None for step, figure in figures(report, key).items()}


def said(source: str, **values: int) -> None:
    """What one source said on the Kursk morning."""
    speaker = SourceFactory.create(name=source)
    for indicator, value in values.items():
        ClaimFactory.create(
            source=speaker, indicator=indicator, kind=ClaimKind.STOCK, qualifier="exact", value=value
        )


def test_each_step_has_its_own_number_source_and_age(operation: Operation) -> None:
    said("Acting governor", people_to_evacuate=180)
    said("Regional government", evacuated=130, remaining=20, evacuated_organised=90, left_own_means=40)
    said("Emergencies ministry", sheltered=55)
    first = MovementFactory.create(means=Means.ORGANISED)
    ArrivedMovementFactory.create(person=first.person, occurred_at=KURSK_MORNING + HOUR)
    MovementFactory.create(means=Means.OWN)
    MovementFactory.create()
    back = MovementFactory.create(means=Means.OWN)
    ReturnedMovementFactory.create(
        person=back.person, occurred_at=KURSK_MORNING + HOUR, means=Means.ORGANISED
    )
    stay = OpenStayFactory.create(person=first.person)
    HeadcountFactory.create(shelter=stay.shelter, people=7, occurred_at=KURSK_MORNING + 12 * HOUR)
    report = built(operation)
    assert numbers(report) == {
        "to_evacuate": 180, "left_claimed": 130, "left_organised_claimed": 90, "left_own_means_claimed": 40,
        "left": 4, "left_organised": 1, "left_own_means": 2, "left_means_unknown": 1,
        "remaining": 20, "in_transit": 2, "sheltered_claimed": 55, "sheltered_stays": 1, "sheltered_headcount": 7,
        "elsewhere": 0, "registered": 4, "unexplained": 180 - 130 - 20,
    }  # fmt: skip
    told = figures(report)
    needed, rest, heads = told["to_evacuate"], told["unexplained"], told["sheltered_headcount"]
    assert needed
    assert rest
    assert heads
    assert (needed.source, needed.age_days) == ("Acting governor", 1)
    assert (rest.source, rest.age_days) == ("Acting governor and Regional government", 1)
    assert (heads.basis, heads.source, heads.age_days) == (Basis.HEADCOUNT, "Site managers", 1)
    assert [step.basis for step in line(report).steps] == list(STEPS.values())


def test_what_nobody_said_is_not_reported_and_what_we_counted_none_of_is_zero(operation: Operation) -> None:
    MovementFactory.create()
    found = numbers(built(operation))
    silent = {step for step, number in found.items() if number is None}
    assert silent == {step for step, basis in STEPS.items() if basis is not Basis.REGISTERED}
    assert (found["left"], found["left_organised"], found["sheltered_stays"]) == (1, 0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_the_ways_of_leaving_make_up_who_left_in_every_line(operation: Operation, seed: int) -> None:
    messy(seed)
    MovementFactory.create(means=Means.ORGANISED)
    CountedMovementFactory.create(means=Means.OWN)
    report = built(operation)
    for row in report.reconciliation:
        by_step = {step.step: step.figure.value if step.figure else None for step in row.steps}
        ways = [by_step[step] or 0 for step in ("left_organised", "left_own_means", "left_means_unknown")]
        assert sum(ways) == by_step["left"], row.name
    whole = numbers(report)
    assert whole["left_organised"]
    assert whole["left_own_means"]


def test_who_left_and_who_remains_by_two_sources_leave_nothing_to_be_explained(operation: Operation) -> None:
    """Else claims of two sources would be added up, though both are governors: the control has one source for both."""
    said("Acting governor", people_to_evacuate=180, evacuated=100)
    said("Regional government", evacuated=130, remaining=20)
    assert numbers(built(operation))["unexplained"] == 30
    claim = region("RU-KRS").claims.get(value=100)
    ClaimChoiceFactory.create(claim=claim)
    found = numbers(built(operation))
    assert (found["left_claimed"], found["remaining"], found["unexplained"]) == (100, 20, None)


def test_a_difference_of_inexact_claims_is_about(operation: Operation) -> None:
    said("Acting governor", evacuated=130, remaining=70)
    speaker = SourceFactory.create(name="Regional government")
    needed = {"indicator": ClaimIndicator.PEOPLE_TO_EVACUATE, "kind": ClaimKind.STOCK, "value": 180}
    ClaimFactory.create(source=speaker, **needed)
    rest = figures(built(operation))["unexplained"]
    assert rest
    assert (rest.value, rest.qualifier) == (-20, Qualifier.ABOUT)


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_the_line_does_not_leave_the_house(operation: Operation, audience: str) -> None:
    said("Acting governor", people_to_evacuate=180)
    report = built(operation)
    assert report.reconciliation
    assert release(report, audience="internal", earlier=[]).reconciliation == report.reconciliation
    assert release(report, audience=audience, earlier=[]).reconciliation == ()
