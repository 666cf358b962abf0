"""The feed of changes: what is told, to whom, in which order, and what a cursor is worth."""

from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.actions.voiding import void
from displacement.actions.merging import merge
from displacement.models import Household, Person
from exchange.kinds import KINDS
from regions.models import Region
from shelters.actions import sites
from tests.api.conftest import client_of
from tests.audit.trail import past_the_triggers, run, seal, told
from tests.factories.accounts import MembershipFactory, OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    CasualtySourceFactory,
    HouseholdFactory,
    PersonFactory,
    PersonNeedFactory,
)
from tests.factories.regions import region
from tests.factories.shelters import (
    HeadcountFactory,
    OpenShelterFactory,
    OpenStayFactory,
    ProtectedPlaceFactory,
    ShelterStateFactory,
)

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/changes/"


class Reader:
    """A partner's system that goes on from the cursor that it got last."""

    def __init__(self, organisation: Organisation, place: Region | None = None) -> None:
        self.user: User = user_in_role(Role.PARTNER_SYSTEM, organisation=organisation, region=place)
        seal()
        self.client = client_of(self.user)
        self.cursor: str = self.client.get(CHANGES).json()["cursor"]

    def ask(self, **parameters: Any) -> Any:
        """One page after the cursor."""
        return self.client.get(CHANGES, {"cursor": self.cursor, **parameters})

    def read(self, size: int = 1_000) -> list[tuple[str, str, str]]:
        """All that is new: kind, id, change. What was written is committed first."""
        seal()
        found = []
        while True:
            page = self.ask(page_size=size).json()
            self.cursor = page["cursor"]
            found += [(each["kind"], each["id"], each["change"]) for each in page["changes"]]
            if not page["has_more"]:
                return found


@pytest.fixture
def household() -> Household:
    """Of an organisation with a partner's system."""
    made: Household = HouseholdFactory.create()
    return made


@pytest.fixture
def reader(household: Household) -> Reader:
    """It works for the household's organisation."""
    return Reader(household.organisation)


def test_the_first_answer_is_the_cursor_of_now_and_no_changes(reader: Reader) -> None:
    first = reader.client.get(CHANGES).json()
    assert (first["changes"], first["has_more"]) == ([], False)
    assert reader.read() == []


def test_every_way_of_changing_is_told_once_with_its_address(reader: Reader, household: Household) -> None:
    kept, other = (PersonFactory.create(household=household) for _ in range(2))
    seal()
    made = reader.ask().json()["changes"]
    assert [(each["kind"], each["change"]) for each in made] == [("person", "created")] * 2
    assert made[0]["url"].endswith(f"/api/v1/people/{kept.pk}/")
    assert reader.client.get(f"/api/v1/people/{kept.pk}/").json()["recorded_at"] < made[0]["at"]
    reader.read()
    PersonNeedFactory.create(person=other)
    assert reader.read() == [("person", str(other.pk), "changed")]
    merge(kept=kept, merged=other, by=almighty(), reason="Twice.")
    assert ("person", str(other.pk), "merged") in reader.read()
    alone = PersonFactory.create(household=household)
    reader.read()
    void(alone, by=almighty(), reason="Nobody.")
    assert reader.read() == [("person", str(alone.pk), "voided")]
    Person.objects.filter(pk=alone.pk).delete()
    assert reader.read() == [("person", str(alone.pk), "erased")]


def test_shelters_stays_and_casualties_are_told_with_their_parts(
    reader: Reader, household: Household
) -> None:
    own = {"organisation": household.organisation}
    shelter = OpenShelterFactory.create(**own)
    casualty = AllegedCasualtyFactory.create(incident__organisation=household.organisation)
    stay = OpenStayFactory.create(shelter=shelter, person__household=household)
    headcount = HeadcountFactory.create(shelter=shelter)
    made = {(kind, change) for kind, _id, change in reader.read()}
    kinds = ("shelter", "incident", "casualty", "person", "stay", "headcount")
    assert made == {(kind, "created") for kind in kinds}
    ShelterStateFactory.create(shelter=shelter, phase="full")
    ProtectedPlaceFactory.create(shelter=shelter)
    CasualtySourceFactory.create(casualty=casualty)
    sites.add_room(shelter=shelter, name="12", by=almighty())
    assert set(reader.read()) == {
        ("shelter", str(shelter.pk), "changed"),
        ("casualty", str(casualty.pk), "changed"),
    }
    other = PersonFactory.create(household=household)
    reader.read()
    merge(kept=other, merged=stay.person, by=almighty(), reason="Twice.")
    told = reader.read()
    assert ("person", str(stay.person_id), "merged") in told
    assert ("stay", str(stay.pk), "changed") in told
    for each in (stay, headcount, casualty.incident):
        void(each, by=almighty(), reason="A mistake.")
    told = [each for each in reader.read() if each[2] == "voided"]
    assert {kind for kind, _id, _change in told} == {"stay", "headcount", "incident", "casualty"}
    addresses = {kind.name: kind.address for kind in KINDS}
    for kind, key, _change in told:
        assert reader.client.get(f"{addresses[kind]}{key}/").json()["voided_at"]


def test_stays_and_files_of_others_are_not_told(household: Household) -> None:
    readers = [Reader(household.organisation, region("UA-59")), Reader(OrganisationFactory.create())]
    shelter = OpenShelterFactory.create(organisation=household.organisation)
    OpenStayFactory.create(shelter=shelter, person__household=household)
    AllegedCasualtyFactory.create(incident__organisation=household.organisation)
    assert [each.read() for each in readers] == [[], []]


def test_a_record_made_and_changed_in_one_transaction_is_told_once(
    reader: Reader, household: Household
) -> None:
    person = PersonFactory.create(household=household)
    Person.objects.filter(pk=person.pk).update(given_name="Anna")
    assert reader.read() == [("person", str(person.pk), "created")]


def test_pages_of_any_size_tell_the_same_in_the_same_order(reader: Reader, household: Household) -> None:
    """Also where a page ends in the middle of one statement that wrote many rows."""
    first = [PersonFactory.create(household=household) for _ in range(3)]
    seal()
    Person.objects.bulk_create(PersonFactory.build_batch(30, household=household))
    seal()
    Person.objects.filter(pk__in=[person.pk for person in first]).update(version=2)
    start, once = reader.cursor, reader.read()
    assert len(once) == 36
    for size in (1, 7, 36):
        reader.cursor = start
        assert reader.read(size) == once


def test_another_organisation_s_records_and_those_of_other_regions_are_not_told(household: Household) -> None:
    readers = [Reader(household.organisation, region(key)) for key in ("RU-KRS", "UA-59")]
    foreign = Reader(OrganisationFactory.create())
    person = PersonFactory.create(household=household)
    found = [each.read(1) for each in (*readers, foreign)]
    assert found == [[("person", str(person.pk), "created")], [], []]


def test_what_is_read_leaves_no_change_behind(reader: Reader, household: Household) -> None:
    """Readings are sealed into the same chain: they are passed over, and the cursor passes over them too."""
    person = PersonFactory.create(household=household)
    reader.read()
    for _ in range(3):
        reader.client.get(f"/api/v1/people/{person.pk}/")
        seal()
    before = reader.cursor
    assert reader.read() == []
    assert reader.cursor != before


def _with_another_letter(cursor: str, at: int) -> str:
    return cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]


def test_a_cursor_that_we_did_not_give_out_is_refused(reader: Reader) -> None:
    foreign = Reader(OrganisationFactory.create()).cursor
    changed = [_with_another_letter(reader.cursor, at) for at in (0, 20, 40, 60, len(reader.cursor) - 1)]
    junk = f"{reader.cursor[:9]}!{reader.cursor[9:]}"
    for cursor in ("", "x", "Я", "A" * 300, reader.cursor[:40], junk, *changed):
        answer = reader.ask(cursor=cursor)
        assert answer.status_code == 400, cursor
        assert answer.json()["errors"][0]["code"] == "bad_cursor"
    assert "another organisation" in reader.ask(cursor=foreign).json()["errors"][0]["detail"]
    for size in ("0", "10001", "-1", "x"):
        assert reader.ask(page_size=size).status_code == 400


def test_a_database_that_was_restored_says_so(reader: Reader, household: Household) -> None:
    PersonFactory.create(household=household)
    reader.read()
    with past_the_triggers(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_seal s WHERE organisation_id = %s"
            " AND number = (SELECT max(number) FROM audit_seal e WHERE e.organisation_id = s.organisation_id)",
            [household.organisation_id],
        )
    assert reader.ask().status_code == 410
    PersonFactory.create(household=household)
    seal()
    answer = reader.ask()  # the number is there again, with another past
    assert (answer.status_code, answer.json()["code"]) == (410, "restored")
    reader.cursor = reader.client.get(CHANGES).json()["cursor"]
    assert reader.ask().status_code == 200


def test_whoever_works_for_several_organisations_says_for_which(reader: Reader) -> None:
    other = OrganisationFactory.create()
    MembershipFactory.create(user=reader.user, organisation=other, role=Role.PARTNER_SYSTEM)
    client = client_of(User.objects.get(pk=reader.user.pk))
    assert client.get(CHANGES).json()["errors"][0]["code"] == "required"
    assert client.get(CHANGES, {"organisation": other.short_name}).status_code == 200
    assert client.get(CHANGES, {"organisation": OrganisationFactory.create().short_name}).status_code == 400


def test_only_partners_systems_read_it() -> None:
    assert client_of(user_in_role(Role.REGISTRAR)).get(CHANGES).status_code == 403


def test_keys_that_were_edited_are_found_by_the_one_who_verifies(household: Household) -> None:
    with transaction.atomic():
        PersonFactory.create(household=household)
    seal()
    assert told() == ""
    with past_the_triggers():
        run("UPDATE audit_rowchange SET ids = ids || uuidv7() WHERE table_name = 'displacement_person'")
    assert "are not those that were sealed" in told(household.organisation_id)
