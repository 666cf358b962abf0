"""The commands of docs/how-to/api.md, run as they stand there, one after the other, against a service that listens."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.policy import Role
from displacement.models import Household, Person
from intake.models import Batch
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.repository.source import ROOT

PAGE = ROOT / "docs/how-to/api.md"
HERE = "http://localhost:8000"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> str:
    """All of them, as one script that ends at the first that fails."""
    text = PAGE.read_text(encoding="utf-8")
    return "set -eu -o pipefail\n" + "\n".join(_BLOCK.findall(text))


@pytest.mark.django_db(transaction=True)
def test_the_commands_do_what_they_say(live_server: Any, tmp_path: Path) -> None:
    """Nothing of them is altered but the address, since port 8000 may be taken."""
    kursk_tree()
    RunningOperationFactory.create()
    client, secret = partner_client()
    reader = Client()
    reader.force_login(user_in_role(Role.REGISTRAR))
    here = {**os.environ, "SESSION": reader.cookies["sessionid"].value}
    here |= {"CLIENT": client.client_id, "SECRET": secret, "SERVICE": live_server.url}
    script = commands()
    assert script.count(HERE) == 1
    run = subprocess.run(
        ["bash", "-c", script.replace(HERE, live_server.url)],
        cwd=tmp_path,
        env=here,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert Household.objects.filter(organisation__clients=client).count() == 1
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Іван", "Марія", "Олена"]
    assert Batch.objects.count() == 1
    assert '"status":400' in run.stdout
    [program] = _PYTHON.findall(PAGE.read_text(encoding="utf-8"))
    told = subprocess.run(
        [sys.executable, "-c", program], env=here, capture_output=True, text=True, timeout=60
    )
    assert told.stdout == "3600 seconds, 3 people\n", told.stderr
