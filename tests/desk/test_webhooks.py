"""Webhooks on the desk: who sees them, a secret that is shown once, and sending again what was given up."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Organisation
from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from exchange.actions import endpoints
from exchange.models import Endpoint, Message, MessageKind, MessageState
from exchange.webhooks.making import queue_message
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import administrator_of, partner_client
from tests.factories.exchange import webhook

pytestmark = pytest.mark.django_db
LIST = "admin:exchange_endpoint_changelist"


def administrator(organisation: Organisation) -> Client:
    """Signed in at the desk."""
    client = Client()
    client.force_login(user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation))
    return client


def act(client: Client, record: Endpoint | Message, name: str, **sent: object) -> str:
    """Do it; the page that follows."""
    address = reverse(f"admin:exchange_{record._meta.model_name}_act", args=[record.pk, name])
    return client.post(address, sent, follow=True).content.decode()


def test_a_secret_is_shown_in_one_answer_and_kept_nowhere_in_clear() -> None:
    organisation = OrganisationFactory.create()
    account = partner_client(organisation)[0].account
    client = administrator(organisation)
    sent = {"url": "https://hooks.example.org/in", "account": str(account.pk), "kinds": ["person"]}
    answer = client.post(reverse("admin:exchange_endpoint_add"), sent)
    page = answer.content.decode()
    [secret] = re.findall(r"whsec_[\w+/=]+", page)
    assert "no-store" in answer.headers["Cache-Control"]
    endpoint = Endpoint.objects.get()
    assert endpoint.secrets(endpoint.recorded_at) == [secret]
    assert secret not in str(Endpoint.objects.values().get())
    assert "whsec_" not in str(list(AuditEvent.objects.values()))
    assert "whsec_" not in client.get(f"{reverse(LIST)}{endpoint.pk}/change/").content.decode()
    other = re.findall(r"whsec_[\w+/=]+", act(client, endpoint, "rotate", overlap_hours=1))
    assert len(other) == 1
    assert other != [secret]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example.org/", "Give an address such as"),
        ("https://10.0.0.1/", "Give an address such as"),
    ],
)
def test_a_wrong_address_is_refused_at_its_field(url: str, words: str) -> None:
    organisation = OrganisationFactory.create()
    account = partner_client(organisation)[0].account
    sent = {"url": url, "account": str(account.pk), "kinds": ["person"]}
    page = administrator(organisation).post(reverse("admin:exchange_endpoint_add"), sent).content.decode()
    assert words in page
    assert "whsec_" not in page
    assert not Endpoint.objects.exists()


def test_what_was_given_up_is_sent_again_by_a_person() -> None:
    organisation = OrganisationFactory.create()
    endpoint, _secret = webhook(organisation)
    message = queue_message(endpoint, MessageKind.CHANGES)
    message.state, message.last_status = MessageState.DEAD, 500
    message.save()
    client = administrator(organisation)
    shown = client.get(f"{reverse(LIST)}{endpoint.pk}/change/").content.decode()
    assert "given up" in shown
    assert "It is tried again" in act(client, message, "replay")
    message.refresh_from_db()
    assert message.state == MessageState.WAITING
    assert AuditEvent.objects.filter(action="replay").exists()
    assert "on its way" in act(client, endpoint, "test")
    assert "Switched off" in act(client, endpoint, "off")
    assert "cannot be done" in act(client, endpoint, "test")
    assert "Switched on" in act(client, endpoint, "on")


def test_secrets_follow_the_key_that_encrypts(settings: Settings) -> None:
    endpoint, secret = webhook(OrganisationFactory.create())
    endpoints.rotate_secret(endpoint=endpoint, by=administrator_of(endpoint.organisation))
    settings.FIELD_ENCRYPTION_KEYS = {"new": b"n" * 32, **settings.FIELD_ENCRYPTION_KEYS}
    for told in ("1 webhooks", "0 webhooks"):
        out = StringIO()
        call_command("renew_encryption", stdout=out)
        assert told in out.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = {"new": b"n" * 32}
    endpoint.refresh_from_db()
    assert secret in endpoint.secrets(database_now())


def test_webhooks_of_another_organisation_are_not_there() -> None:
    endpoint, _secret = webhook(OrganisationFactory.create())
    other = administrator(OrganisationFactory.create())
    assert other.get(f"{reverse(LIST)}{endpoint.pk}/change/").status_code == 404
    assert endpoint.url not in other.get(reverse(LIST)).content.decode()
    registrar = Client()
    registrar.force_login(user_in_role(Role.REGISTRAR, organisation=endpoint.organisation))
    assert registrar.get(reverse(LIST)).status_code == 403
