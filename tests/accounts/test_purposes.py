"""Who works for one purpose sees nobody who answered no to it, on any way; others' work goes on."""

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts import rows, visibility
from accounts.actions.revealing import reveal
from accounts.models import Membership, Organisation, User
from accounts.policy import BOUND_TO_PURPOSE, POLICY, Role
from core.api import pagination, views
from displacement.actions.consents import answer
from displacement.models import Consent, Household, Person
from displacement.models.consent import Purpose
from tests.api.conftest import client_of
from tests.desk.pages import act_url, desk_of, list_url, record_url
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
NAME = "Щербатюк"


@pytest.fixture
def household(own: Organisation) -> Household:
    """With somebody in it whom others may look for."""
    made: Household = HouseholdFactory.create(organisation=own, phone="+7 900 555 01 47")
    PersonFactory.create(household=made, family_name=NAME)
    PersonFactory.create(household=HouseholdFactory.create(organisation=own))
    return made


@pytest.fixture
def officer_of_tracing(own: Organisation) -> User:
    """Looks for relatives, everywhere."""
    return user_in_role(Role.TRACING_OFFICER, organisation=own)


def _say(household: Household, *, is_given: bool, purpose: Purpose = Purpose.TRACING) -> None:
    answer(household=household, purpose=purpose, is_given=is_given, by=almighty())


def _by_list(user: User, household: Household) -> bool:
    return NAME in desk_of(user).get(list_url(Person)).content.decode()


def _by_page(user: User, household: Household) -> bool:
    person = household.people.get()
    found = {desk_of(user).get(record_url(record)).status_code for record in (household, person)}
    assert found in ({200}, {404})
    return found == {200}


def _by_telephone(user: User, household: Household) -> bool:
    sent = desk_of(user).post(act_url(household, "reveal"), {"reason": "call"})
    return "555 01 47" in sent.content.decode()


def _by_reveal(user: User, household: Household) -> bool:
    try:
        return bool(reveal(subject=household, reason="call", by=user, region="registered_in"))
    except PermissionDenied:
        return False


def _by_api(user: User, household: Household) -> bool:
    client, person = client_of(user), household.people.get()
    paths = (f"people/{person.pk}", f"households/{household.pk}")
    found = {client.get(f"/api/v1/{path}/").status_code for path in paths}
    assert found in ({200}, {404})
    assert (str(person.pk) in client.get("/api/v1/people/").content.decode()) is (found == {200})
    return found == {200}


@pytest.mark.parametrize("seen", [_by_list, _by_page, _by_telephone, _by_reveal, _by_api])
def test_a_tracing_officer_sees_nobody_who_said_no(
    seen: Callable[[User, Household], bool], officer_of_tracing: User, household: Household
) -> None:
    assert seen(officer_of_tracing, household)  # nobody asked them yet
    _say(household, is_given=False, purpose=Purpose.PARTNERS)
    assert seen(officer_of_tracing, household)
    _say(household, is_given=False)
    assert not seen(officer_of_tracing, household)
    registrar = user_in_role(Role.REGISTRAR, organisation=household.organisation)
    assert seen(registrar, household)
    _say(household, is_given=True)
    assert seen(officer_of_tracing, household)


def _no_condition(patch: pytest.MonkeyPatch) -> None:
    """As if `visible_to` did not ask what a household answered."""
    patch.setattr(visibility, "_unless_refused", lambda _purpose, _region: Q())


def _no_wall(patch: pytest.MonkeyPatch) -> None:
    """As if PostgreSQL did not."""
    patch.setattr(rows, "_bound", lambda _scopes: set())


def _forget() -> None:
    pagination.PAGES.forget()
    views.ONES.forget()


@pytest.fixture
def _nothing_is_remembered() -> Iterator[None]:
    _forget()
    yield
    _forget()


@pytest.mark.usefixtures("_nothing_is_remembered")
@pytest.mark.parametrize("seen", [_by_list, _by_page, _by_telephone, _by_api])
def test_each_of_two_guards_is_enough_and_without_both_they_are_seen(
    seen: Callable[[User, Household], bool],
    officer_of_tracing: User,
    household: Household,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _say(household, is_given=False)
    for without in (_no_condition, _no_wall):
        with monkeypatch.context() as patch:
            without(patch)
            assert not seen(officer_of_tracing, household)
        _forget()
    _no_condition(monkeypatch)
    _no_wall(monkeypatch)
    assert seen(officer_of_tracing, household)


def test_postgresql_asks_where_every_role_is_bound(own: Organisation, household: Household) -> None:
    both = user_in_role(Role.TRACING_OFFICER, organisation=own)
    assert rows.standing_of(both).regions == (f"bound:tracing|{own.pk}",)
    Membership.objects.create(user=both, organisation=own, role=Role.REGISTRAR)
    assert not [each for each in rows.standing_of(_again(both)).regions if each.startswith("bound")]
    elsewhere = user_in_role(Role.TRACING_OFFICER, organisation=own)
    Membership.objects.create(user=elsewhere, organisation=OrganisationFactory.create(), role=Role.REGISTRAR)
    assert f"bound:tracing|{own.pk}" in rows.standing_of(_again(elsewhere)).regions


def _again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_no_that_was_voided_holds_no_longer(officer_of_tracing: User, household: Household) -> None:
    _say(household, is_given=False)
    assert household not in Household.objects.visible_to(officer_of_tracing)
    made = household.consents.get()
    Consent.objects.filter(pk=made.pk).update(
        voided_at=made.recorded_at, voided_by=almighty().pk, void_reason="Misheard."
    )
    assert household in Household.objects.visible_to(officer_of_tracing)


def test_who_is_bound_sees_no_kind_of_record_that_is_not() -> None:
    """A new line of the policy for such a role has to be bound as well: accounts.visibility."""
    everybody = POLICY[Role.KEEPER].keys()
    for role in BOUND_TO_PURPOSE:
        assert POLICY[role].keys() - everybody == {"displacement.household", "displacement.person"}
