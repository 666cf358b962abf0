"""From a partner's file of people to the register."""

import pytest

from displacement.models import Consent, Household, Movement, Person
from intake.models.batch import BatchState
from tests.intake.lists import accepted, checked, clerk, family, found, people

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_becomes_households_with_people_and_movements() -> None:
    batch = accepted(people(*family("1", Phone="+7 919 123 45 67", Consent="да"), *family("2")), clerk())
    assert batch.state == BatchState.ACCEPTED
    assert found(batch) == set()
    assert batch.outcome["people"] == Person.objects.count() == 4
    home = Household.objects.get(reference="1")
    assert (home.phone, home.origin.key, home.registered_in.key) == ("+7 919 123 45 67", "RU-KRS-SUDZHANSKY", "RU-KRS-KURSK")
    assert Consent.objects.get().is_given
    head = home.people.order_by("pk")[0]
    assert (head.given_name, head.sex, str(head.birth_date), head.birth_precision) == ("Ivan", "male", "1980-01-15", "day")
    steps = Movement.objects.filter(person=head).order_by("occurred_at").values_list("kind", "destination__key")
    assert list(steps) == [("left", None), ("arrived", "RU-KRS-KURSK")]
