"""A worker is killed in the middle of an erasure that it looks through: nothing is half done, and another takes it up."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from displacement.models import Person
from intake.waiting import search
from retention.actions import looking
from retention.models import Erasure, ErasureState
from retention.tasks import look_through
from tests.drills.test_erasures import url_of
from tests.repository.source import ROOT
from tests.retention.conftest import ledger
from tests.retention.test_looking import a_list, approved, by, officer, zorya
from tests.retention.test_waiting import text_of

__all__ = ["by", "ledger", "officer", "zorya"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)

#: A worker that has written the list anew, and then hangs before it commits.
HANGS = """
import sys, time
from intake.waiting import lists
from retention.actions import looking
whole = lists.take_out
def take_out(*arguments):
    print(whole(*arguments), flush=True)
    time.sleep(600)
lists.take_out = take_out
looking.go_on(sys.argv[-1])
"""


def test_a_worker_that_is_killed_leaves_it_to_another(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_BYTES", 0)
    unread = a_list(by)
    erasure = approved(zorya, by, officer)
    environment = os.environ | {
        "DATABASE_URL": url_of(settings.DATABASES["default"]),
        "ERASURES_FILE": str(settings.ERASURES_FILE),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    code = f"import django; django.setup(){HANGS}"
    command = [sys.executable, "-c", code, str(erasure.pk)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "1\n", "it took one row out, in a transaction that never ends"
        worker.kill()
    held = Erasure.objects.get(pk=erasure.pk)
    assert (held.state, held.attempts) == (ErasureState.LOOKING, 1)
    assert "Zqorvenko" in text_of(unread)
    assert not Person.objects.get(pk=zorya.pk).is_erased
    Erasure.objects.filter(pk=erasure.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert looking.due() == [erasure.pk]
    look_through(erasure_id=str(erasure.pk))
    assert Erasure.objects.get(pk=erasure.pk).state == ErasureState.DONE
    assert "Zqorvenko" not in text_of(unread)
