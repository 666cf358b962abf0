"""The page for partners, run as it is written: its curl and its two programs, against a running service."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from displacement.models import Person
from exchange.webhooks.signing import headers, new_secret
from tests.factories.accounts import OrganisationFactory
from tests.factories.clients import partner_client
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.repository.source import ROOT

PAGE = (ROOT / "docs" / "how-to" / "partner-sync.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
SYNC, RECEIVE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_a_partner_begins_goes_on_and_asks_by_curl(live_server: LiveServer, tmp_path: Path) -> None:
    organisation = OrganisationFactory.create()
    client, secret = partner_client(organisation)
    told = {"SERVICE": live_server.url, "CLIENT": client.client_id, "SECRET": secret}
    here = {**os.environ, **told}
    household = HouseholdFactory.create(organisation=organisation)

    def run() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", SYNC], cwd=tmp_path, env=here, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()

    assert run() == [f"stored households {household.pk}"]
    assert run() == []
    person = PersonFactory.create(household=household)
    Person.objects.filter(pk=person.pk).update(given_name="Hanna")
    assert run() == [f"created person {person.pk}", f"changed person {person.pk}"]
    assert shutil.which("curl"), "The page needs curl."
    asked = subprocess.run(
        ["sh", "-ec", "".join(SHELL)], env=here, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in asked.stdout.replace("}{", "}\n{").splitlines()]
    assert [each.keys() for each in answers] == [
        {"changes", "cursor", "has_more"},
        *[{"next", "previous", "results"}] * 2,
    ]


def test_the_receiver_of_the_page_takes_what_is_signed_and_nothing_else() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret, body = new_secret(), b'{"type":"test","data":{"changes":[]}}'
    here = {**os.environ, "SECRET": secret, "PORT": str(port)}
    program = subprocess.Popen(
        [sys.executable, "-c", RECEIVE],
        env=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        right = headers("msg_1", body, datetime.now(UTC), [secret])
        wrong = headers("msg_2", body, datetime.now(UTC), [new_secret()])
        both = headers("msg_3", body, datetime.now(UTC), [new_secret(), secret])
        assert [_post(port, body, each) for each in (right, right, wrong, both)] == [204, 204, 401, 204]
    finally:
        program.terminate()
        assert program.communicate(timeout=60)[0] == "test 0\ntest 0\n"


def _post(port: int, body: bytes, sent: dict[str, str]) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, sent)
    for _ in range(100):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("The receiver of the page does not run.")
