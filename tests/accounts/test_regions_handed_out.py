"""Nobody hands out more than they have: what an administrator of one region asks for or gives ends where the region ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actions.clients import add_client, change_client, rotate_secret
from accounts.models import Client, Membership, Organisation, User
from accounts.policy import Role
from core.clock import database_now
from exchange.actions import agreements, endpoints
from exchange.models import EndpointState
from regions.models import Region
from tests.desk.pages import add_url, desk_of, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.regions import region
from tests.two_persons import own

pytestmark = pytest.mark.django_db
__all__ = ["own"]
BEYOND = "beyond the regions that you answer for"


@pytest.fixture
def here(own: Organisation) -> Region:
    """Where the administrator is."""
    return region("RU-KRS")


@pytest.fixture
def there(own: Organisation) -> Region:
    """Around it, and with regions beside it."""
    return region("RU-CENTRAL")


@pytest.fixture
def admin(own: Organisation, here: Region) -> User:
    """Of one region."""
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own, region=here)


def _client(own: Organisation, by: User, place: Region | None) -> Any:
    return add_client(organisation=own, name="Case files", scopes=["claims:read"], region=place, by=by)


def _handed_over(own: Organisation, by: User, place: Region | None) -> Any:
    account = user_in_role(Role.PARTNER_SYSTEM, organisation=own, region=place)
    return add_client(organisation=own, name="Case files", scopes=["claims:read"], account=account, by=by)


def _webhook(own: Organisation, by: User, place: Region | None) -> Any:
    account = partner_client(own, region=place, name=f"Hooks {place}")[0].account
    url = "https://hooks.example.org/in"
    return endpoints.add_endpoint(organisation=own, account=account, url=url, kinds=["person"], by=by)


def _signed(own: Organisation, by: User, place: Region | None) -> Any:
    return _agreement(own, OrganisationFactory.create(), by, place)


def _accepted(own: Organisation, by: User, place: Region | None) -> Any:
    giving = OrganisationFactory.create()
    offered = _agreement(giving, own, administrator_of(giving), place)
    return agreements.accept(agreement=offered, by=by)


def _agreement(giving: Organisation, receiving: Organisation, by: User, place: Region | None) -> Any:
    now = database_now()
    return agreements.sign(
        giving=giving,
        receiving=receiving,
        purpose="Heating.",
        fields=["family_name"],
        valid_from=now,
        valid_until=now + timedelta(days=9),
        regions=[place] if place else [],
        by=by,
    )


@pytest.mark.parametrize("hand_out", [_client, _handed_over, _webhook, _signed, _accepted])
def test_what_reads_in_regions_is_handed_out_within_ones_own(
    hand_out: Callable[[Organisation, User, Region | None], Any],
    own: Organisation,
    admin: User,
    here: Region,
    there: Region,
) -> None:
    for place in (None, there):
        with pytest.raises(ValidationError, match=BEYOND):
            hand_out(own, admin, place)
    assert hand_out(own, admin, here)


def test_an_administrator_of_all_regions_hands_out_all(own: Organisation, there: Region) -> None:
    everywhere = administrator_of(own)
    assert _client(own, everywhere, None)
    assert _webhook(own, everywhere, there)
    assert _accepted(own, everywhere, None)


def test_a_wide_system_is_narrowed_and_never_widened_or_given_a_secret(
    own: Organisation, admin: User
) -> None:
    client, _secret = partner_client(own, scopes=["claims:read", "editions:read"])
    held: dict[str, Any] = {"client": client, "networks": (), "valid_until": None, "by": admin}
    with pytest.raises(ValidationError, match=BEYOND):
        change_client(scopes=["claims:read", "editions:read", "shelters:read"], **held)
    with pytest.raises(ValidationError, match=BEYOND):
        rotate_secret(client=client, former_until=None, by=admin)
    assert change_client(scopes=["claims:read"], **held).scopes == ["claims:read"]
    with pytest.raises(ValidationError, match=BEYOND):
        change_client(scopes=["claims:read", "editions:read"], **held)


def test_a_webhook_of_a_wide_system_is_told_of_fewer_kinds_and_never_of_more(
    own: Organisation, admin: User
) -> None:
    account = partner_client(own)[0].account
    endpoint, _secret = endpoints.add_endpoint(
        organisation=own,
        account=account,
        url="https://hooks.example.org/in",
        kinds=["person", "stay"],
        by=administrator_of(own),
    )
    assert endpoints.choose_kinds(endpoint=endpoint, kinds=["stay"], by=admin).kinds == ["stay"]
    with pytest.raises(ValidationError, match=BEYOND):
        endpoints.choose_kinds(endpoint=endpoint, kinds=["stay", "person"], by=admin)
    with pytest.raises(ValidationError, match=BEYOND):
        endpoints.rotate_secret(endpoint=endpoint, by=admin)
    endpoints.switch_off(endpoint=endpoint, by=admin)
    with pytest.raises(ValidationError, match=BEYOND):
        endpoints.switch_on(endpoint=endpoint, by=admin)
    assert endpoints.switch_on(endpoint=endpoint, by=administrator_of(own)).state == EndpointState.ACTIVE


def test_the_desk_says_so_at_the_region(own: Organisation, admin: User, here: Region) -> None:
    browser, sent = desk_of(admin), {"name": "Case files", "scopes": ["people:read"], "networks": ""}
    assert BEYOND in words(browser.post(reverse("admin:accounts_client_add"), sent))
    assert not Client.objects.exists()
    browser.post(reverse("admin:accounts_client_add"), {**sent, "region": str(here.pk)})
    assert Client.objects.get().account.memberships.get().region == here


def test_roles_are_given_within_ones_own_regions(
    own: Organisation, admin: User, here: Region, there: Region
) -> None:
    browser = desk_of(admin)
    sent = {"username": "new", "usable_password": "false", "language": "en"}
    for place in (None, there):
        row = {
            "memberships-TOTAL_FORMS": 1,
            "memberships-INITIAL_FORMS": 0,
            "memberships-0-organisation": str(own.pk),
            "memberships-0-role": Role.AUDITOR.value,
            "memberships-0-region": str(place.pk) if place else "",
        }
        answer = browser.post(add_url(User), {**sent, **row})
        assert "in the regions that you answer for yourself" in words(answer)
        assert not User.objects.filter(username="new").exists()
    row["memberships-0-region"] = str(here.pk)
    assert browser.post(add_url(User), {**sent, **row}).status_code == 302
    assert Membership.objects.get(user__username="new").region == here


def test_who_works_beyond_ones_regions_is_not_ones_to_change(
    own: Organisation, admin: User, here: Region, there: Region
) -> None:
    """Whoever could set their password could sign in as them there."""
    browser = desk_of(admin)
    for place, mine in ((here, True), (there, False), (None, False)):
        colleague = user_in_role(Role.REGISTRAR, organisation=own, region=place)
        address = reverse("admin:auth_user_password_change", args=[colleague.pk])
        assert (browser.get(address).status_code == 200) is mine
