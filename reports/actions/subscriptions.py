"""Who gets the report from now on, and who no longer: two people to begin or to widen, one to end."""

from datetime import time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import reach_of
from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from regions.models import Region
from reports.actions.confirmations import ask_to_confirm
from reports.models import Subscription
from reports.models.edition import Audience
from reports.models.subscription import BREADTH, TRANSITIONS, MailFormats, SubscriptionState

RESOURCE = "reports.subscription"


def propose(
    *,
    name: str,
    address: str,
    region: Region,
    by: User,
    language: str = "en",
    audience: str = Audience.INTERNAL,
    formats: str = MailFormats.BOTH,
) -> Subscription:
    """Put an address forward for the editions of a region. It gets nothing until another person approves and it confirms.

    Raises ValidationError for an address that is none or takes them already, PermissionDenied for who may not.
    """
    _check_may(by, "add", region)
    row = Subscription(name=name, address=address, region=region, recorded_by=by.pk)
    row.language, row.audience, row.formats = language, audience, formats
    with transaction.atomic():
        row.full_clean()
        row.save()
        record("propose", row, by=by, detail={"region": region.key, "audience": audience})
    return row


def enrol_for_demonstration(*, name: str, address: str, region: Region) -> Subscription:
    """Let an invented address take the internal editions at once, in the name of the service: nobody is there to confirm."""
    by, now = service_user(), database_now()
    row = Subscription(name=name, address=address, region=region, recorded_by=by.pk)
    row.approved_at = row.confirmed_at = now
    row.approved_by = row.confirmed_by = by.pk
    with transaction.atomic():
        row.full_clean()
        row.save()
        record("enrol", row, by=by, detail={"region": region.key, "audience": row.audience})
    return row


def approve(*, subscription: Subscription, by: User) -> Subscription:
    """Let what another person proposed take effect: the subscription, whose address is then asked, or its wider readers.

    Raises ValidationError where nothing waits, PermissionDenied for who may not or who proposed it.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "approve", row.region)
        if row.state == SubscriptionState.PROPOSED:
            check_follows(row, SubscriptionState.UNCONFIRMED)
            _check_another(by, row.recorded_by)
            row.approved_at, row.approved_by = database_now(), by.pk
            row.save(update_fields=["approved_at", "approved_by"])
            record("approve", row, by=by, detail={"audience": row.audience})
            ask_to_confirm(row, by=by)
        elif row.wanted_audience and row.wanted_by and row.is_active:
            _check_another(by, row.wanted_by)
            _read_as(row, row.wanted_audience)
            record("approve", row, by=by, detail={"audience": row.audience})
        else:
            message = _("Nothing waits for approval here. Open the list of subscriptions anew.")
            raise ValidationError(message, code="nothing_proposed")
        row.refresh_from_db()
    return row


def change_readers(*, subscription: Subscription, audience: str, by: User) -> Subscription:
    """Let it be for other readers: at once where these see less, else when another person has approved it.

    What is not approved yet counts as given: whoever put it forward may narrow it alone. Raises ValidationError for an ended
    one or the readers it has, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.region)
        if not row.is_active:
            raise ValidationError(_("This subscription has ended. Propose a new one."), code="ended")
        if audience == row.audience and not row.wanted_audience:
            raise ValidationError(
                {"audience": ValidationError(_("It is for these readers already."), code="same")}
            )
        if BREADTH.index(Audience(audience)) <= BREADTH.index(Audience(row.audience)):
            _read_as(row, audience)
            record("narrow", row, by=by, detail={"audience": audience})
        elif row.state == SubscriptionState.PROPOSED:
            message = _("It is not approved yet. End it and propose it anew for these readers.")
            raise ValidationError({"audience": ValidationError(message, code="proposed")})
        else:
            row.wanted_audience, row.wanted_at, row.wanted_by = audience, database_now(), by.pk
            row.save(update_fields=["wanted_audience", "wanted_at", "wanted_by"])
            record("propose", row, by=by, detail={"audience": audience})
    return row


def set_quiet_hours(
    *, subscription: Subscription, quiet_from: time | None, quiet_until: time | None, by: User
) -> Subscription:
    """Let mails of editions that are queued within these hours of the operation's clock wait for their end; both None: none.

    Mails that wait already keep their time, and errata do not wait. Raises ValidationError for one time without the other or
    twice the same, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.region)
        row.quiet_from, row.quiet_until = quiet_from, quiet_until
        row.full_clean(exclude=["address", "name"])
        row.save(update_fields=["quiet_from", "quiet_until"])
        record("quiet", row, by=by)
    return row


def set_formats(*, subscription: Subscription, formats: str, by: User) -> Subscription:
    """Choose which files come with the mails that are queued from now on; what waits or is sent again stays as it was.

    One person is enough: no file says more than the mail's text may. Raises ValidationError for what is no choice or an ended
    subscription, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.region)
        if not row.is_active:
            raise ValidationError(_("This subscription has ended. Propose a new one."), code="ended")
        row.formats = formats
        row.full_clean(exclude=["address", "name"])
        row.save(update_fields=["formats"])
        record("formats", row, by=by, detail={"formats": formats})
    return row


def ask_again(*, subscription: Subscription, by: User) -> Subscription:
    """Send a new link to an address that has not confirmed, or that is to confirm anew because its mails came back.

    Raises ValidationError in any other state or where it was asked often enough, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.region)
        if row.state != SubscriptionState.UNCONFIRMED:
            check_follows(row, SubscriptionState.UNCONFIRMED)
        if row.state == SubscriptionState.PROPOSED:
            message = _("It is not approved yet. The address is asked when another person approves it.")
            raise ValidationError(message, code="wrong_state")
        row.confirmed_at = row.confirmed_by = row.suspended_at = row.suspended_by = None
        row.save(update_fields=["confirmed_at", "confirmed_by", "suspended_at", "suspended_by"])
        row.refresh_from_db()
        ask_to_confirm(row, by=by)
    return row


def unsubscribe(*, subscription: Subscription, by: User) -> Subscription:
    """Send nothing more to this subscription, not even what waits in the outbox. Doing it twice changes nothing."""
    _check_may(by, "change", subscription.region)
    return _end(subscription, by=by, way="desk")


def end_by_link(*, subscription: Subscription) -> None:
    """The same for whoever holds a mail of it and followed the link in there: all subscriptions of the address end.

    One mail may come of several, to an oblast and to its district; who wants out wants no more mail. Doing it twice changes
    nothing.
    """
    with transaction.atomic():
        for row in Subscription.objects.filter(address__iexact=subscription.address, is_active=True):
            _end(row, by=service_user(), way="link")


def locked(subscription: Subscription) -> Subscription:
    """The row as it stands now, kept from others until the transaction ends."""
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("region")
    return rows.get(pk=subscription.pk)


def check_follows(subscription: Subscription, then: SubscriptionState) -> None:
    """Raises ValidationError where the table of transitions has no way from its state to the other."""
    if then not in TRANSITIONS[SubscriptionState(subscription.state)]:
        message = _("This subscription is %(state)s, so this cannot be done. Open it anew to see what can.")
        raise ValidationError(message % {"state": subscription.get_state_display()}, code="wrong_state")


def _end(subscription: Subscription, *, by: User, way: str) -> Subscription:
    with transaction.atomic():
        row = locked(subscription)
        if row.is_active:
            check_follows(row, SubscriptionState.ENDED)
            row.is_active = False
            row.save(update_fields=["is_active"])
            record("unsubscribe", row, by=by, detail={"way": way})
            row.refresh_from_db()
    return row


def _read_as(row: Subscription, audience: str) -> None:
    row.audience = audience
    row.wanted_audience, row.wanted_at, row.wanted_by = "", None, None
    row.save(update_fields=["audience", "wanted_audience", "wanted_at", "wanted_by"])


def _check_another(by: User, proposer: object) -> None:
    if by.pk == proposer:
        raise PermissionDenied(
            _("Whoever proposes who gets the reports does not approve it. Ask another person to look at it.")
        )


def _check_may(by: User, action: str, region: Region) -> None:
    reaches = (
        reach_of(scope.role, RESOURCE, action) and region.path.startswith(scope.region_path)
        for scope in by.scopes()
    )
    if not (by.is_active and any(reaches)):
        raise PermissionDenied(
            _("Only publishers and coordinators of the region decide who gets its reports. Ask one of them.")
        )
