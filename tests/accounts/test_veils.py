"""What somebody is not shown comes out of the database veiled in their requests, and goes back as it was."""

import pickle
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from accounts.fields import classes_of
from accounts.models import User
from accounts.policy import MASKED, POLICY, FieldClass, Role
from accounts.rows import OwnRows
from accounts.veils import veils_of
from core.database_roles import Why, as_service
from core.masking import Mask
from core.veils import Veiled, unveiled, veiling, worn
from displacement.models import Household, Person
from shelters.models import Stay
from tests.factories.accounts import user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.shelters import OpenStayFactory, RoomFactory

pytestmark = pytest.mark.django_db

BORN, PHONE = date(1985, 7, 4), "+380 50 111 22 47"


@pytest.fixture
def person() -> Person:
    person: Person = PersonFactory.create(birth_date=BORN, birth_precision="day")
    person.household.phone, person.household.language = PHONE, "uk"
    person.household.save()
    return Person.objects.get(pk=person.pk)


def _as(user: User, view: Any) -> Any:
    """What the view gives in a request of the user, through the middleware."""
    request, told = RequestFactory().get("/"), list[Any]()
    request.user = user
    request.resolver_match = None

    def viewed(asked: Any) -> HttpResponse:
        rows.process_view(asked, None, (), {})
        told.append(view())
        return HttpResponse()

    rows = OwnRows(viewed)
    rows(request)
    return told[0]


def _colleague(person: Person, role: Role) -> User:
    return user_in_role(role, organisation=person.organisation)


def test_every_column_that_somebody_is_not_shown_of_records_that_they_see_can_be_veiled() -> None:
    hidden = {
        f"{kind}.{column}"
        for rules in POLICY.values()
        for kind, rule in rules.items()
        if "view" in rule.actions
        for column, told in classes_of(kind).items()
        if told is not FieldClass.HIDDEN and told not in rule.sees
    }
    masked = {f"{kind}.{column}" for kind, columns in MASKED.items() for column in columns}
    assert "displacement.household.phone" in hidden & masked
    assert (hidden | masked) - {
        f"{field.model._meta.label_lower}.{field.name}" for field in veiling()
    } == set()


def test_objects_and_values_are_veiled_in_a_request_and_nowhere_else(person: Person) -> None:
    def read() -> list[Any]:
        found = Person.objects.select_related("household").get(pk=person.pk)
        (born,) = Person.objects.values_list("birth_date", flat=True)
        (told,) = Household.objects.values("phone", "language")
        field: Any = Household._meta.get_field("phone")
        phone = field.opened(told["phone"], person.household_id)
        return [
            found.birth_date,
            born,
            found.household.phone,
            phone,
            found.household.language,
            told["language"],
        ]

    born, phone = "1985-••-••", "•••• 47"
    shown = [str(each) for each in _as(_colleague(person, Role.CASEWORKER), read)]
    assert shown == [born, born, phone, phone, "uk", "uk"]
    less = [str(each) for each in _as(_colleague(person, Role.SHELTER_MANAGER), read)]
    assert less == [born, born, *["••••"] * 4]
    assert worn() == {}
    assert read() == [BORN, BORN, PHONE, PHONE, "uk", "uk"]


def test_the_service_sees_everybody_and_unveils_nothing(person: Person) -> None:
    def read() -> tuple[int, object]:
        with as_service(Why.PAIRS):
            return Person.objects.count(), Person.objects.get(pk=person.pk).birth_date

    PersonFactory.create()
    count, born = _as(_colleague(person, Role.REGISTRAR), read)
    assert (count, str(born)) == (2, "1985-••-••")


def test_what_is_still_sent_is_veiled_as_the_request_was(person: Person) -> None:
    def parts() -> Iterator[str]:
        yield str(Person.objects.get(pk=person.pk).birth_date)

    request = RequestFactory().get("/")
    request.user = _colleague(person, Role.REGISTRAR)
    request.resolver_match = None
    rows = OwnRows(lambda _asked: StreamingHttpResponse(parts()))
    rows.process_view(request, None, (), {})
    answer = rows(request)
    assert worn() == {}
    assert b"".join(answer.streaming_content).decode() == "1985-••-••"
    assert worn() == {}


def test_a_room_leads_nowhere_but_for_who_runs_the_shelter(person: Person) -> None:
    room = RoomFactory.create(name="Gymnasium 12")
    stay = OpenStayFactory.create(person=person, shelter=room.shelter, room=room)
    room.shelter.organisation = person.organisation
    room.shelter.save()

    def read() -> list[str]:
        alone, together = Stay.objects.get(pk=stay.pk), Stay.objects.select_related("room").get(pk=stay.pk)
        assert unveiled(alone.room) == unveiled(together.room) == room
        return [str(alone.room), str(together.room), str(alone.room_id)]

    assert _as(_colleague(person, Role.REGISTRAR), read) == ["••••"] * 3
    assert "Gymnasium 12" in _as(_colleague(person, Role.SHELTER_MANAGER), read)[0]


def test_a_record_that_is_saved_veiled_keeps_its_values(person: Person) -> None:
    def save() -> None:
        found = Person.objects.select_related("household").get(pk=person.pk)
        found.family_name = "Another"
        found.full_clean(exclude=["match_keys", "document_keys"])
        found.save()
        assert str(found.household.phone) == "•••• 47"
        found.household.save()
        Person.objects.bulk_update([found], ["birth_date"])

    _as(_colleague(person, Role.REGISTRAR), save)
    person.refresh_from_db()
    assert (person.family_name, person.birth_date) == ("Another", BORN)
    assert Household.objects.get().phone == PHONE


def test_a_mask_never_takes_the_place_of_its_value(person: Person) -> None:
    def save(name: str) -> None:
        household = Household.objects.get(pk=person.household_id)
        setattr(household, name, str(getattr(household, name)))
        household.save()

    for name in ("phone", "language"):
        with pytest.raises(TypeError, match="mask"), transaction.atomic():
            _as(_colleague(person, Role.SHELTER_MANAGER), lambda name=name: save(name))
    assert (Household.objects.get().phone, Household.objects.get().language) == (PHONE, "uk")


def test_what_is_veiled_is_not_compared_by_mistake_and_leaves_the_process_nowhere() -> None:
    veiled = Veiled(lambda: BORN, Mask.YEAR)
    assert veiled == Veiled(lambda: BORN, Mask.NOTHING)
    assert veiled != Veiled(lambda: date(1985, 7, 5), Mask.YEAR)
    assert veiled not in (None, "")
    assert (f"{veiled}", repr(veiled), unveiled(veiled)) == ("1985-••-••", "1985-••-••", BORN)
    with pytest.raises(TypeError, match="compared"):
        assert veiled == BORN
    with pytest.raises(TypeError, match="queue"):
        pickle.dumps(veiled)


def test_whoever_has_no_account_or_a_closed_one_is_shown_nothing_of_them() -> None:
    assert set(veils_of(None).values()) == {Mask.NOTHING}
    inactive = user_in_role(Role.REGISTRAR, is_active=False)
    assert veils_of(inactive) == veils_of(None) == veils_of(user_in_role(Role.PUBLISHER))
    assert veils_of(None) is veils_of(
        AnonymousUser()
    )  # worked out once: every request of the API begins as nobody's
