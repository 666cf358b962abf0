"""The invented people of the scenario: how many, who, when, and when we learned it."""

from datetime import date, timedelta

import pytest
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Sum

from displacement.models import Consent, Household, HouseholdGroup, Movement, Person, PersonNeed
from displacement.models.movement import MovementKind
from intake.register import Written
from intake.scenarios.kursk_2024.days import ORIGINS, local
from regions.models import Operation
from tests.intake.conftest import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scenario")]

CUT_OFF, DUE = local(date(2024, 8, 13)), local(date(2024, 8, 13), 6)


def test_exactly_as_many_people_as_asked_for(scenario: Written) -> None:
    in_groups = HouseholdGroup.objects.current().aggregate(n=Sum("people"))["n"]
    assert scenario.people == Person.objects.count() + in_groups == PEOPLE
    assert in_groups > 0


def test_everybody_left_once() -> None:
    left = Movement.objects.current().filter(kind=MovementKind.LEFT)
    assert left.filter(person__isnull=False).count() == Person.objects.count()
    assert not Person.objects.exclude(movements__in=left).exists()
    homes = left.filter(household__isnull=False).values("household")
    assert set(homes.values_list("household", flat=True)) == set(
        HouseholdGroup.objects.current().values_list("household", flat=True)
    )


def test_they_left_nine_districts_between_the_6th_and_the_14th() -> None:
    left = Movement.objects.current().filter(kind=MovementKind.LEFT)
    origins = set(left.values_list("origin__key", flat=True))
    assert origins == {origin.key for origin in ORIGINS}
    assert len(origins) == 9
    span = left.aggregate(first=Min("occurred_at"), last=Max("occurred_at"))
    assert local(date(2024, 8, 6)) <= span["first"]
    assert span["last"] < local(date(2024, 8, 15), 3)


def test_by_the_10th_left_as_many_as_the_claims_have_it() -> None:
    """76,000 of 121,000."""
    left = Movement.objects.current().filter(kind=MovementKind.LEFT, occurred_at__lt=local(date(2024, 8, 11)))
    named = left.filter(person__isnull=False).count()
    counted = left.filter(household__isnull=False).aggregate(n=Sum("household__groups__people"))["n"] or 0
    assert (named + counted) / PEOPLE == pytest.approx(76 / 121, abs=0.05)


def test_the_register_knows_fewer_than_left_on_the_morning_of_the_report() -> None:
    left = Movement.objects.filter(kind=MovementKind.LEFT).as_of(CUT_OFF)
    known, in_the_end = left.known_at(DUE).count(), left.current().count()
    assert 0.6 * in_the_end < known < 0.95 * in_the_end


def test_everything_is_recorded_in_august_and_never_before_it_was_so() -> None:
    for model in (Household, Person, Movement, Consent, PersonNeed, HouseholdGroup):
        span = model.objects.aggregate(
            first=Min("recorded_at"), last=Max("recorded_at"), void=Max("voided_at")
        )
        assert local(date(2024, 8, 6)) <= span["first"], model
        assert max(span["last"], span["void"] or span["last"]) < local(date(2024, 9, 1)), model
        assert not model.objects.filter(recorded_at__lt=F("occurred_at")).exists(), model


def test_nobody_is_registered_more_than_five_days_late() -> None:
    late = ExpressionWrapper(F("recorded_at") - F("occurred_at"), DurationField())
    left = Movement.objects.filter(kind=MovementKind.LEFT).annotate(late=late)
    longest = left.aggregate(n=Max("late"))["n"]
    assert timedelta(days=3) < longest <= timedelta(days=5)


def test_every_kind_of_movement_is_there() -> None:
    kinds = {
        row["kind"]: row["n"] for row in Movement.objects.current().values("kind").annotate(n=Count("pk"))
    }
    assert set(kinds) >= set(MovementKind.values) - {MovementKind.DIED}
    assert kinds["arrived"] > 0.9 * kinds["left"]


def test_wrong_entries_are_voided_and_replaced() -> None:
    wrong = Movement.objects.filter(void_reason="Wrong region entered.")
    assert wrong.exists()
    for step in wrong:
        of = {"person": step.person, "household": step.household, "kind": step.kind}
        right = Movement.objects.get(**of, occurred_at=step.occurred_at, recorded_at=step.voided_at)
        assert right.voided_at is None or step.household is not None


def test_a_household_named_later_is_never_counted_twice() -> None:
    both = Household.objects.filter(groups__isnull=False, people__isnull=False).distinct()
    assert both.exists()
    for home in both:
        named_at = home.people.order_by("pk")[0].recorded_at
        assert set(home.groups.values_list("voided_at", flat=True)) == {named_at}
        assert not home.movements.filter(voided_at=None).exists()
        assert set(home.people.values_list("movements__kind", flat=True)) >= {"left"}


def test_households_have_one_to_nine_people() -> None:
    sizes = set(Person.objects.values("household").annotate(n=Count("pk")).values_list("n", flat=True))
    assert min(sizes) == 1
    assert max(sizes) <= 9
    assert len(sizes) >= 6


def test_nobody_moves_before_birth() -> None:
    assert not Movement.objects.filter(occurred_at__date__lt=F("person__birth_date")).exists()


def test_one_edition_a_day_is_made_without_review() -> None:
    operation = Operation.objects.get(key="kursk-2024")
    assert operation.is_automatic
    assert list(operation.regions.values_list("key", flat=True)) == ["RU-KRS"]
    assert operation.due_at(date(2024, 8, 12)) == DUE
