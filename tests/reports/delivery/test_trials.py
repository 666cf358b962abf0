"""Test mails: what arrives, and what nobody gets by them."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import Settings

from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from reports.actions.editions import make_edition, publish, withdraw
from reports.actions.errata import find_errata
from reports.actions.mail_holds import hold, release
from reports.actions.trials import ask_for_trial, send_trials
from reports.delivery.recipients import preview
from reports.models import Delivery, Edition, EditionFile, TrialMail
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import (
    DraftEditionFactory,
    PublishedEditionFactory,
    SubscriptionFactory,
    WithdrawnEditionFactory,
)
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db


def _published() -> Edition:
    operation = RunningOperationFactory.create(is_automatic=True)
    by = user_in_role(Role.PUBLISHER)
    day = operation.starts_on + timedelta(days=6)
    edition = make_edition(operation=operation, region=region("RU-KRS"), local_day=day, by=by)
    return publish(edition=edition, by=by)


def test_of_a_draft_it_is_made_and_only_who_asked_gets_it(mailbox: Mailbox) -> None:
    SubscriptionFactory.create()
    edition = DraftEditionFactory.create()
    by = user_in_role(Role.PUBLISHER)
    ask_for_trial(edition=edition, by=by)
    assert (send_trials(), send_trials()) == (1, 0), "once"
    [mail] = mailbox.wait(1)
    assert mail["X-Envelope-To"] == mail["To"] == by.email
    assert mail["Subject"].startswith("Test: ")
    assert mail["List-Unsubscribe"] is None
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert [str(name).rpartition(".")[2] for name in names if name] == ["pdf", "xlsx"]
    assert not EditionFile.objects.exists(), "nothing of a draft is kept"


def test_of_a_published_one_it_is_the_kept_mail(mailbox: Mailbox) -> None:
    edition = _published()
    row = ask_for_trial(edition=edition, by=user_in_role(Role.PUBLISHER))
    assert send_trials() == 1
    [mail] = mailbox.wait(1)
    kept = message_from_bytes(bytes(edition.files.get(format="mail").content), policy=policy.default)
    assert mail["Subject"] == f"Test: {kept['Subject']}"
    assert str(row.pk) in mail["Message-ID"]
    theirs = [part.get_payload(decode=True) for part in kept.walk()]
    assert [part.get_payload(decode=True) for part in mail.walk()] == theirs


def test_it_is_no_delivery_and_changes_nothing_for_readers() -> None:
    reader = SubscriptionFactory.create()
    edition = DraftEditionFactory.create()
    by = user_in_role(Role.PUBLISHER)
    by.email = reader.address
    by.save()
    ask_for_trial(edition=edition, by=by)
    assert send_trials() == 1
    assert not Delivery.objects.exists()
    assert preview(edition).getting == [reader], "who tested it gets it as a reader nevertheless"
    assert find_errata() == 0


def test_it_is_audited_without_the_address() -> None:
    by = user_in_role(Role.PUBLISHER)
    edition = DraftEditionFactory.create()
    ask_for_trial(edition=edition, by=by)
    event = AuditEvent.objects.get(action="test_mail")
    assert (event.object_id, event.actor_id, event.detail) == (str(edition.pk), by.pk, {})


def test_so_many_an_hour_and_no_more_each(settings: Settings) -> None:
    settings.TEST_MAILS_AN_HOUR = 2
    by, other = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER)
    edition = DraftEditionFactory.create()
    for _time in range(2):
        ask_for_trial(edition=edition, by=by)
    with pytest.raises(ValidationError, match="asked for 2 test mails within the hour"):
        ask_for_trial(edition=edition, by=by)
    ask_for_trial(edition=edition, by=other)
    TrialMail.objects.update(asked_at=database_now() - timedelta(hours=1))
    ask_for_trial(edition=edition, by=by)


def test_held_mail_tests_nothing_and_after_an_hour_it_is_given_up() -> None:
    by = user_in_role(Role.PUBLISHER)
    edition = DraftEditionFactory.create()
    old = ask_for_trial(edition=edition, by=by)
    TrialMail.objects.filter(pk=old.pk).update(asked_at=database_now() - timedelta(hours=1))
    new = ask_for_trial(edition=edition, by=by)
    held = hold(reason="A wrong number is going out.", by=by)
    assert send_trials() == 0
    release(held=held, by=by)
    assert send_trials() == 1
    assert list(TrialMail.objects.exclude(sent_at=None)) == [new]


def test_who_has_no_address_is_told_what_to_do() -> None:
    by = user_in_role(Role.PUBLISHER)
    by.email = ""
    by.save()
    with pytest.raises(ValidationError, match="has no e-mail address"):
        ask_for_trial(edition=DraftEditionFactory.create(), by=by)


def test_nobody_tests_what_they_may_not_see() -> None:
    edition = DraftEditionFactory.create()
    for by in (user_in_role(Role.PUBLISHER, region=region("UA-59")), user_in_role(Role.AUDITOR)):
        with pytest.raises(PermissionDenied, match="may not see this report"):
            ask_for_trial(edition=edition, by=by)
    published = PublishedEditionFactory.create(local_day=edition.local_day + timedelta(days=1))
    assert ask_for_trial(edition=published, by=user_in_role(Role.AUDITOR)), "what they read they may test"
    with pytest.raises(ValidationError, match="withdrawn"):
        ask_for_trial(edition=WithdrawnEditionFactory.create(), by=user_in_role(Role.PUBLISHER))


def test_what_was_taken_away_since_is_not_sent(mailbox: Mailbox) -> None:
    edition = _published()
    by, gone = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER)
    for person in (by, gone):
        ask_for_trial(edition=edition, by=person)
    gone.memberships.all().delete()
    assert send_trials() == 1
    ask_for_trial(edition=edition, by=by)
    withdraw(edition=edition, by=by, reason="A district was missing.")
    assert send_trials() == 0
    assert [mail["To"] for mail in mailbox.wait(1)] == [by.email]


def test_a_server_that_does_not_answer_is_asked_again(settings: Settings, mailbox: Mailbox) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    ask_for_trial(edition=_published(), by=user_in_role(Role.PUBLISHER))
    assert send_trials() == 0
    settings.EMAIL_PORT = port
    assert send_trials() == 1
    assert len(mailbox.wait(1)) == 1
