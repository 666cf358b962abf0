"""Administrators and auditors are told by mail what happens to partners' systems, without a name of anybody."""

from collections.abc import Callable

import pytest
from django.core import mail

from accounts.actions.client_asks import approve, refuse
from accounts.actions.client_news import GIVE_UP_AFTER, tell_of_clients
from accounts.actions.clients import end_client, rotate_secret
from accounts.models import Client, ClientNotice, Organisation, User
from accounts.policy import Role
from core.clock import database_now
from tests.accounts.test_second_person import asker, changed, new, own, second, waiting
from tests.factories.accounts import UserFactory, user_in_role

pytestmark = pytest.mark.django_db
__all__ = ["asker", "own", "second"]


def told() -> dict[str, str]:
    """To whom what was written since, and nothing twice."""
    mail.outbox.clear()
    assert tell_of_clients() == len(mail.outbox)
    assert tell_of_clients() == 0
    return {letter.to[0]: str(letter.body) for letter in mail.outbox}


def _asks(client: Client, asker: User, _second: User) -> None:
    changed(client, asker, scopes=["documents:read", "people:read"])


def _approves(client: Client, asker: User, second: User) -> None:
    changed(client, second, scopes=["documents:read", "people:read"])
    told()
    approve(ask=waiting(client), by=asker)


def _refuses(client: Client, asker: User, second: User) -> None:
    changed(client, second, scopes=["documents:read", "people:read"])
    told()
    refuse(ask=waiting(client), reason="Less would do.", by=asker)


def _rotates(client: Client, asker: User, _second: User) -> None:
    rotate_secret(client=client, former_until=None, by=asker)


def _asks_for_new(client: Client, asker: User, _second: User) -> None:
    new(client.organisation, asker, name="Oksana's list")


def _adds(client: Client, asker: User, _second: User) -> None:
    new(client.organisation, asker, name="Oksana's list", scopes=["claims:read"])


def _widens(client: Client, asker: User, _second: User) -> None:
    figures, _secret = new(client.organisation, asker, name="Figures", scopes=["claims:read"])
    told()
    changed(figures, asker, scopes=["claims:read", "editions:read"])


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (_asks_for_new, "gets nothing until a second person"),
        (_adds, "reads no records of people"),
        (_asks, "works as before until a second person"),
        (_widens, "is allowed more"),
        (_approves, "approved what was asked"),
        (_refuses, "was refused"),
        (_rotates, "new secret"),
    ],
)
def test_others_are_told_of_it(
    happens: Callable[[Client, User, User], None], words: str, own: Organisation, asker: User, second: User
) -> None:
    auditor = user_in_role(Role.AUDITOR, organisation=own)
    for nobody in (Role.REGISTRAR, Role.PROTECTION_OFFICER):
        user_in_role(nobody, organisation=own)
    user_in_role(Role.ORGANISATION_ADMIN)
    client, _secret = new(own, asker)
    approve(ask=waiting(client), by=second)
    told()
    happens(client, asker, second)
    letters = told()
    assert set(letters) == {second.email, auditor.email}, "not whoever did it"
    text = letters[auditor.email]
    assert words in text
    assert str(asker.pk) in text
    for name in (asker.username, "Oksana", client.name):
        assert name not in f"{text}{mail.outbox[0].subject}"


def test_what_is_less_is_told_to_nobody(own: Organisation, asker: User, second: User) -> None:
    client, _secret = new(own, asker, scopes=["documents:read", "people:read"])
    approve(ask=waiting(client), by=second)
    told()
    changed(client, asker, scopes=["people:read"])
    end_client(client=client, reason="The system is gone.", by=asker)
    assert told() == {}


def test_where_the_organisation_has_nobody_else_keepers_are_told(own: Organisation, asker: User) -> None:
    keeper = UserFactory.create(is_superuser=True)
    client, _secret = new(own, asker)
    assert set(told()) == {keeper.email}
    assert approve(ask=waiting(client), by=keeper).let_in_at is not None


def test_it_is_written_in_the_language_of_who_reads_it_and_given_up_after_a_month(
    own: Organisation, asker: User, second: User
) -> None:
    User.objects.filter(pk=second.pk).update(language="uk")
    new(own, asker)
    assert "Нова система" in told()[second.email]
    new(own, asker, name="Another")
    ClientNotice.objects.filter(sent_at=None).update(done_at=database_now() - GIVE_UP_AFTER)
    assert told() == {}
