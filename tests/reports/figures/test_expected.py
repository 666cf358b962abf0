"""Who was expected to report and did not: by name, with the last report and how often it was due, and never as a number."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from uuid6 import uuid7

from accounts.policy import Role
from displacement.actions.expected_reports import expect
from displacement.models import Claim, ExpectedReport, Source
from displacement.models.claim import ClaimIndicator
from regions.models import Operation
from reports.editions.build import build_report
from reports.editions.releasing import release
from reports.editions.report import Silence, SituationReport
from reports.rendering.text import render_text
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory, SourceFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, kursk_tree, region

ONE = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    """Kursk, since 6 August."""
    kursk_tree()
    return RunningOperationFactory.create()


@pytest.fixture
def ministry() -> Source:
    """Who is expected to tell who left."""
    source: Source = SourceFactory.create(name="Ministry")
    return source


def expected(source: Source, every_days: int = 1, **more: object) -> ExpectedReport:
    """That it is expected to tell who left Kursk oblast, since 7 August."""
    at = KURSK_MORNING - ONE
    given = {"occurred_at": at, "recorded_at": at, "recorded_by": uuid7(), "indicator": "evacuated", **more}
    return ExpectedReport.objects.create(
        source=source, region=region("RU-KRS"), every_days=every_days, **given
    )


def built(operation: Operation, days: int = 0) -> SituationReport:
    """The report so many days after 8 August."""
    day = KURSK_MORNING.date() + days * ONE
    return build_report(
        operation=operation,
        region=region("RU-KRS"),
        local_day=day,
        known_at=operation.due_at(day),
        number=1,
        previous=None,
    )


def silent(report: SituationReport) -> list[Silence]:
    """Sources that did not report."""
    return [row for row in report.silences if row.every_days is not None]


@pytest.mark.parametrize(
    ("every_days", "days", "is_silent"),
    [(1, 0, False), (1, 1, True), (2, 1, False), (2, 2, True), (7, 6, False), (7, 7, True)],
)
def test_a_source_is_silent_when_so_many_days_have_passed(
    operation: Operation, ministry: Source, every_days: int, days: int, is_silent: bool
) -> None:
    expected(ministry, every_days)
    ClaimFactory.create(source=ministry)
    found = silent(built(operation, days))
    assert bool(found) is is_silent
    if found:
        assert (found[0].last_report_at, found[0].age_days) == (KURSK_MORNING, days)


def test_who_never_reported_is_named_with_its_last_report_and_no_number(
    operation: Operation, ministry: Source
) -> None:
    expected(ministry)
    expected(ministry, indicator="killed")
    ClaimFactory.create(source=ministry)
    report = built(operation, 3)
    assert [(row.name, row.age_days) for row in silent(report)] == [
        ("Ministry on Evacuated or left, Kursk Oblast", 3),
        ("Ministry on Civilians killed, Kursk Oblast", None),
    ]
    text = " ".join(render_text(report).decode().split())
    assert "3 days old; expected every day" in text
    assert "Ministry on Civilians killed, Kursk Oblast: never reported; expected every day" in text
    assert [claim.indicator for claim in report.claims] == ["evacuated"], "silence is no claim of 0"


def test_what_we_wrote_down_by_mistake_and_what_others_said_is_no_report(
    operation: Operation, ministry: Source
) -> None:
    expected(ministry)
    ClaimFactory.create(source=SourceFactory.create(name="Newspaper"))
    ClaimFactory.create(source=ministry, indicator="killed")
    ClaimFactory.create(source=ministry, region=region("RU-ORL"))
    ClaimFactory.create(source=ministry, recorded_at=KURSK_MORNING + 5 * ONE)
    assert [row.last_report_at for row in silent(built(operation))] == [None]


def test_an_expectation_counts_from_its_day_and_until_it_is_taken_back(
    operation: Operation, ministry: Source
) -> None:
    row = expected(ministry, occurred_at=KURSK_MORNING + ONE)
    assert silent(built(operation)) == []
    assert len(silent(built(operation, 1))) == 1
    row.voided_at, row.voided_by, row.void_reason = KURSK_MORNING + 3 * ONE, row.recorded_by, "It left."
    row.save()
    assert len(silent(built(operation, 1))) == 1, "what was known then stays so"
    assert silent(built(operation, 3)) == []


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_sources_that_owe_us_a_number_are_named_to_us_only(
    operation: Operation, ministry: Source, audience: str
) -> None:
    expected(ministry)
    told = release(built(operation, 2), audience=audience, earlier=[])
    assert silent(told) == []
    assert "Ministry" not in render_text(told).decode()


def test_what_is_refused(ministry: Source) -> None:
    by, where = user_in_role(Role.PUBLISHER), region("RU-KRS")
    asked = {"source": ministry, "region": where, "indicator": ClaimIndicator.KILLED, "by": by}
    with pytest.raises(ValidationError, match="from 1"):
        expect(every_days=0, **asked)  # type: ignore[arg-type]
    expect(every_days=1, **asked)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="expected already"):
        expect(every_days=2, **asked)  # type: ignore[arg-type]
    assert Claim.objects.count() == 0
