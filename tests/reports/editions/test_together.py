"""Somebody who reads two audiences' reports, or an oblast's and its districts', finds nothing that one of them hides."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from regions.models import Operation
from reports.disclosure.failed import DisclosureFailed
from reports.editions.build import build_report
from reports.editions.releasing import gate, release
from reports.editions.report import SituationReport
from reports.figures.mark import Mark
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.reports.editions.test_build import scene
from tests.reports.figures.histories import messy

FIRST = date(2024, 8, 6)
OBLAST, DISTRICT = "RU-KRS", "RU-KRS-SUDZHANSKY"

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    """Kursk, since 6 August, with some of everything in it."""
    kursk_tree()
    operation: Operation = RunningOperationFactory.create()
    scene()
    messy(1, 40)
    return operation


def exact(operation: Operation, key: str, days: int = 1) -> SituationReport:
    """The internal report of the day."""
    day = FIRST + timedelta(days=days - 1)
    return build_report(
        operation=operation,
        region=region(key),
        local_day=day,
        known_at=operation.due_at(day),
        number=days,
        previous=None,
    )


def told(
    report: SituationReport, audience: str, earlier: list[SituationReport] | None = None
) -> SituationReport:
    """As the audience may see it, through the gate."""
    found = release(report, audience=audience, earlier=earlier or [])
    gate(found, earlier=earlier or [])
    return found


def numbers(report: SituationReport) -> list[int]:
    """What the table of people by age and sex shows."""
    found = [getattr(row, sex) for row in report.sex_age for sex in ("female", "male", "other", "total")]
    return [number for number in found if isinstance(number, int)]


def shown_in(report: SituationReport, key: str) -> object:
    """The displaced of a region, as the row of a report shows them."""
    return next(row.displaced for row in report.regions if row.region == key and not row.is_rest)


def test_a_complement_that_partners_do_not_see_the_public_does_not_see_either(operation: Operation) -> None:
    """The control: an edition for the public that shows one of the two gives the other away to whoever reads both."""
    report = exact(operation, OBLAST, 3)
    partners = told(report, "partners")
    band = partners.sex_age[0]
    assert (band.female, band.other) == (Mark.SUPPRESSED, Mark.SUPPRESSED)
    shows = replace(partners.sex_age[0], female=report.sex_age[0].female)
    other = replace(partners, audience="public", sex_age=(shows, *partners.sex_age[1:]))
    with pytest.raises(DisclosureFailed) as failed:
        gate(other, earlier=[partners])
    assert "sex_age" in failed.value.codes
    public = told(report, "public", [partners])
    for before, after in zip(partners.sex_age, public.sex_age, strict=True):
        for sex in ("female", "male", "other", "total"):
            assert getattr(before, sex) is not Mark.SUPPRESSED or getattr(after, sex) is Mark.SUPPRESSED


def test_days_for_both_audiences_give_nothing_away_in_either_order(operation: Operation) -> None:
    earlier: list[SituationReport] = []
    for days in range(1, 4):
        report = exact(operation, OBLAST, days)
        for audience in ("partners", "public") if days % 2 else ("public", "partners"):
            earlier.append(told(report, audience, earlier))
    assert [report.audience for report in earlier[:3]] == ["partners", "public", "public"]


def test_who_may_see_more_makes_no_number_of_the_public_leave(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partners see from 3 on, the public from 10 on; the public's numbers hold against whoever reads only the public's."""
    monkeypatch.setattr("reports.editions.releasing.threshold_of", {"partners": 3, "public": 10}.__getitem__)
    report = exact(operation, OBLAST, 3)
    partners = told(report, "partners")
    public = told(report, "public", [partners])
    assert not any(0 < number < 10 for number in numbers(public))
    assert any(3 <= number < 10 for number in numbers(partners))


def test_a_district_in_its_oblasts_report_and_in_its_own_is_one_number(operation: Operation) -> None:
    oblast, district = exact(operation, OBLAST, 3), exact(operation, DISTRICT, 3)
    first = told(oblast, "partners")
    second = told(district, "partners", [first])
    hidden = shown_in(first, DISTRICT) is Mark.SUPPRESSED
    assert (shown_in(second, DISTRICT) is Mark.SUPPRESSED) == hidden


@pytest.mark.parametrize("order", [(OBLAST, DISTRICT), (DISTRICT, OBLAST)])
def test_oblast_and_district_together_give_nothing_away(operation: Operation, order: tuple[str, str]) -> None:
    messy(2, 150)
    earlier: list[SituationReport] = []
    for days in range(2, 4):
        for key in order:
            earlier.append(told(exact(operation, key, days), "partners", earlier))
    assert len(earlier) == 4


def test_an_age_band_of_the_only_district_is_that_of_the_oblast(operation: Operation) -> None:
    """The control of sums over reports: each passes by itself, and the one gives the other's hidden cell away."""
    oblast = exact(operation, OBLAST, 3)
    rows = tuple(
        row if row.is_total else replace(row, displaced=0)
        for row in oblast.regions
        if row.is_total or row.region == DISTRICT
    )
    total = next(row.displaced for row in rows if row.is_total)
    only = tuple(row if row.is_total else replace(row, displaced=total) for row in rows)
    oblast = replace(oblast, regions=only, audience="partners", hosts=(), needs=(), shelters=())
    district = replace(
        oblast,
        region=DISTRICT,
        regions=tuple(replace(row, region=DISTRICT) for row in only if row.is_total),
        key_figures=(),
    )
    bands = (replace(oblast.sex_age[0], female=Mark.SUPPRESSED, male=Mark.SUPPRESSED), *oblast.sex_age[1:])
    hiding = replace(oblast, sex_age=bands, key_figures=())
    with pytest.raises(DisclosureFailed) as failed:
        gate(district, earlier=[hiding])
    assert "sex_age" in failed.value.codes
