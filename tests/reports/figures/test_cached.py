"""Screens share an answer for a minute, history is exact, and without Valkey the numbers still come."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from reports.figures.cached import figures_for
from reports.figures.figure import Figure
from tests.factories.displacement import MovementFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


def displaced(figures: list[Figure]) -> int | None:
    """The first figure."""
    assert figures[0].indicator == "displaced"
    return figures[0].value


def test_the_second_question_costs_no_query() -> None:
    place = region("RU-KRS")
    MovementFactory.create()
    first = figures_for(place, as_of=KURSK_MORNING, known_at=KURSK_MORNING)
    with CaptureQueriesContext(connection) as queries:
        second = figures_for(place, as_of=KURSK_MORNING, known_at=KURSK_MORNING)
    assert (len(queries), second) == (0, first)
    assert displaced(second) == 1


def test_neighbouring_moments_of_the_past_are_different_questions() -> None:
    place, tick = region("RU-KRS"), timedelta(microseconds=1)
    left_at = KURSK_MORNING + timedelta(seconds=30)
    MovementFactory.create(occurred_at=left_at)
    assert displaced(figures_for(place, as_of=left_at, known_at=left_at)) == 1
    assert displaced(figures_for(place, as_of=left_at - tick, known_at=left_at)) == 0


def test_regions_are_different_questions() -> None:
    MovementFactory.create()
    for key, people in (("RU-KRS", 1), ("UA-59", 0)):
        assert displaced(figures_for(region(key), as_of=KURSK_MORNING, known_at=KURSK_MORNING)) == people


def test_now_is_shared_within_a_minute() -> None:
    place, now = region("RU-KRS"), timezone.now().replace(second=10)
    if abs(timezone.now() - now) > timedelta(seconds=50):
        now = timezone.now()
    figures_for(place, as_of=now, known_at=now)
    with CaptureQueriesContext(connection) as queries:
        figures_for(place, as_of=now + timedelta(milliseconds=5), known_at=now + timedelta(milliseconds=5))
    assert len(queries) == 0


def test_without_valkey_the_figures_are_counted(settings: Settings) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }
    MovementFactory.create()
    for _ in range(2):
        assert displaced(figures_for(region("RU-KRS"), as_of=KURSK_MORNING, known_at=KURSK_MORNING)) == 1
