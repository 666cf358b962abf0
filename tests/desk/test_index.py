"""The first page: what we counted and what others said, side by side, with its day and its silences."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.policy import Role
from config.desk import index as index_page
from reports.figures import cached
from tests.desk.pages import desk_of, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import (
    ArrivedMovementFactory,
    ClaimFactory,
    MovementFactory,
    ReportedCasualtyFactory,
)
from tests.factories.regions import EndedOperationFactory, RunningOperationFactory, region
from tests.factories.reports import PublishedEditionFactory

pytestmark = pytest.mark.django_db
DAY = "2024-08-12"


@pytest.fixture(autouse=True)
def _nothing_held() -> None:
    """Figures are held for a minute; each test counts its own."""
    cache.clear()


def _page(role: Role = Role.REGISTRAR, **query: str) -> str:
    return words(desk_of(user_in_role(role)).get(reverse("admin:index"), query))


def test_counts_and_claims_stand_side_by_side_and_nothing_adds_them() -> None:
    RunningOperationFactory.create()
    for _ in range(3):
        MovementFactory.create()
    ClaimFactory.create(region=region("RU-KRS"), indicator="evacuated", value=121_000, qualifier="about")
    page = _page(day=DAY)
    assert "about 121,000" in page
    assert "Displaced 3 counted by us" in page
    assert "121,003" not in page


def test_a_claim_has_its_source_and_its_age() -> None:
    RunningOperationFactory.create()
    claim = ClaimFactory.create(region=region("RU-KRS"), indicator="evacuated")
    assert claim.source.name in _page(day=DAY)
    assert "day old" in _page(day="2024-08-13") or "days old" in _page(day="2024-08-13")


def test_silence_is_not_zero() -> None:
    RunningOperationFactory.create()
    page = _page(day=DAY)
    assert "Headcounts on site: not reported" in page


def test_what_is_being_corroborated_stands_apart_from_the_verified() -> None:
    RunningOperationFactory.create()
    ReportedCasualtyFactory.create(civilian_status="civilian")
    page = _page(day=DAY)
    assert "Civilians killed, verified 0 counted by us Being corroborated, not included: 1" in page


def test_a_district_is_chosen() -> None:
    RunningOperationFactory.create()
    MovementFactory.create(origin=region("RU-KRS-SUDZHANSKY"))
    region("RU-KRS-GLUSHKOVSKY")
    assert "Displaced 0 counted by us" in _page(day=DAY, region="RU-KRS-GLUSHKOVSKY")
    assert "Displaced 1 counted by us" in _page(day=DAY, region="RU-KRS-SUDZHANSKY")


def test_an_ended_operation_opens_at_its_newest_edition() -> None:
    operation = EndedOperationFactory.create()
    PublishedEditionFactory.create(operation=operation, local_day=date(2024, 8, 11))
    assert "as of 11 August 2024, 24:00 Moscow time (UTC+3)" in _page()


@pytest.mark.parametrize("asked", ["2090-01-01", "1900-01-01", "yesterday", ""])
def test_any_day_is_answered(asked: str) -> None:
    RunningOperationFactory.create()
    assert "counted by us" in _page(day=asked)


def test_without_an_operation_the_page_says_so() -> None:
    assert "There is no operation" in _page()


def test_figures_come_held_for_a_minute(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    RunningOperationFactory.create()
    ArrivedMovementFactory.create()
    desk = desk_of(user_in_role(Role.REGISTRAR, organisation=OrganisationFactory.create()))
    with django_assert_max_num_queries(22):
        desk.get(reverse("admin:index"), {"day": DAY})
    with django_assert_max_num_queries(10):
        desk.get(reverse("admin:index"), {"day": DAY})


def test_this_page_counts_nothing_itself() -> None:
    """It has no other way to a number than the figures."""
    assert vars(index_page)["figures_for"] is cached.figures_for
