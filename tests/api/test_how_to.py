"""The commands of docs/how-to/api.md, run as they stand there, one after the other, against a service that listens."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.policy import Role
from displacement.models import Household, Person
from intake.models import Batch
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.repository.source import ROOT

PASSWORD = "PASSWORD"
HERE = "http://localhost:8000"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> str:
    """All of them, as one script that ends at the first that fails."""
    text = (ROOT / "docs/how-to/api.md").read_text(encoding="utf-8")
    return "set -eu -o pipefail\n" + "\n".join(_BLOCK.findall(text))


@pytest.mark.django_db(transaction=True)
def test_the_commands_do_what_they_say(live_server: Any, tmp_path: Path) -> None:
    """Nothing of them is altered but the address, since port 8000 may be taken."""
    kursk_tree()
    RunningOperationFactory.create()
    partner = user_in_role(Role.PARTNER_SYSTEM, username="partner", password=make_password(PASSWORD))
    reader = Client()
    reader.force_login(user_in_role(Role.REGISTRAR))
    script = commands()
    assert script.count(HERE) == 1
    run = subprocess.run(
        ["bash", "-c", script.replace(HERE, live_server.url)],
        cwd=tmp_path,
        env={**os.environ, "SESSION": reader.cookies["sessionid"].value},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert Household.objects.filter(organisation__memberships__user=partner).count() == 1
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Іван", "Марія", "Олена"]
    assert Batch.objects.count() == 1
    assert '"status":400' in run.stdout
