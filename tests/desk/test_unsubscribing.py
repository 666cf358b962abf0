"""Leaving by one click (RFC 8058), and what nobody can do with the address."""

import re
from email import message_from_bytes

import pytest
from django.test import Client

from audit.models import AuditEvent
from reports.delivery.message import addressed
from reports.delivery.unsubscribing import address_of
from reports.models import Subscription
from tests.factories.regions import region
from tests.factories.reports import QueuedDeliveryFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def _path(subscription: Subscription) -> str:
    return address_of(subscription.pk).removeprefix("http://localhost:8000")


def test_every_mail_says_how_to_leave_in_lines_that_are_not_folded() -> None:
    delivery = QueuedDeliveryFactory.create()
    sent = addressed(b"From: report@musterpoint.example\r\n\r\n", delivery)
    mail = message_from_bytes(sent)
    assert mail["List-Unsubscribe"] == f"<{address_of(delivery.subscription_id)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(re.findall(rb"^List-Unsubscribe: <[!-~]+>\r$", sent, re.MULTILINE)) == 1
    assert delivery.address not in address_of(delivery.subscription_id)


def test_a_mail_program_ends_it_without_cookies_and_twice_leaves_one_trace() -> None:
    subscription, other = SubscriptionFactory.create(), SubscriptionFactory.create()
    above = SubscriptionFactory.create(regions=[region("RU")], address=subscription.address.upper())
    client = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = client.post(_path(subscription), ONE_CLICK)
        assert answer.status_code == 200
        assert not answer.cookies
    assert list(Subscription.objects.filter(is_active=True)) == [other]
    ended = {str(subscription.pk), str(above.pk)}
    assert {(event.object_id, event.detail["way"]) for event in AuditEvent.objects.all()} == {
        (pk, "link") for pk in ended
    }


def test_looking_changes_nothing() -> None:
    subscription = SubscriptionFactory.create()
    for method in ("get", "head"):
        answer = getattr(Client(), method)(_path(subscription))
        assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "max-age=0")
    page = Client().get(_path(subscription)).content.decode()
    assert "Send me no more of them" in page
    assert subscription.address not in page
    assert Subscription.objects.get().is_active


def test_an_address_that_was_not_made_here_ends_nothing() -> None:
    subscription, other = SubscriptionFactory.create_batch(2)
    path = _path(subscription)
    swapped = path.replace(str(subscription.pk), str(other.pk))
    for wrong in (path[:-3] + "x/", swapped, "/unsubscribe/x/", f"/unsubscribe/{subscription.pk}/"):
        assert Client().post(wrong, ONE_CLICK).status_code == 404, wrong
    assert Subscription.objects.filter(is_active=True).count() == 2


def test_other_methods_are_not_taken() -> None:
    assert Client().put(_path(SubscriptionFactory.create())).status_code == 405
