"""Two times: what was so at a moment, as far as it was known at another. Any history gives one answer, and keeps it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from displacement.models import Movement
from tests.factories.displacement import MovementFactory, PersonFactory
from tests.factories.facts import KURSK_MORNING

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)

#: Hours after the Kursk morning: happened, learned so much later, voided so much later still or never.
histories = st.lists(
    st.tuples(st.integers(-6, 6), st.integers(0, 6), st.none() | st.integers(0, 6)), min_size=1, max_size=8
)
moments = st.integers(-8, 20)


def write(history: list[tuple[int, int, int | None]]) -> dict[Any, tuple[int, int, int | None]]:
    """The history as movements of one person, each with the hours at which it happened, was learned and voided."""
    person, hours = PersonFactory.create(), {}
    for happened, learned_after, voided_after in history:
        learned = happened + learned_after
        voided = None if voided_after is None else learned + voided_after
        times: dict[str, Any] = {
            "occurred_at": KURSK_MORNING + happened * HOUR,
            "recorded_at": KURSK_MORNING + learned * HOUR,
        }
        if voided is not None:
            times |= {
                "voided_at": KURSK_MORNING + voided * HOUR,
                "voided_by": uuid7(),
                "void_reason": "wrong",
            }
        hours[MovementFactory.create(person=person, **times).pk] = (happened, learned, voided)
    return hours


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, as_of=moments, known_at=moments)
def test_a_fact_counts_from_when_it_was_learned_until_it_was_voided(
    history: list[tuple[int, int, int | None]], as_of: int, known_at: int
) -> None:
    with transaction.atomic():
        hours = write(history)
        asked = Movement.objects.as_of(KURSK_MORNING + as_of * HOUR).known_at(KURSK_MORNING + known_at * HOUR)
        found = set(asked.filter(pk__in=hours).values_list("pk", flat=True))
        expected = {
            pk
            for pk, (happened, learned, voided) in hours.items()
            if happened <= as_of and learned <= known_at and (voided is None or voided > known_at)
        }
        assert found == expected
        transaction.set_rollback(True)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=histories, after=histories, known_at=moments)
def test_what_is_learned_later_changes_no_earlier_answer(
    before: list[tuple[int, int, int | None]], after: list[tuple[int, int, int | None]], known_at: int
) -> None:
    with transaction.atomic():
        asked = Movement.objects.known_at(KURSK_MORNING + known_at * HOUR).order_by("pk")
        write(before)
        answer = list(asked)
        write([(happened, known_at - happened + 1 + later, voided) for happened, later, voided in after])
        assert list(asked) == answer
        transaction.set_rollback(True)


def test_a_moment_itself_is_inside() -> None:
    step = MovementFactory.create()
    tick = timedelta(microseconds=1)
    assert Movement.objects.as_of(step.occurred_at).exists()
    assert not Movement.objects.as_of(step.occurred_at - tick).exists()
    assert Movement.objects.known_at(step.recorded_at).exists()
    assert not Movement.objects.known_at(step.recorded_at - tick).exists()


def test_current_facts_are_those_not_voided() -> None:
    standing, _voided = MovementFactory.create(), MovementFactory.create(voided=True)
    assert list(Movement.objects.current()) == [standing]


@pytest.mark.parametrize(
    "half",
    [
        {"voided_at": KURSK_MORNING},
        {"voided_by": uuid7()},
        {"voided_at": KURSK_MORNING, "voided_by": uuid7()},
        {"voided_at": KURSK_MORNING - HOUR, "voided_by": uuid7(), "void_reason": "before it was made"},
    ],
)
def test_the_database_refuses_half_a_voiding(half: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="_void_"), transaction.atomic():
        MovementFactory.create(**half)
