"""Confirming an address by the link in a mail, and what nobody can do with the link."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from reports.actions.confirmations import send_confirmations
from reports.actions.mail_holds import hold, release
from reports.actions.subscriptions import approve, ask_again, unsubscribe
from reports.delivery.confirming import confirm_address_of
from reports.models import Subscription
from tests.factories.accounts import user_in_role
from tests.factories.reports import ProposedSubscriptionFactory, UnconfirmedSubscriptionFactory
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db


def _path(subscription: Subscription) -> str:
    return confirm_address_of(subscription.pk).removeprefix("http://localhost:8000")


def test_an_approved_address_is_asked_by_real_mail_and_confirms(mailbox: Mailbox) -> None:
    row = approve(subscription=ProposedSubscriptionFactory.create(), by=user_in_role(Role.PUBLISHER))
    assert (send_confirmations(), send_confirmations()) == (1, 0), "once"
    [mail] = mailbox.wait(1)
    assert mail["X-Envelope-To"] == row.address
    text = mail.get_content()
    assert row.name not in text
    found = re.search(r"http://localhost:8000(/confirm/\S+)", text)
    assert found is not None
    client = Client(enforce_csrf_checks=True)
    for method in ("get", "head"):
        assert getattr(client, method)(found[1]).status_code == 200
    row.refresh_from_db()
    assert row.state == "unconfirmed", "looking changes nothing"
    for _again in range(2):
        page = client.post(found[1])
        assert "Your address is confirmed" in page.content.decode()
        assert row.address not in page.content.decode()
        assert not page.cookies
    row.refresh_from_db()
    assert row.state == "active"
    assert AuditEvent.objects.filter(action="confirm").count() == 1


def test_a_link_that_is_too_old_says_what_to_do_and_confirms_nothing(settings: Settings) -> None:
    row = UnconfirmedSubscriptionFactory.create()
    path = _path(row)
    for days, state in ((settings.CONFIRMATION_DAYS + 1, "unconfirmed"), (0, "active")):
        with time_machine.travel(database_now() + timedelta(days=days), tick=False):
            page = Client().post(path)
            assert ("a new link sent to you" in page.content.decode()) == bool(days)
            row.refresh_from_db()
            assert row.state == state


def test_a_link_that_was_not_made_here_confirms_nothing() -> None:
    row, other = UnconfirmedSubscriptionFactory.create_batch(2)
    swapped = _path(row).replace(str(row.pk), str(other.pk))
    for wrong in (_path(row)[:-3] + "x/", swapped, f"/confirm/{row.pk}/"):
        assert Client().post(wrong).status_code == 404, wrong
    assert not Subscription.objects.filter(state="active").exists()


def test_what_nobody_approved_or_somebody_ended_is_not_confirmed() -> None:
    ended = UnconfirmedSubscriptionFactory.create()
    unsubscribe(subscription=ended, by=user_in_role(Role.PUBLISHER))
    for row in (ProposedSubscriptionFactory.create(), ended):
        assert "no longer confirms" in Client().post(_path(row)).content.decode()
        assert Subscription.objects.get(pk=row.pk).confirmed_at is None


def test_an_address_is_asked_so_often_a_day_and_no_more(settings: Settings) -> None:
    settings.CONFIRMATIONS_A_DAY = 2
    row, by = UnconfirmedSubscriptionFactory.create(), user_in_role(Role.PUBLISHER)
    for _time in range(2):
        ask_again(subscription=row, by=by)
    with pytest.raises(ValidationError, match="often enough today"):
        ask_again(subscription=row, by=by)
    row.confirmations.update(asked_at=database_now() - timedelta(days=1))
    ask_again(subscription=row, by=by)


def test_held_mail_asks_nobody() -> None:
    by = user_in_role(Role.PUBLISHER)
    ask_again(subscription=UnconfirmedSubscriptionFactory.create(), by=by)
    held = hold(reason="A wrong number is going out.", by=by)
    assert send_confirmations() == 0
    release(held=held, by=by)
    assert send_confirmations() == 1
