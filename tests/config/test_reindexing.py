"""The key of the blind index changes while people register and search: nobody is missed, and then the former key may go."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.actions.idempotency import Claim, Outcome, once
from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from config import reindexing
from displacement.actions import documents, households
from displacement.actions.documents import NewDocument
from displacement.actions.people import NewPerson
from displacement.identity.documents import document_key, former_number_index, number_index
from displacement.identity.lookup import likely_duplicates
from displacement.models import Household, IdentityDocument, Person
from tests.desk.pages import desk_of, list_url
from tests.factories.accounts import user_in_role
from tests.factories.displacement import IdentityDocumentFactory, PersonFactory
from tests.factories.regions import region
from tests.intake.lists import checked, clerk, family
from tests.intake.lists import people as list_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
PHONE, NUMBER = "+7 955 731-42-86", "МР 834917"
NEW = b"n" * 32


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def before(registrar: User) -> Person:
    """Registered under the former key, with telephone and passport."""
    return _registered(registrar, "Остап")


def _registered(by: User, name: str) -> Person:
    told = NewPerson(
        given_name=name,
        family_name="Савченко",
        documents=(NewDocument(kind="passport", country="UA", number=NUMBER),),
    )
    home = households.register(
        organisation=by.memberships.get().organisation,
        registered_in=region("RU-KRS-KURSK"),
        by=by,
        people=[told],
        phone=PHONE,
    )
    found: Person = home.people.get()
    return found


def change_key(settings: Settings, *, both: bool = True) -> None:
    """The service starts with the new key, and with the former one where both are given."""
    settings.BLIND_INDEX_FORMER_KEY = settings.BLIND_INDEX_KEY if both else None
    settings.BLIND_INDEX_KEY = NEW


def renew(*flags: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("renew_blind_index", *flags, stdout=out)
    return out.getvalue()


def found(user: User, text: str) -> set[object]:
    """Whom the desk lists."""
    answer = desk_of(user).get(list_url(Person), {"q": text})
    return {row.pk for row in answer.context["cl"].result_list}


def _alike(person: Person) -> list[tuple[object, str, str]]:
    """Who the door says that somebody of another name and the same telephone and passport may be."""
    index, former = number_index(NUMBER), former_number_index(NUMBER)
    assert index is not None
    asked = person.identity()._replace(
        given_name="Остап",
        documents=(document_key("passport", "UA", index),),
        former_documents=() if former is None else (document_key("passport", "UA", former),),
    )
    told = likely_duplicates(asked, excluding=[person.pk])
    return [(each.person_id, each.levels["phone"], each.levels["document"]) for each in told]


def test_a_writer_and_a_searcher_go_on_while_the_key_changes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, registrar: User, before: Person
) -> None:
    monkeypatch.setattr(reindexing, "CHUNK", 1)
    change_key(settings)
    amid = _registered(registrar, "Орест")
    assert found(registrar, PHONE) == found(registrar, NUMBER) == {before.pk, amid.pk}
    assert (before.pk, "same", "same") in _alike(amid)
    with pytest.raises(CommandError, match="1 telephones and 1 documents still stand under another key"):
        renew("--check")
    run = reindexing.renew_telephones(registrar)
    assert next(run) == 1
    late = _registered(registrar, "Олесь")
    assert found(registrar, PHONE) == found(registrar, NUMBER) == {before.pk, amid.pk, late.pk}
    assert sum(run) == 0
    assert "0 telephones and 1 documents" in (said := renew())
    assert "Everything stands under the key of now" in said
    settings.BLIND_INDEX_FORMER_KEY = None
    assert found(registrar, PHONE) == found(registrar, NUMBER) == {before.pk, amid.pk, late.pk}
    assert (before.pk, "same", "same") in _alike(amid)
    assert set(Person.objects.get(pk=before.pk).match_keys) & set(amid.match_keys) >= set(
        amid.document_keys or ()
    )
    assert AuditEvent.objects.filter(action="index_renewed").count() == 2


def test_without_the_former_key_those_of_before_are_missed(
    settings: Settings, registrar: User, before: Person
) -> None:
    """The control: it is the second key that finds them."""
    change_key(settings, both=False)
    amid = _registered(registrar, "Орест")
    assert found(registrar, PHONE) == found(registrar, NUMBER) == {amid.pk}
    assert (before.pk, "same", "same") not in _alike(amid)


def test_the_same_document_is_not_recorded_twice_across_the_change(
    settings: Settings, registrar: User, before: Person
) -> None:
    change_key(settings)
    paper = NewDocument(kind="passport", country="UA", number="mp 834917")
    with pytest.raises(ValidationError, match="recorded already"):
        documents.record(person=before, document=paper, by=registrar)
    assert IdentityDocument.objects.count() == 1


def test_a_list_that_was_read_before_holds_the_former_key(settings: Settings) -> None:
    batch = checked(list_of(*family("1", given=("Ivan",), Phone=PHONE)), clerk())
    assert "Everything stands under the key of now" in renew("--check")
    change_key(settings)
    with pytest.raises(CommandError, match=f"read under another key: {batch.pk}"):
        renew()


def test_a_request_that_is_repeated_across_the_change_is_done_once(
    settings: Settings, registrar: User
) -> None:
    done = []

    def ask() -> tuple[int | None, Outcome]:
        claim = Claim.of(by=registrar, route="people", key="k-1", body=b"{}")
        return once(claim, lambda: done.append(1) or 1, outcome=lambda _given: Outcome(201, {}))  # type: ignore[func-returns-value]

    ask()
    change_key(settings)
    assert ask()[0] is None
    settings.BLIND_INDEX_FORMER_KEY = None
    ask()
    assert len(done) == 2, "the control: without the former key it is done again"


def test_people_who_changed_keys_stay_whole(settings: Settings, registrar: User, before: Person) -> None:
    second = IdentityDocumentFactory.create(person=before, number="004417392", kind="id_card")
    other = PersonFactory.create(household=before.household, given_name="Ганна")
    change_key(settings)
    renew()
    kept = Person.objects.get(pk=before.pk)
    assert len(kept.match_keys) == len(before.match_keys) + 1
    assert second.key not in kept.match_keys
    assert set(Person.objects.get(pk=other.pk).match_keys) != set(other.match_keys)
    assert {home.phone for home in Household.objects.all()} == {PHONE}
