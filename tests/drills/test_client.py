"""A partner's system of a generated client, against a service that listens: the page's commands and its whole program.

Beside it stands what a partner has before their receiver: TLS, under a name and a certificate of their own.
"""

import http.client
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from displacement.models import Household
from exchange.actions.endpoints import add_endpoint
from exchange.models import Message, MessageState
from exchange.webhooks.sending import send
from tests.exchange.generated import (
    COMMANDS,
    PROGRAM,
    commanded,
    environment,
    operations,
    written_operations,
)
from tests.exchange.receiver import Receiver, receiving
from tests.factories.accounts import OrganisationFactory
from tests.factories.clients import administrator_of, partner_client
from tests.factories.regions import kursk_tree

TOLD = """\
registered once: True
corrected: True
over what is seen no longer: False
registered at once: 500 refused: 0
told of all: True
nothing new: True
waits for a webhook
webhook verified: True
"""


def passes_on(receiver: Receiver, port: int) -> Any:
    """An answer that is the partner's own: the message goes on to the program behind, as it came."""

    def pass_on(handler: Any) -> None:
        sent, body = receiver.got[-1]
        behind = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        behind.request("POST", "/in", body, sent)
        handler.send_response(behind.getresponse().status)
        handler.end_headers()

    return pass_on


def free_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.django_db(transaction=True)
def test_the_generated_client_does_what_the_page_says(live_server: LiveServer, tmp_path: Path) -> None:
    kursk_tree()
    client, secret = partner_client(OrganisationFactory.create(), scopes=["people:write", "changes:read"])
    told = {"SERVICE": live_server.url, "CLIENT": client.client_id, "SECRET": secret}
    commanded(COMMANDS, tmp_path, **told)
    assert written_operations(tmp_path) == operations()
    (tmp_path / "partner.py").write_text(PROGRAM, encoding="utf-8")
    with receiving() as receiver:
        endpoint, signing = add_endpoint(
            organisation=client.organisation,
            account=client.account,
            url=receiver.url,
            kinds=["household"],
            by=administrator_of(client.organisation),
        )
        port = free_port()
        receiver.instead = passes_on(receiver, port)
        with subprocess.Popen(
            [sys.executable, "partner.py"],
            cwd=tmp_path,
            env=environment(**told, PORT=str(port), WEBHOOK_SECRET=signing),
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            ends = threading.Timer(240, program.kill)
            ends.start()
            assert program.stdout
            said = ""
            for line in program.stdout:
                said += line
                if "waits" in line:
                    send(endpoint.pk, way=receiver.way)
            ends.cancel()
    assert said == TOLD
    assert Household.objects.filter(organisation=client.organisation).count() == 501
    assert Message.objects.filter(state=MessageState.SENT).exists()
