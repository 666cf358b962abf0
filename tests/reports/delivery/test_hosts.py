"""Mails name the sender's domain and no machine of ours."""

import socket

import pytest
from django.core.mail.utils import DNS_NAME
from pytest_django import Settings

from accounts.actions.break_glass import break_glass, tell_broken_glasses
from accounts.policy import Role
from config.anchoring import mail_anchors
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.mail import Mailbox

INSIDE = "web-7.inside.example"


@pytest.mark.django_db(transaction=True)
def test_letters_name_no_machine(
    mailbox: Mailbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Django takes for the name of the machine stands in each Message-ID, and in the greeting of its server."""
    monkeypatch.setattr(socket, "getfqdn", lambda *_name: INSIDE)
    monkeypatch.delattr(DNS_NAME, "_fqdn", raising=False)
    organisation = OrganisationFactory.create()
    user_in_role(Role.AUDITOR, organisation=organisation)
    keeper = UserFactory.create(is_superuser=True)
    why = "A convoy is hit."
    break_glass(role=Role.REGISTRAR, organisation=organisation, region=None, reason=why, by=keeper)
    assert tell_broken_glasses() == 1
    assert mail_anchors() == 2
    for letter in mailbox.wait(3):
        assert INSIDE not in letter.as_string()
        assert letter["Message-ID"].endswith("@musterpoint.example>")
