"""Sharing agreements: what is outside of one leaks nothing, on any address, and an ended one is dead on the next request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Client, Organisation, User
from accounts.policy import Role
from accounts.rows import standing_of
from audit.models import AuditEvent, Reading
from core.clock import database_now
from core.database_roles import put_back, stand
from displacement.models import Consent, Household, Person
from displacement.models.consent import Purpose
from exchange.actions import agreements
from exchange.models import Agreement
from exchange.sharing import shareable_fields, shares_with
from tests.accounts.test_clients import asked
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import partner_client, token_of
from tests.factories.displacement import GivenConsentFactory, PersonFactory
from tests.factories.regions import kursk_tree, region
from tests.factories.sharing import DAY, agreement_of, consenting

pytestmark = pytest.mark.django_db
FIELDS = ("given_name", "family_name")


class Shared(NamedTuple):
    """One organisation's person, another one's client, and an agreement between the two."""

    person: Person
    client: Client
    token: str
    agreement: Agreement


@pytest.fixture
def shared(db: None) -> Shared:
    """In force, with two fields, in the region where the person is."""
    kursk_tree()
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    person = consenting(giving, given_name="Олена", family_name="Ковальчук", reference="F-17")
    client, _secret = partner_client(receiving)
    place = region("RU-KRS")
    agreement = agreement_of(giving, receiving, fields=FIELDS, regions=[place])
    return Shared(person, client, token_of(client), agreement)


def listed(token: str, query: str = "") -> list[dict[str, Any]]:
    """The rows of the list."""
    rows: list[dict[str, Any]] = asked(token, f"shared-people/{query}").json()["results"]
    return rows


def bare(answer: Any, *told: object) -> str:
    """The answer without what it was asked."""
    text: str = answer.content.decode().replace(answer.json()["request_id"], "")
    for each in told:
        text = text.replace(str(each), "")
    return text


def test_what_is_agreed_is_read_and_nothing_else(shared: Shared) -> None:
    [row] = listed(shared.token)
    assert row == {
        "id": str(shared.person.pk),
        "number": shared.person.number,
        "organisation": shared.agreement.giving.short_name,
        "version": 1,
        "agreements": [str(shared.agreement.pk)],
        "given_name": "Олена",
        "family_name": "Ковальчук",
    }
    assert asked(shared.token, f"shared-people/{shared.person.pk}/").json() == row
    assert [set(each) for each in listed(shared.token, "?fields=given_name")] == [{"id", "given_name"}]
    refused = asked(shared.token, "shared-people/?fields=birth_date").json()
    assert refused["errors"][0]["code"] == "unknown_field"
    for query in ("?given_name=Олена", "?reference=F-17", "?ordering=birth_date", "?q=Ковальчук"):
        assert asked(shared.token, f"shared-people/{query}").status_code == 400


def test_each_reading_names_its_agreement_where_those_who_gave_it_see_it(shared: Shared) -> None:
    before = set(Reading.objects.values_list("pk", flat=True))
    listed(shared.token)
    asked(shared.token, f"shared-people/{shared.person.pk}/")
    made = Reading.objects.exclude(pk__in=before).filter(organisation_id=shared.agreement.giving_id)
    assert [(each.page, each.ids, each.actor_id) for each in made.order_by("id")] == [
        (
            f"api shared-person {act} under {shared.agreement.pk}",
            [str(shared.person.pk)],
            shared.client.account_id,
        )
        for act in ("list", "retrieve")
    ]


def _end(shared: Shared) -> None:
    by = user_in_role(Role.ORGANISATION_ADMIN, organisation=shared.agreement.giving)
    agreements.end(agreement=shared.agreement, reason="The search is over.", by=by)


def _expire(shared: Shared) -> None:
    Agreement.objects.update(valid_until=database_now())


def _later(shared: Shared) -> None:
    Agreement.objects.update(valid_from=database_now() + DAY / 2)


def _not_accepted(shared: Shared) -> None:
    Agreement.objects.update(accepted_at=None, accepted_by=None)


def _elsewhere(shared: Shared) -> None:
    Household.objects.filter(pk=shared.person.household_id).update(registered_in=region("UA-59"))


def _withdrawn(shared: Shared) -> None:
    GivenConsentFactory.create(
        household=shared.person.household,
        purpose=Purpose.PARTNERS,
        is_given=False,
        occurred_at=database_now(),
    )


def _for_authorities_only(shared: Shared) -> None:
    Consent.objects.update(purpose=Purpose.AUTHORITIES)


def _consent_void(shared: Shared) -> None:
    now = database_now()
    Consent.objects.update(voided_at=now, voided_by=uuid4(), void_reason="Misheard.")


def _person_void(shared: Shared) -> None:
    now = database_now()
    Person.objects.update(voided_at=now, voided_by=uuid4(), void_reason="Twice.")


def _person_erased(shared: Shared) -> None:
    Person.objects.update(**Person.on_erase.empties, erased_at=database_now(), erased_by=uuid4())


def _client_elsewhere(shared: Shared) -> None:
    shared.client.account.memberships.update(region=region("UA-59"))


@pytest.mark.parametrize(
    "happens",
    [
        _end,
        _expire,
        _later,
        _not_accepted,
        _elsewhere,
        _withdrawn,
        _for_authorities_only,
        _consent_void,
        _person_void,
        _person_erased,
        _client_elsewhere,
    ],
)
def test_what_is_outside_is_as_absent_on_the_next_request(
    happens: Callable[[Shared], None], shared: Shared
) -> None:
    address = f"shared-people/{shared.person.pk}/"
    assert asked(shared.token, address).status_code == 200
    happens(shared)
    nobody = uuid4()
    answer, absent = asked(shared.token, address), asked(shared.token, f"shared-people/{nobody}/")
    assert (answer.status_code, absent.status_code) == (404, 404)
    assert bare(answer, shared.person.pk) == bare(absent, nobody)
    assert listed(shared.token) == []
    # Each wall holds without the other; of what was taken back PostgreSQL knows nothing, nor that a tombstone is one.
    account = User.objects.get(pk=shared.client.account_id)
    assert not Person.objects.shared(shares_with(account)).exists()
    assert _behind_the_wall(account)[0] == (1 if happens in (_person_void, _person_erased) else 0)


def test_another_organisation_and_other_addresses_are_told_nothing(shared: Shared) -> None:
    stranger, _secret = partner_client()
    assert listed(token_of(stranger)) == []
    assert asked(token_of(stranger), f"shared-people/{shared.person.pk}/").status_code == 404
    for path in ("people", "households", "movements"):
        assert asked(shared.token, f"{path}/").json()["results"] == []
    household = shared.person.household_id
    asking = (f"people/{shared.person.pk}/", f"households/{household}/", f"people/?household={household}")
    for path in asking:
        answer = asked(shared.token, path)
        assert answer.status_code == 404 or answer.json().get("results") == []
    assert asked(token_of(shared.client, "claims:read"), "shared-people/").json()["code"] == "scope_needed"


def test_two_agreements_show_what_either_names_and_each_is_read() -> None:
    kursk_tree()
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    here, there = consenting(giving), consenting(giving)
    Household.objects.filter(pk=there.household_id).update(registered_in=region("UA-59"))
    wide = agreement_of(giving, receiving, fields=["sex"])
    narrow = agreement_of(giving, receiving, fields=["given_name"], regions=[region("RU-KRS")])
    client, _secret = partner_client(receiving)
    rows = {row["id"]: row for row in listed(token_of(client))}
    assert set(rows[str(here.pk)]["agreements"]) == {str(wide.pk), str(narrow.pk)}
    assert {"sex", "given_name"} <= rows[str(here.pk)].keys()
    assert rows[str(there.pk)]["agreements"] == [str(wide.pk)]
    assert "given_name" not in rows[str(there.pk)]
    read = Reading.objects.filter(page__contains=str(narrow.pk)).get()
    assert read.ids == [str(here.pk)]


def _behind_the_wall(who: Any) -> tuple[int, int, int]:
    """What PostgreSQL itself shows of the person, whatever a query asks."""
    stand(standing_of(who))
    try:
        return Person.objects.count(), Household.objects.count(), Consent.objects.count()
    finally:
        put_back()


def test_postgresql_shows_what_is_shared_to_partners_systems_alone(shared: Shared) -> None:
    PersonFactory.create(household__organisation=shared.agreement.giving)  # without consent
    assert _behind_the_wall(shared.client.account) == (1, 1, 1)
    for role in (Role.REGISTRAR, Role.ORGANISATION_ADMIN, Role.CASEWORKER):
        colleague = user_in_role(role, organisation=shared.client.organisation)
        assert _behind_the_wall(colleague) == (0, 0, 0)
    stand(standing_of(shared.client.account))
    try:
        assert Person.objects.update(given_name="X") == 0
        assert Consent.objects.update(is_given=True) == 0
    finally:
        put_back()
    _end(shared)
    assert _behind_the_wall(shared.client.account) == (0, 0, 0)


def test_two_people_of_two_organisations_make_an_agreement() -> None:
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    agreement = agreement_of(giving, receiving, is_accepted=False)
    ours = user_in_role(Role.ORGANISATION_ADMIN, organisation=giving)
    theirs = user_in_role(Role.ORGANISATION_ADMIN, organisation=receiving)
    for somebody in (ours, user_in_role(Role.ORGANISATION_ADMIN)):
        with pytest.raises(PermissionDenied):
            agreements.accept(agreement=agreement, by=somebody)
    Agreement.objects.update(signed_by=theirs.pk)
    with pytest.raises(ValidationError):
        agreements.accept(agreement=agreement, by=theirs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(accepted_at=database_now(), accepted_by=theirs.pk)
    other = user_in_role(Role.ORGANISATION_ADMIN, organisation=receiving)
    agreements.accept(agreement=agreement, by=other)
    with pytest.raises(PermissionDenied):
        agreements.end(agreement=agreement, reason="No.", by=user_in_role(Role.ORGANISATION_ADMIN))
    agreements.end(agreement=agreement, reason="Found.", by=theirs)
    told = AuditEvent.objects.filter(object_id=str(agreement.pk)).order_by("id")
    assert [each.action for each in told] == ["sign", "accept", "end"]
    assert {each.organisation_id for each in told} == {giving.pk}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"fields": ["match_keys"]}, "fields"),
        ({"fields": ["phone"]}, "fields"),
        ({"fields": []}, "fields"),
        ({"purpose": " "}, "purpose"),
        ({"valid_until": timedelta(days=-1)}, "valid_until"),
        ({"valid_until": timedelta(days=1000)}, "valid_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, Any], field: str) -> None:
    giving: Organisation = OrganisationFactory.create()
    now = database_now()
    made = {"purpose": "Finding relatives.", "fields": FIELDS, "valid_until": DAY, **wrong}
    made["valid_until"] = now + made["valid_until"]
    by = user_in_role(Role.ORGANISATION_ADMIN, organisation=giving)
    with pytest.raises(ValidationError) as refused:
        agreements.sign(giving=giving, receiving=OrganisationFactory.create(), valid_from=now, by=by, **made)
    assert set(refused.value.message_dict) == {field}


def test_what_can_be_shared_is_what_the_policy_lets_partners_see_of_people() -> None:
    assert set(shareable_fields()) == {
        "household",
        "reference",
        "relationship",
        "given_name",
        "patronymic",
        "family_name",
        "sex",
        "birth_date",
        "birth_precision",
    }


def test_a_page_of_shared_people_costs_few_queries(
    shared: Shared, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        consenting(shared.agreement.giving)
    with django_assert_max_num_queries(16):
        assert len(listed(shared.token)) == 4
