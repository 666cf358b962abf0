"""What the feed of changes tells each side when people of two organisations are merged, taken apart, and erased."""

import pytest

from accounts.models import Organisation
from displacement.actions.merging import merge, unmerge
from displacement.models import Merge, Movement, Person
from shelters.models import Stay
from tests.exchange.test_feed import Reader
from tests.factories.accounts import OrganisationFactory, almighty
from tests.factories.displacement import MovementFactory, PersonFactory, PersonNeedFactory
from tests.factories.shelters import OpenStayFactory

pytestmark = pytest.mark.django_db
Told = set[tuple[str, str, str]]


class Sides:
    """Two organisations that registered one human being, with a step, a stay and a need there, and a third one."""

    def __init__(self) -> None:
        here, there, elsewhere = OrganisationFactory.create_batch(3)
        self.merged, self.kept = self.person(here), self.person(there)
        self.step: Movement = MovementFactory.create(person=self.merged)
        self.stay: Stay = OpenStayFactory.create(person=self.merged)
        PersonNeedFactory.create(person=self.merged)
        self.readers = [Reader(each) for each in (here, there, elsewhere)]

    @staticmethod
    def person(organisation: Organisation) -> Person:
        """Registered by it."""
        made: Person = PersonFactory.create(household__organisation=organisation)
        return made

    def told(self) -> list[Told]:
        """What is new to each of the three; nothing is told twice."""
        found = [reader.read() for reader in self.readers]
        assert [len(each) for each in found] == [len(set(each)) for each in found]
        return [set(each) for each in found]

    def merge(self) -> Merge:
        """By somebody who works for both."""
        return merge(kept=self.kept, merged=self.merged, by=almighty(), reason="Twice.")

    def gone(self, reader: Reader) -> list[int]:
        """How the addresses of step and stay answer."""
        paths = (f"movements/{self.step.pk}", f"stays/{self.stay.pk}")
        return [reader.client.get(f"/api/v1/{path}/").status_code for path in paths]


@pytest.fixture
def sides() -> Sides:
    """Each with a cursor of now."""
    return Sides()


def test_both_sides_of_a_merge_are_told_what_went_and_neither_of_the_others_record(sides: Sides) -> None:
    sides.merge()
    went: Told = {("movement", str(sides.step.pk), "changed"), ("stay", str(sides.stay.pk), "changed")}
    here, there, elsewhere = sides.told()
    assert here == {("person", str(sides.merged.pk), "merged"), *went}
    assert there == {("person", str(sides.kept.pk), "changed"), *went}
    assert not elsewhere
    assert [sides.gone(reader) for reader in sides.readers] == [[404, 404], [200, 200], [404, 404]]


def test_both_sides_are_told_when_it_is_taken_back(sides: Sides) -> None:
    made = sides.merge()
    sides.told()
    unmerge(merge=made, by=almighty(), reason="Two people.")
    went: Told = {("movement", str(sides.step.pk), "changed"), ("stay", str(sides.stay.pk), "changed")}
    here, there, elsewhere = sides.told()
    assert here == {("person", str(sides.merged.pk), "merged"), *went}
    # The need went as well, which the answer about the person shows.
    assert there == {("person", str(sides.kept.pk), "changed"), *went}
    assert not elsewhere
    assert [sides.gone(reader) for reader in sides.readers] == [[200, 200], [404, 404], [404, 404]]


def test_within_one_organisation_nothing_is_told_twice(sides: Sides) -> None:
    """The control: what does not leave is no touch."""
    other = PersonFactory.create(household=sides.merged.household)
    sides.told()
    made = merge(kept=other, merged=sides.merged, by=almighty(), reason="Twice.")
    here, there, _elsewhere = sides.told()
    assert ("movement", str(sides.step.pk), "changed") in here
    assert not there
    unmerge(merge=made, by=almighty(), reason="Two people.")
    here, there, _elsewhere = sides.told()
    assert ("person", str(other.pk), "changed") in here
    assert not there
