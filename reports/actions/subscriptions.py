"""Who gets the report from now on, and who no longer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.service import service_user
from accounts.visibility import may
from audit.actions.record import record
from regions.models import Region
from reports.models import Subscription
from reports.models.edition import Audience

RESOURCE = "reports.subscription"


def subscribe(
    *,
    name: str,
    address: str,
    region: Region,
    by: User,
    language: str = "en",
    audience: str = Audience.INTERNAL,
) -> Subscription:
    """Let an address take the editions of a region for an audience from the next one on, in its language where there is one.

    Raises ValidationError for an address that is none or takes them already, PermissionDenied for who may not.
    """
    _check_may(by, "add")
    row = Subscription(name=name, address=address, region=region, recorded_by=by.pk)
    row.language, row.audience = language, audience
    with transaction.atomic():
        row.full_clean()
        row.save()
        record("subscribe", row, by=by, detail={"region": region.key, "audience": audience})
    return row


def unsubscribe(*, subscription: Subscription, by: User) -> Subscription:
    """Send nothing more to this subscription, not even what waits in the outbox. Doing it twice changes nothing."""
    _check_may(by, "change")
    return _end(subscription, by=by, way="desk")


def end_by_link(*, subscription: Subscription) -> None:
    """The same for whoever holds a mail of it and followed the link in there: all subscriptions of the address end.

    One mail may come of several, to an oblast and to its district; who wants out wants no more mail. Doing it twice changes
    nothing.
    """
    with transaction.atomic():
        for row in Subscription.objects.filter(address__iexact=subscription.address, is_active=True):
            _end(row, by=service_user(), way="link")


def _end(subscription: Subscription, *, by: User, way: str) -> Subscription:
    with transaction.atomic():
        row = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        if row.is_active:
            row.is_active = False
            row.save(update_fields=["is_active"])
            record("unsubscribe", row, by=by, detail={"way": way})
    return row


def _check_may(by: User, action: str) -> None:
    if by.pk != service_user().pk and not may(by, RESOURCE, action):
        raise PermissionDenied(_("Only a publisher decides who gets the reports."))
