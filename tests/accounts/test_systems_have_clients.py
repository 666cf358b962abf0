"""The database gives the role of systems to accounts of clients alone, whichever of the two is written first."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction

from accounts.actions.clients import add_client
from accounts.models import Client, Membership, Organisation, User
from accounts.policy import Role
from regions.models import Region
from tests.audit.trail import run
from tests.factories.accounts import MembershipFactory, UserFactory, user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.regions import region
from tests.two_persons import own

pytestmark = pytest.mark.django_db
__all__ = ["own"]
WORDS = "no client acts as this account"
TRIGGERS = tuple(
    (table, trigger)
    for table in ("accounts_membership", "accounts_client")
    for trigger in ("system_has_client", "system_keeps_client")
)


@pytest.fixture
def old(own: Organisation) -> User:
    """An account of before there were clients: the tests' database lets it be made (tests/database.py)."""
    return user_in_role(Role.PARTNER_SYSTEM, organisation=own, region=region("RU-KRS"))


@pytest.fixture(autouse=True)
def _as_elsewhere(old: User) -> Iterator[None]:
    """With the triggers, as every other database has them."""
    _ask("ENABLE")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    _ask("DISABLE")


def _ask(how: str) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table, trigger in TRIGGERS:
        run(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
    run("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def _refused() -> Iterator[None]:
    """What is done here is refused at the commit, and not before."""
    with transaction.atomic():
        yield
        with pytest.raises(IntegrityError, match=WORDS):
            _commit()
        transaction.set_rollback(True)


def _commit() -> None:
    run("SET CONSTRAINTS system_has_client, system_keeps_client IMMEDIATE")


def test_a_person_is_not_given_the_role(own: Organisation) -> None:
    with _refused():
        user_in_role(Role.PARTNER_SYSTEM, organisation=own)


def test_a_role_of_a_person_does_not_become_it(own: Organisation) -> None:
    clerk = user_in_role(Role.REGISTRAR, organisation=own)
    with _refused():
        clerk.memberships.update(role=Role.PARTNER_SYSTEM)


def test_nor_does_it_go_to_another_account(own: Organisation) -> None:
    system, clerk = partner_client(own)[0].account, UserFactory.create()
    with _refused():
        Membership.objects.filter(user=system).update(user=clerk)


def test_a_client_does_not_leave_its_account_in_the_role(own: Organisation) -> None:
    client = partner_client(own)[0]
    with _refused():
        Client.objects.filter(pk=client.pk).update(account=UserFactory.create())
    with _refused():
        for part in (client.asks, client.notices, client.secrets):
            part.all().delete()
        client.delete()


@pytest.mark.parametrize("place", [None, "RU-KRS"])
def test_a_client_is_added_with_a_new_account(place: str | None, own: Organisation) -> None:
    """The account and its role are written first: that is asked about at the commit."""
    where: Region | None = region(place) if place else None
    by = administrator_of(own)
    client, _secret = add_client(organisation=own, name="New", scopes=["claims:read"], region=where, by=by)
    _commit()
    assert client.account.memberships.get().role == Role.PARTNER_SYSTEM


def test_an_account_of_before_goes_on_and_is_handed_over(own: Organisation, old: User) -> None:
    """Saved whole, as the desk does, with another region; and then given to a client."""
    held = old.memberships.get()
    held.region = None
    held.save()
    _commit()
    add_client(organisation=own, name="Old", scopes=["claims:read"], account=old, by=administrator_of(own))
    _commit()
    MembershipFactory.create(user=old, organisation=own, role=Role.PARTNER_SYSTEM, region=region("RU-KRS"))
    _commit()


def test_a_role_that_is_taken_back_before_the_commit_is_none(own: Organisation) -> None:
    user_in_role(Role.PARTNER_SYSTEM, organisation=own).memberships.all().delete()
    _commit()
