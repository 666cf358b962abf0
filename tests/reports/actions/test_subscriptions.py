"""Who gets the reports."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.policy import Role
from audit.models import AuditEvent
from reports.actions.subscriptions import subscribe, unsubscribe
from reports.models import Subscription
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.reports import SubscriptionFactory

pytestmark = pytest.mark.django_db

ADDRESS = "nina@coordination.example"


def test_subscribing_leaves_a_trace_without_the_address() -> None:
    by = user_in_role(Role.PUBLISHER)
    row = subscribe(name="Nina", address=ADDRESS, region=region("RU-KRS"), by=by)
    assert list(Subscription.objects.for_region(region("RU-KRS"))) == [row]
    assert AuditEvent.objects.get(action="subscribe").detail == {"region": "RU-KRS", "audience": "internal"}


@pytest.mark.parametrize("address", ["", "nina", "nina@", "nina@example.org\nBcc: x@example.org"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        subscribe(name="Nina", address=address, region=region("RU-KRS"), by=user_in_role(Role.PUBLISHER))
    assert "address" in refused.value.message_dict
    assert not Subscription.objects.exists()


def test_twice_is_refused() -> None:
    SubscriptionFactory.create(address=ADDRESS)
    with pytest.raises(ValidationError, match="already"):
        subscribe(name="Nina", address=ADDRESS, region=region("RU-KRS"), by=user_in_role(Role.PUBLISHER))


def test_unsubscribing_twice_leaves_one_trace() -> None:
    by, row = user_in_role(Role.PUBLISHER), SubscriptionFactory.create()
    unsubscribe(subscription=row, by=by)
    assert not unsubscribe(subscription=row, by=by).is_active
    assert AuditEvent.objects.filter(action="unsubscribe").count() == 1


def test_only_a_publisher_decides() -> None:
    other = user_in_role(Role.REGIONAL_COORDINATOR)
    with pytest.raises(PermissionDenied):
        subscribe(name="Nina", address=ADDRESS, region=region("RU-KRS"), by=other)
    with pytest.raises(PermissionDenied):
        unsubscribe(subscription=SubscriptionFactory.create(), by=other)
