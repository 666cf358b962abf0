"""An administrator of one region sees the systems and webhooks that read there, be it among other places, and none that read
elsewhere alone."""

import pytest
from django.db.models import Model
from django.urls import reverse

from accounts.models import Client, ClientNotice, Organisation, User
from accounts.policy import Role
from exchange.models import Endpoint, Message, MessageKind
from exchange.webhooks.making import queue_message
from regions.models import Region
from tests.desk.pages import add_url, desk_of, list_url, words
from tests.factories.accounts import user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.exchange import webhook
from tests.factories.regions import region
from tests.two_persons import own

pytestmark = pytest.mark.django_db
__all__ = ["own"]
#: What a system may read in, and whether that is of concern to an administrator of Kursk region.
PLACES = {"everywhere": True, "RU-CENTRAL": True, "RU-KRS": True, "UA-59": False}


def _place(name: str) -> Region | None:
    return None if name == "everywhere" else region(name)


@pytest.fixture
def admin(own: Organisation) -> User:
    """Of one region."""
    return user_in_role(
        Role.ORGANISATION_ADMIN, organisation=own, region=region("RU-KRS"), email="here@example.org"
    )


@pytest.fixture
def systems(own: Organisation) -> dict[str, list[Model]]:
    """By where each reads: a client, a webhook with a client of its own, and a message that waits for it."""
    made: dict[str, list[Model]] = {}
    for name in PLACES:
        client, _secret = partner_client(own, region=_place(name), name=f"Files {name}")
        endpoint, _secret = webhook(own, f"https://{name.lower()}.example.org/in", _place(name))
        made[name] = [client, endpoint, queue_message(endpoint, MessageKind.TEST)]
    return made


def _page(record: Model, page: str, *more: str) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk, *more])


@pytest.mark.parametrize("name", PLACES)
def test_pages_and_acts(name: str, admin: User, systems: dict[str, list[Model]]) -> None:
    browser, is_seen = desk_of(admin), PLACES[name]
    acts = {Client: "end", Endpoint: "test", Message: "replay"}
    for record in systems[name]:
        for page, more in (("change", ()), ("history", ()), ("act", (acts[type(record)],))):
            answer = browser.get(_page(record, page, *more))
            assert answer.status_code in ((200, 302) if is_seen else (404,)), (record, page)


def test_lists_and_choices(admin: User, systems: dict[str, list[Model]]) -> None:
    browser = desk_of(admin)
    for kind, place in ((Client, 0), (Endpoint, 1), (Message, 2)):
        rows = {row.pk for row in browser.get(list_url(kind)).context["cl"].result_list}
        assert {name: systems[name][place].pk in rows for name in PLACES} == PLACES
    choices = browser.get(add_url(Endpoint)).context["form"].fields["account"].queryset
    of_elsewhere = Client.objects.get(name="Files UA-59").account
    assert of_elsewhere not in choices
    assert Client.objects.get(name="Files everywhere").account in choices


def test_what_is_visible_is_the_same_past_the_desk(admin: User, systems: dict[str, list[Model]]) -> None:
    assert Endpoint.objects.visible_to(admin).count() == Message.objects.visible_to(admin).count() == 3
    assert Endpoint.objects.visible_to(administrator_of(admin.memberships.get().organisation)).count() == 4


def test_an_administrator_of_all_regions_sees_all(own: Organisation, systems: dict[str, list[Model]]) -> None:
    browser = desk_of(administrator_of(own))
    for records in systems.values():
        assert [browser.get(_page(each, "change")).status_code for each in records] == [200] * 3


def test_only_who_answers_for_a_place_is_mailed_of_a_system_there(own: Organisation, admin: User) -> None:
    auditor = user_in_role(Role.AUDITOR, organisation=own, region=region("RU-KRS"))
    for name, is_told in PLACES.items():
        client, _secret = partner_client(own, region=_place(name), name=f"Files {name}")
        told = {notice.user for notice in ClientNotice.objects.filter(client=client)}
        assert (admin in told) is is_told, name
        assert auditor in told


def test_who_has_roles_in_two_organisations_sees_of_each_what_is_theirs_there(
    admin: User, systems: dict[str, list[Model]]
) -> None:
    """A wide role elsewhere widens nothing here."""
    other = partner_client(region=region("UA-59"), name="Theirs")[0]
    user_in_role(Role.ORGANISATION_ADMIN)  # somebody else
    admin.memberships.create(organisation=other.organisation, role=Role.ORGANISATION_ADMIN)
    page = words(desk_of(User.objects.get(pk=admin.pk)).get(list_url(Client)))
    assert "Theirs" in page
    assert "Files RU-KRS" in page
    assert "Files UA-59" not in page
