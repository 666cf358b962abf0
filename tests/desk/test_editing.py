"""Changing and voiding: nothing that somebody typed or saved is lost without a word."""

import pytest
from django.contrib import admin

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions import people
from displacement.models import Claim, Consent, Household, Person
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import ClaimFactory, HouseholdFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def person(registrar: User) -> Person:
    """Somebody whom the registrar's organisation registered."""
    own = registrar.memberships.get().organisation
    made: Person = PersonFactory.create(
        household__organisation=own, given_name="Иван", family_name="Петренко"
    )
    return made


def _form(person: Person, **changes: object) -> dict[str, object]:
    return {
        "version": person.version,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "sex": person.sex,
        "birth_date": person.birth_date or "",
        "birth_precision": person.birth_precision,
        "relationship": person.relationship,
        **changes,
    }


def test_a_change_is_saved_with_its_trace(registrar: User, person: Person) -> None:
    desk_of(registrar).post(act_url(person, "change"), _form(person, patronymic="Петрович"))
    person.refresh_from_db()
    assert (person.patronymic, person.version) == ("Петрович", 2)
    assert AuditEvent.objects.get(action="change").detail == {"fields": ["patronymic"]}


def test_a_stale_form_says_so_and_loses_nothing(registrar: User, person: Person) -> None:
    opened = _form(person, given_name="Ivan")
    people.change(person=person, version=1, by=registrar, given_name="Иоанн")
    desk = desk_of(registrar)
    page = desk.post(act_url(person, "change"), opened)
    person.refresh_from_db()
    assert person.given_name == "Иоанн", "the first who saved is not overwritten"
    assert "Somebody changed this record since you opened it" in words(page)
    assert "Иоанн" in words(page), "what is stored is shown"
    assert 'value="Ivan"' in page.content.decode(), "what was typed is still there"
    again = {**opened, "version": page.context["form"]["version"].value()}
    assert desk.post(act_url(person, "change"), again).status_code == 302
    person.refresh_from_db()
    assert person.given_name == "Ivan"


def test_voiding_asks_why_and_keeps_the_record(registrar: User, person: Person) -> None:
    desk = desk_of(registrar)
    assert "Why it is wrong" in words(desk.get(act_url(person, "void")))
    desk.post(act_url(person, "void"), {"reason": ""})
    person.refresh_from_db()
    assert not person.is_void
    desk.post(act_url(person, "void"), {"reason": "registered at two doors"})
    person.refresh_from_db()
    assert (person.is_void, person.voided_by) == (True, registrar.pk)
    page = words(desk.get(record_url(person)))
    assert "registered at two doors" in page
    assert "Void " not in page, "what is void is not voided again"


def test_the_history_is_the_trail(registrar: User, person: Person) -> None:
    desk_of(registrar).post(act_url(person, "void"), {"reason": "registered at two doors"})
    page = words(desk_of(registrar).get(record_url(person).replace("/change/", "/history/")))
    assert registrar.username in page
    assert "registered at two doors" in page


def test_nobody_voids_what_another_organisation_recorded(registrar: User) -> None:
    foreign = PersonFactory.create()
    answer = desk_of(registrar).post(act_url(foreign, "void"), {"reason": "I say so"})
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert not foreign.is_void


def test_who_only_reads_cannot_act() -> None:
    person = PersonFactory.create()
    own = person.organisation
    reader = desk_of(user_in_role(Role.TRACING_OFFICER, organisation=own))
    assert reader.get(record_url(person)).status_code == 200
    assert reader.post(act_url(person, "void"), {"reason": "no"}).status_code == 403
    assert reader.get(act_url(person, "change")).status_code == 403


@pytest.mark.parametrize(
    "model",
    [m for m in admin.site._registry if m._meta.app_label not in {"auth", "admin"}],
    ids=lambda m: m._meta.label,
)
def test_nothing_is_deleted_except_memberships(model: type) -> None:
    page = admin.site._registry[model]
    for role in Role:
        request = type("Request", (), {"user": user_in_role(role), "GET": {}})()
        assert not page.has_delete_permission(request)
    mighty = type("Request", (), {"user": almighty(), "GET": {}})()
    assert "delete_selected" not in page.get_actions(mighty)


def test_facts_and_claims_have_no_form_of_their_own() -> None:
    """Not even for a superuser: the only way is an act that leaves a trace."""
    desk = desk_of(almighty())
    household, claim = HouseholdFactory.create(), ClaimFactory.create()
    for record in (household, claim):
        assert "_save" not in desk.get(record_url(record)).content.decode()
        assert desk.post(record_url(record), {"phone": "1", "value": 7}).status_code == 403
    assert Claim.objects.get().value == claim.value
    assert Household.objects.get().phone == ""
    assert desk.get(list_url(Claim)).status_code == 200


def test_a_household_withdraws_its_consent_on_its_page(registrar: User, person: Person) -> None:
    house, desk = person.household, desk_of(registrar)
    for answer in ("yes", "no"):
        sent = {"purpose": "partners", "is_given": answer}
        assert desk.post(act_url(house, "answer"), sent).status_code == 302
    assert list(Consent.objects.order_by("pk").values_list("is_given", flat=True)) == [True, False]
    assert "required" in words(desk.post(act_url(house, "answer"), {}))
