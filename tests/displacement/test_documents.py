"""Documents: sealed, found whole and by nobody else, and a strong sign of who is who."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.policy import Role
from audit.actions.voiding import void
from audit.models import AuditEvent, Reading
from core.encryption import UnreadableError
from displacement.actions import documents, people
from displacement.actions.documents import NewDocument
from displacement.actions.merging import merge, unmerge
from displacement.identity.lookup import likely_duplicates
from displacement.models import Household, IdentityDocument, Person
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, rows, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory, IdentityDocumentFactory, PersonFactory
from tests.factories.regions import region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
NUMBER = "МР 834 917"
PAPER = NewDocument(kind="passport", country="UA", number=NUMBER)


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def person(registrar: User) -> Person:
    """Of the registrar's organisation, who showed a passport."""
    own = registrar.memberships.get().organisation
    made: Person = PersonFactory.create(household__organisation=own, organisation=own)
    documents.record(person=made, document=PAPER, by=registrar)
    made.refresh_from_db()
    return made


def found(user: User, text: str) -> set[Any]:
    """Whom the desk lists."""
    answer = desk_of(user).get(list_url(Person), {"q": text})
    return {row.pk for row in answer.context["cl"].result_list}


def test_it_is_sealed_in_the_database_and_bound_to_its_row(person: Person) -> None:
    paper, other = person.documents.get(), IdentityDocumentFactory.create()
    assert paper.number == NUMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM displacement_identitydocument WHERE id = %s", [paper.pk])
        stored = str(cursor.fetchone()[0])
        cursor.execute(
            "UPDATE displacement_identitydocument SET number = %s WHERE id = %s", [stored, other.pk]
        )
    assert stored.startswith("mp1.tests.")
    with pytest.raises(UnreadableError):
        _ = IdentityDocument.objects.get(pk=other.pk).number
    assert NUMBER not in json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)


def test_a_whole_number_finds_and_a_part_of_one_does_not(registrar: User, person: Person) -> None:
    IdentityDocumentFactory.create(number=NUMBER)
    for text in (NUMBER, "mp834917", "серія МР № 834917"):
        assert found(registrar, text) == {person.pk}, text
    before = Reading.objects.count()
    for text in ("МР 834", "834917", "МР 834 918"):
        assert found(registrar, text) == set(), text
    assert Reading.objects.count() == before + 3, "who looks leaves a reading, whatever is found"


def test_whoever_does_not_see_documents_learns_nothing_by_searching(person: Person) -> None:
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=person.organisation)
    assert found(manager, NUMBER) == found(manager, "МР 834 918") == set()
    assert "•••• 17" not in words(desk_of(manager).get(record_url(person)))


def test_a_page_shows_its_end_and_opening_the_person_all_of_it(registrar: User, person: Person) -> None:
    page = words(desk_of(registrar).get(record_url(person)))
    assert "•••• 17" in page
    assert "834 917" not in page
    answer = desk_of(registrar).post(act_url(person, "reveal"), {"reason": "call"})
    assert NUMBER in words(answer)


def test_the_desk_records_one_and_says_what_is_wrong_with_it(registrar: User, person: Person) -> None:
    told = {"kind": "id_card", "country": "ua", "number": "004417392", "issued_on": "", "expires_on": ""}
    answer = desk_of(registrar).post(act_url(person, "document"), told)
    assert answer.status_code == 302
    assert set(person.documents.values_list("kind", "country")) == {("passport", "UA"), ("id_card", "UA")}
    for wrong, sentence in (
        ({"number": "12"}, "at least five letters and digits"),
        ({"country": "xx"}, "Give the country as two letters"),
        ({"number": "•••• 92"}, "This is a mask"),
        ({"issued_on": "2020-05-01", "expires_on": "2019-05-01"}, "cannot end before it was issued"),
        ({}, "recorded already"),
    ):
        assert sentence in words(desk_of(registrar).post(act_url(person, "document"), {**told, **wrong}))
    assert person.documents.count() == 2


def test_the_door_asks_with_it(registrar: User, person: Person) -> None:
    typed = {"family_name": person.family_name, "given_name": person.given_name}
    shown = {"document_kind": "passport", "document_country": "ua", "document_number": "MP834917"}
    for told, why in ((shown, True), ({**shown, "document_number": "MP834918"}, False)):
        url = reverse("admin:displacement_household_likely")
        answer = desk_of(registrar).post(url, json.dumps({**typed, **told}), content_type="application/json")
        reasons = [match["why"] for match in answer.json()["own"]]
        assert any("same identity document" in reason for reason in reasons) == why


def test_the_door_registers_it_behind_one_disclosure(registrar: User) -> None:
    page = desk_of(registrar).get(add_url(Household)).content.decode()
    assert "<summary>Identity document</summary>" in page
    row = {"family_name": "Савченко", "given_name": "Лада", "sex": "female", "relationship": "head"}
    paper = {"document_kind": "passport", "document_country": "UA", "document_number": NUMBER}
    sent = {"registered_in": region("RU-KRS-KURSK").pk, "means": "own", "place": "unknown"}
    for more, count in (({**paper, "document_number": "12"}, 0), (paper, 1)):
        answer = desk_of(registrar).post(
            add_url(Household), {**sent, **rows(people=[{**row, **more}], groups=[])}
        )
        assert IdentityDocument.objects.count() == count
        assert count or "at least five letters and digits" in words(answer)
    assert IdentityDocument.objects.get().number == NUMBER


def test_the_number_alone_makes_nobody_one_person_where_names_and_birth_contradict(person: Person) -> None:
    same = person.identity()
    assert likely_duplicates(same)[0].person_id == person.pk
    assert person.birth_date
    born = person.birth_date.replace(year=1951)
    stranger = same._replace(given_name="Тарас", family_name="Литвин", birth_date=born)
    assert stranger.documents
    assert likely_duplicates(stranger) == []
    married = same._replace(family_name="Литвин", phone="")
    assert [likely.person_id for likely in likely_duplicates(married)] == [person.pk]
    assert likely_duplicates(married._replace(documents=()))[:1] != likely_duplicates(married)


def test_a_voided_one_finds_nobody_any_more(registrar: User, person: Person) -> None:
    keys = set(person.match_keys)
    void(person.documents.get(), by=registrar, reason="Of her sister.")
    person.refresh_from_db()
    assert person.document_keys is None
    assert len(keys) == len(person.match_keys) + 1
    assert found(registrar, NUMBER) == set()


def test_a_merge_takes_documents_along_and_gives_them_back(registrar: User, person: Person) -> None:
    kept = PersonFactory.create(household=person.household)
    made = merge(kept=kept, merged=person, by=registrar, reason="One woman.")
    assert Person.objects.get(pk=kept.pk).document_keys == person.document_keys
    assert kept.documents.get().number == NUMBER, "it is bound to the document and not to the person"
    assert found(registrar, NUMBER) == {kept.pk}
    unmerge(merge=made, by=registrar, reason="Two women.")
    assert Person.objects.get(pk=kept.pk).document_keys is None
    assert Person.objects.get(pk=person.pk).document_keys == person.document_keys


def test_a_new_person_is_registered_with_documents(registrar: User) -> None:
    home = HouseholdFactory.create()
    told = people.NewPerson(given_name="Остап", documents=(PAPER,))
    made = people.add(household=home, person=told, by=registrar)
    paper = made.documents.get()
    assert (paper.number, made.document_keys) == (NUMBER, [paper.key])
    assert paper.key in made.match_keys
    wrong = NewDocument(kind="passport", country="ZZ", number=NUMBER)
    with pytest.raises(ValidationError, match="two letters"):
        people.add(
            household=home, person=people.NewPerson(given_name="Іво", documents=(wrong,)), by=registrar
        )
