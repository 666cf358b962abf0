"""What the feed of changes tells those who work for a part of the country, when records go from one region to another."""

from uuid import uuid4

import pytest

from accounts.models import Organisation
from audit.actions.reading import REFUSED
from audit.models import Reading
from core.clock import database_now
from core.decoys import marked_id
from displacement.actions.joining import join
from displacement.actions.merging import merge
from displacement.actions.splitting import split
from displacement.models import Household, Movement, Person
from displacement.models.honey import LATELY
from exchange import feed
from exchange.kinds import KINDS
from roster.alarms import rules
from roster.alarms.rules import Found
from tests.audit.trail import seal
from tests.exchange.test_feed import Reader
from tests.factories.accounts import OrganisationFactory, almighty
from tests.factories.displacement import HouseholdFactory, MovementFactory, PersonFactory
from tests.factories.honey import laid_out
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
SUMY, KURSK = "UA-59", "RU-KRS"


class Two:
    """A household in Sumy with somebody who stays and somebody who goes, one in Kursk, and who reads of each region."""

    def __init__(self) -> None:
        self.organisation: Organisation = OrganisationFactory.create()
        self.here, self.there = (self.household(key) for key in (SUMY, KURSK))
        self.stays, self.goes = (PersonFactory.create(household=self.here) for _ in range(2))
        PersonFactory.create(household=self.there)
        self.step = MovementFactory.create(person=self.goes)
        self.other = Reader(OrganisationFactory.create(), region(SUMY))
        self.sumy, self.kursk = (Reader(self.organisation, region(key)) for key in (SUMY, KURSK))

    def household(self, key: str) -> Household:
        """Registered in the region."""
        made: Household = HouseholdFactory.create(organisation=self.organisation, registered_in=region(key))
        return made

    def told(self, size: int = 1_000) -> list[set[tuple[str, str, str]]]:
        """What is new to the readers in Sumy and in Kursk, and to another organisation's."""
        return [set(each.read(size)) for each in (self.sumy, self.kursk, self.other)]


@pytest.fixture
def two() -> Two:
    """Each with a cursor of now."""
    return Two()


def _changed(*records: Person | Movement | Household) -> set[tuple[str, str, str]]:
    return {(each._meta.model_name or "", str(each.pk), "changed") for each in records}


@pytest.mark.parametrize("size", [1, 1_000])
def test_both_sides_are_told_of_who_goes_to_another_region_with_all_steps(two: Two, size: int) -> None:
    split(household=two.here, people=[two.goes], into=two.there, by=almighty(), reason="To their aunt.")
    sumy, kursk, other = two.told(size)
    assert _changed(two.goes, two.step) <= sumy & kursk
    assert not other
    assert str(two.stays.pk) not in {key for _kind, key, _change in sumy | kursk}
    for path, record in (("people", two.goes), ("movements", two.step)):
        address = f"/api/v1/{path}/{record.pk}/"
        assert [each.client.get(address).status_code for each in (two.sumy, two.kursk)] == [404, 200]
    assert two.told() == [set(), set(), set()]


def test_a_join_takes_everybody_along(two: Two) -> None:
    join(household=two.here, into=two.there, by=almighty(), reason="One family.")
    sumy, kursk, _other = two.told()
    assert _changed(two.goes, two.stays, two.step) <= sumy & kursk


def test_a_household_whose_region_is_put_right_goes_with_its_people_and_their_steps(two: Two) -> None:
    Household.objects.filter(pk=two.here.pk).update(registered_in=region(KURSK))
    everything = _changed(two.here, two.goes, two.stays, two.step)
    assert two.told() == [everything, everything, set()]


def test_steps_that_a_merge_takes_to_another_region_are_told_there_and_here(two: Two) -> None:
    kept = PersonFactory.create(household=two.there)
    two.told()
    merge(kept=kept, merged=two.goes, by=almighty(), reason="Twice.")
    sumy, kursk, _other = two.told()
    assert _changed(two.step) <= sumy & kursk


def test_nobody_elsewhere_is_told_of_who_stays_in_the_region(two: Two) -> None:
    """The control: only what leaves is told to those who do not see it."""
    split(household=two.here, people=[two.goes], by=almighty(), reason="Of age.")
    sumy, kursk, _other = two.told()
    assert _changed(two.goes) <= sumy
    assert not kursk


def test_a_decoy_that_is_moved_is_told_to_nobody_whom_it_left(two: Two) -> None:
    decoy = PersonFactory.create(id=marked_id(database_now()), household=two.here)
    two.told()
    split(household=two.here, people=[decoy], into=two.there, by=almighty(), reason="A mistake.")
    sumy, _kursk, _other = two.told()
    assert str(decoy.pk) not in {key for _kind, key, _change in sumy}


def test_who_looks_where_the_feed_says_raises_no_alarm(two: Two) -> None:
    """And somebody who asks as often for what is not theirs does."""
    for _ in range(rules.IN_A_ROW):
        PersonFactory.create(household=two.here)
    two.told()
    join(household=two.here, into=two.there, by=almighty(), reason="One family.")
    addresses = {kind.name: kind.address for kind in KINDS}
    for kind, key, _change in two.sumy.read():
        two.sumy.client.get(f"{addresses[kind]}{key}/")
    assert Reading.objects.filter(page=REFUSED).count() > rules.IN_A_ROW
    assert list(rules.refused(database_now())) == []
    for _ in range(rules.IN_A_ROW):
        two.other.client.get(f"/api/v1/people/{uuid4()}/")
    assert list(rules.refused(database_now())) == [Found(two.other.user.pk, rules.IN_A_ROW)]


def test_whoever_asks_for_one_change_at_a_time_cannot_count_what_is_hidden(two: Two) -> None:
    """Not what others do in another region, and not that a decoy was laid out."""
    PersonFactory.create_batch(5, household=two.there)
    laid_out(two.organisation, 1)
    LATELY.forget()
    seal()
    page = two.sumy.ask(page_size=1).json()
    assert (page["changes"], page["has_more"]) == ([], False)
    seen = PersonFactory.create_batch(3, household=two.here)
    PersonFactory.create_batch(5, household=two.there)
    assert [key for _kind, key, _change in two.sumy.read(size=1)] == [str(person.pk) for person in seen]
    assert two.sumy.read() == []


def test_however_much_is_hidden_it_is_passed_over(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "SPARE", 2)
    monkeypatch.setattr(feed, "LEAST_LOOKED_AT", 5)
    PersonFactory.create_batch(10, household=two.there)
    seen = PersonFactory.create(household=two.here)
    PersonFactory.create_batch(10, household=two.there)
    assert two.sumy.read(size=1) == [("person", str(seen.pk), "created")]
    assert len(two.kursk.read(size=3)) == 20
