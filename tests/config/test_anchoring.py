"""The heads of the trail's chains leave the database: into a file, into the log, and by mail to auditors."""

import logging
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.policy import Role
from audit import anchors
from audit.models import SERVICE, AuditEvent, Seal
from config.anchoring import drop_anchors, mail_anchors
from tests.audit.trail import three_seals
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory
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


def test_auditors_get_all_heads_by_mail_administrators_and_keepers_one_line_and_nobody_else_any(
    mailbox: Mailbox, tmp_path: Path
) -> None:
    three_seals()
    auditor = user_in_role(Role.AUDITOR)
    others = [user_in_role(Role.ORGANISATION_ADMIN), user_in_role(Role.KEEPER)]
    user_in_role(Role.AUDITOR, is_active=False)
    user_in_role(Role.AUDITOR, email="")
    user_in_role(Role.REGISTRAR)
    assert mail_anchors() == 3
    mails = {mail["To"]: mail.get_content() for mail in mailbox.wait(3)}
    assert set(mails) == {auditor.email, *(each.email for each in others)}
    head = anchors.head()
    assert head is not None
    assert all(head.said() in text.splitlines() for text in mails.values())
    lines = {to: [line for line in text.splitlines() if line.startswith("{")] for to, text in mails.items()}
    assert [lines[each.email] for each in others] == [[], []]
    file = tmp_path / "mailed"
    file.write_text("".join(line + "\n" for line in lines[auditor.email]))
    assert {(a.organisation, a.number, a.hash) for a in anchors.read(file)} == {
        (a.organisation, a.number, a.hash) for a in anchors.heads()
    }


@pytest.mark.django_db(transaction=True)
def test_the_mailed_line_holds_every_chain(mailbox: Mailbox) -> None:
    """Bound before it was read: at its number, the service's chain says how the others stood."""
    household = HouseholdFactory.create()
    user_in_role(Role.ORGANISATION_ADMIN)
    mail_anchors()
    (mail,) = mailbox.wait(1)
    (line,) = [line for line in mail.get_content().splitlines() if line.startswith("service:")]
    named = anchors.as_said(line)
    (act,) = AuditEvent.objects.filter(action="bind_chains")
    assert act.block is not None
    (sealed,) = Seal.objects.filter(block=act.block)
    assert (sealed.organisation_id, sealed.number) == (SERVICE, named.number)
    assert bytes(sealed.hash).hex().startswith(named.hash)
    newest = Seal.objects.filter(organisation_id=household.organisation_id).order_by("-number").first()
    assert newest is not None
    assert [newest.number] == [
        each["number"]
        for each in act.detail["heads"]
        if each["organisation"] == str(household.organisation_id)
    ]
