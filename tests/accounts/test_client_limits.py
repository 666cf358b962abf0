"""Wrong secrets of a client: counted where they come from, so that nobody keeps a partner out from elsewhere."""

from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from accounts.signing_in import limits
from tests.accounts.test_clients import FORM, GRANT, TOKEN, posted
from tests.factories.clients import partner_client

pytestmark = pytest.mark.django_db
STRANGER = "198.51.100.7"


def test_a_stranger_who_knows_the_id_keeps_no_partner_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_A_CLIENT", 2)
    client, secret = partner_client()
    statuses = [posted(TOKEN, client, "mps_wrong", STRANGER, **GRANT).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    # From there, not even the right one is looked at.
    assert posted(TOKEN, client, secret, STRANGER, **GRANT).status_code == 429
    assert posted(TOKEN, client, secret, **GRANT).status_code == 200


def test_an_id_that_is_written_otherwise_is_counted_as_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_A_CLIENT", 3)
    client, _secret = partner_client()
    told = str(client.pk)
    ways = (told, told.upper(), told.replace("-", ""), f"{{{told}}}", f"urn:uuid:{told}")
    forms = [urlencode({**GRANT, "client_id": way, "client_secret": "mps_wrong"}) for way in ways]
    answers = [Browser().post(TOKEN, form, content_type=FORM, REMOTE_ADDR="198.51.100.8") for form in forms]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
