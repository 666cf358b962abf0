"""The heads of the trail's chains leave the database: into a file, into the log, and by mail to auditors."""

import logging
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.policy import Role
from audit import anchors
from config.anchoring import drop_anchors, mail_anchors
from tests.audit.trail import three_seals
from tests.factories.accounts import user_in_role
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db


def test_a_tick_adds_what_is_new_to_the_file_and_to_the_log(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.AUDIT_ANCHORS_FILE = tmp_path / "anchors"
    household = three_seals()
    with caplog.at_level(logging.INFO, logger="config.anchoring"):
        dropped = drop_anchors()
    kept = list(anchors.read(settings.AUDIT_ANCHORS_FILE))
    (mine,) = [anchor for anchor in kept if anchor.organisation == household.organisation_id]
    assert (len(kept), mine.number) == (dropped, 3)
    assert f"anchor of organisation {household.organisation_id}: 3 {mine.hash}" in caplog.text
    assert drop_anchors() == 0


def test_auditors_get_all_heads_by_mail_and_nobody_else_does(mailbox: Mailbox, tmp_path: Path) -> None:
    three_seals()
    auditor = user_in_role(Role.AUDITOR)
    user_in_role(Role.AUDITOR, is_active=False)
    user_in_role(Role.AUDITOR, email="")
    user_in_role(Role.REGISTRAR)
    assert mail_anchors() == 1
    (mail,) = mailbox.wait(1)
    assert mail["To"] == auditor.email
    text = mail.get_content()
    file = tmp_path / "mailed"
    file.write_text("".join(line + "\n" for line in text.splitlines() if line.startswith("{")))
    assert {(a.organisation, a.number, a.hash) for a in anchors.read(file)} == {
        (a.organisation, a.number, a.hash) for a in anchors.heads()
    }
