"""A tail that was cut together with the file of anchors: the trail is not told as sound without what would show the cut."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit import anchors
from displacement.models import Household
from tests.audit.trail import past_the_triggers, run, three_seals

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    """The file of anchors, which is not there yet."""
    settings.AUDIT_ANCHORS_FILE = tmp_path / "anchors"
    return tmp_path / "anchors"


@pytest.fixture
def household() -> Household:
    return three_seals()


@pytest.fixture
def _long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the set-up were longer ago than anchors may be missing."""
    monkeypatch.setattr(anchors, "UNANCHORED", timedelta(0))


def _verify(**options: Any) -> tuple[str, str]:
    said, warned = StringIO(), StringIO()
    call_command("verify_audit", stdout=said, stderr=warned, **options)
    return said.getvalue(), warned.getvalue()


def _cut(chain: object) -> None:
    with past_the_triggers():
        run("DELETE FROM audit_auditevent WHERE organisation_id = %s AND reason = 'third'", chain)
        run("DELETE FROM audit_seal WHERE organisation_id = %s AND number = 3", chain)


def _begun_later(file: Path, days: int) -> None:
    """The heads as a new file has them whose first round came so many days later."""
    at = (datetime.fromisoformat(anchors.heads()[0].at) + timedelta(days=days)).isoformat()
    file.write_text("".join(replace(anchor, at=at).line() for anchor in anchors.heads()))


def test_on_the_first_day_it_verifies_without_anchors_and_says_what_that_does_not_show(
    own: Path, household: Household
) -> None:
    said, warned = _verify()
    assert "are what was written; 0 anchors fit" in said
    assert "no anchors" in warned


@pytest.mark.usefixtures("_long_ago")
@pytest.mark.parametrize("left", [None, ""])
def test_later_a_file_that_is_missing_or_empty_is_a_fault(
    left: str | None, own: Path, household: Household, tmp_path: Path
) -> None:
    anchors.drop(own)
    kept = tmp_path / "copy"
    kept.write_text(own.read_text())
    _cut(household.organisation_id)
    own.unlink()
    if left is not None:
        own.write_text(left)
    with pytest.raises(CommandError, match="was taken away or emptied") as failed:
        _verify()
    assert failed.value.returncode == 1
    assert str(own) in str(failed.value)
    with pytest.raises(CommandError, match="not what was written"):
        _verify(anchors=[kept])


def test_a_file_that_was_begun_anew_is_a_fault_until_it_is_named(own: Path, household: Household) -> None:
    """A quarter of an hour after the file was taken away, the next heads lie in a new one."""
    _cut(household.organisation_id)
    _begun_later(own, days=0)
    assert "are what was written" in _verify()[0], "the control: on the first day no file is late"
    _begun_later(own, days=2)
    with pytest.raises(CommandError, match="was begun anew") as failed:
        _verify()
    assert failed.value.returncode == 1
    assert "are what was written" in _verify(anchors=[own])[0]


def test_named_files_without_an_anchor_verify_nothing(
    own: Path, household: Household, tmp_path: Path
) -> None:
    (tmp_path / "mailed").write_text("\n")
    with pytest.raises(CommandError, match="no anchor in the files that you named"):
        _verify(anchors=[tmp_path / "mailed"])
    anchors.drop(tmp_path / "mailed")
    assert "are what was written" in _verify(anchors=[tmp_path / "mailed"])[0]
