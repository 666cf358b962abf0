"""Who gets the report from now on, and who no longer: two people to begin or to widen, one to end."""

from collections.abc import Iterable
from datetime import time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from regions.models import Region
from reports.actions.checks import check_seen
from reports.actions.confirmations import ask_to_confirm
from reports.models import Subscription, SubscriptionRegion
from reports.models.edition import Audience
from reports.models.subscription import BREADTH, TRANSITIONS, MailFormats, RegionChange, SubscriptionState

RESOURCE = "reports.subscription"


def propose(
    *,
    name: str,
    address: str,
    regions: Iterable[Region],
    by: User,
    language: str = "en",
    audience: str = Audience.INTERNAL,
    formats: str = MailFormats.BOTH,
) -> Subscription:
    """Put an address forward for the editions of some regions. It gets nothing until another person approves and it confirms.

    Raises ValidationError for an address that is none or takes those of a region already, PermissionDenied for who may not do
    this in all of the regions.
    """
    chosen = _chosen(regions)
    _check_may(by, "add", chosen)
    row = Subscription(name=name, address=address, recorded_by=by.pk)
    row.language, row.audience, row.formats = language, audience, formats
    with transaction.atomic():
        _save_new(row, chosen)
        record("propose", row, by=by, detail={"regions": _keys(chosen), "audience": audience})
    return row


def enrol_for_demonstration(*, name: str, address: str, regions: Iterable[Region]) -> Subscription:
    """Let an invented address take the internal editions at once, in the name of the service: nobody is there to confirm."""
    by, now, chosen = service_user(), database_now(), _chosen(regions)
    row = Subscription(name=name, address=address, recorded_by=by.pk)
    row.approved_at = row.confirmed_at = now
    row.approved_by = row.confirmed_by = by.pk
    with transaction.atomic():
        _save_new(row, chosen)
        record("enrol", row, by=by, detail={"regions": _keys(chosen), "audience": row.audience})
    return row


def approve(*, subscription: Subscription, by: User, seen: str | None = None) -> Subscription:
    """Let what another person proposed take effect: the subscription, whose address is then asked, its wider readers, or its
    other regions. `seen` is what the page said of when the change was proposed (checks.check_seen).

    Raises ValidationError where nothing waits, PermissionDenied for who may not, or who proposed it.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "approve", {*row.regions, *row.wanted_regions})
        check_seen(seen, row.wanted_at)
        if row.state == SubscriptionState.PROPOSED:
            check_follows(row, SubscriptionState.UNCONFIRMED)
            _check_another(by, row.recorded_by)
            row.approved_at, row.approved_by = database_now(), by.pk
            row.save(update_fields=["approved_at", "approved_by"])
            record("approve", row, by=by, detail={"audience": row.audience})
            ask_to_confirm(row, by=by)
        elif row.wanted_at and row.is_active:
            _check_another(by, row.wanted_by)
            if row.wanted_audience:
                _read_as(row, row.wanted_audience)
                record("approve", row, by=by, detail={"audience": row.audience})
            else:
                record("approve", row, by=by, detail={"regions": _keys(row.wanted_regions)})
                _take_wanted_regions(row)
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
        _check_may(by, "change", row.regions)
        _check_active(row)
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
            if row.wanted_regions:
                raise _another_waits()
            row.wanted_audience, row.wanted_at, row.wanted_by = audience, database_now(), by.pk
            row.save(update_fields=["wanted_audience", "wanted_at", "wanted_by"])
            record("propose", row, by=by, detail={"audience": audience})
    return row


def change_regions(*, subscription: Subscription, regions: Iterable[Region], by: User) -> Subscription:
    """Propose that it be of these regions and no others; until another person approves, those it has stand.

    Proposed anew, the later set takes the place of the one that waits; the regions that it has take the proposal back. Raises
    ValidationError at `regions` for none, for those it has, and for one that the address takes by another subscription;
    PermissionDenied for who may not do this in all regions that it has or is to have.
    """
    chosen = _chosen(regions)
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", {*row.regions, *row.wanted_regions, *chosen})
        _check_active(row)
        if row.state == SubscriptionState.PROPOSED:
            message = _("It is not approved yet. End it and propose it anew for these regions.")
            raise _at_regions(message, "proposed")
        if row.wanted_audience:
            raise _another_waits()
        is_as_now = set(chosen) == set(row.regions)
        if is_as_now and not row.wanted_regions:
            raise _at_regions(_("It is of these regions already."), "same")
        _check_not_taken(row, [each for each in chosen if each not in row.regions])
        _propose_lines(row, chosen)
        row.wanted_at, row.wanted_by = (None, None) if is_as_now else (database_now(), by.pk)
        row.save(update_fields=["wanted_at", "wanted_by"])
        record("keep" if is_as_now else "propose", row, by=by, detail={"regions": _keys(chosen)})
        row = locked(subscription)
    return row


def set_quiet_hours(
    *,
    subscription: Subscription,
    quiet_from: time | None,
    quiet_until: time | None,
    by: User,
    zone: str = "",
) -> Subscription:
    """Let mails of editions that are queued within these hours wait for their end; both None: none.

    The hours are of the clock of `zone`, an IANA name; of the operation's, where it is empty. Mails that wait already keep
    their time, and errata do not wait. Raises ValidationError for one time without the other or twice the same and for a zone
    that is none, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.regions)
        row.quiet_from, row.quiet_until, row.zone = quiet_from, quiet_until, zone
        row.full_clean(exclude=["address", "name"])
        row.save(update_fields=["quiet_from", "quiet_until", "zone"])
        record("quiet", row, by=by)
    return row


def set_formats(*, subscription: Subscription, formats: str, by: User) -> Subscription:
    """Choose which files come with the mails that are queued from now on; what waits or is sent again stays as it was.

    One person is enough: no file says more than the mail's text may. Raises ValidationError for what is no choice or an ended
    subscription, PermissionDenied for who may not.
    """
    with transaction.atomic():
        row = locked(subscription)
        _check_may(by, "change", row.regions)
        _check_active(row)
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
        _check_may(by, "change", row.regions)
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
    """Send nothing more to this subscription, not even what waits in the outbox. Doing it twice changes nothing.

    Whoever may do this in one of its regions may do it: nobody has to look for somebody else to stop a mail that goes wrong.
    """
    _check_may(by, "end", subscription.regions, is_one_enough=True)
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
    return Subscription.objects.select_for_update(of=("self",)).with_regions().get(pk=subscription.pk)


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
    """Other regions that wait for approval go on waiting."""
    row.audience = audience
    if row.wanted_audience:
        row.wanted_audience, row.wanted_at, row.wanted_by = "", None, None
    row.save(update_fields=["audience", "wanted_audience", "wanted_at", "wanted_by"])


def _chosen(regions: Iterable[Region]) -> list[Region]:
    chosen = sorted(set(regions), key=lambda region: region.path)
    if not chosen:
        message = _("Choose at least one region. To send nothing more, end the subscription.")
        raise _at_regions(message, "required")
    return chosen


def _save_new(row: Subscription, regions: list[Region]) -> None:
    row.full_clean()
    _check_not_taken(row, regions)
    row.save()
    SubscriptionRegion.objects.bulk_create(
        SubscriptionRegion(subscription=row, region=each) for each in regions
    )
    row.refresh_from_db()


def _check_not_taken(row: Subscription, regions: list[Region]) -> None:
    """One query. Two at once may both pass; then too an edition goes to an address once, which the outbox sees to."""
    others = SubscriptionRegion.objects.filter(
        subscription__address__iexact=row.address, subscription__is_active=True, region__in=regions
    ).exclude(subscription=row.pk)
    taken = others.select_related("region").first()
    if taken is not None:
        message = _("This address gets the reports of this region already: %(region)s.")
        raise _at_regions(message % {"region": taken.region.name}, "taken")


def _propose_lines(row: Subscription, regions: list[Region]) -> None:
    """Say of each line what is to become of it. What was proposed before and is no longer meant goes."""
    row.lines.filter(change=RegionChange.ADD).exclude(region__in=regions).delete()
    row.lines.filter(change=RegionChange.DROP, region__in=regions).update(change=RegionChange.NONE)
    row.lines.exclude(region__in=regions).update(change=RegionChange.DROP)
    has = set(row.lines.values_list("region_id", flat=True))
    SubscriptionRegion.objects.bulk_create(
        SubscriptionRegion(subscription=row, region=each, change=RegionChange.ADD)
        for each in regions
        if each.pk not in has
    )


def _take_wanted_regions(row: Subscription) -> None:
    row.lines.filter(change=RegionChange.DROP).delete()
    row.lines.filter(change=RegionChange.ADD).update(change=RegionChange.NONE)
    row.wanted_at = row.wanted_by = None
    row.save(update_fields=["wanted_at", "wanted_by"])


def _at_regions(message: str, code: str) -> ValidationError:
    return ValidationError({"regions": ValidationError(message, code=code)})


def _another_waits() -> ValidationError:
    message = _(
        "Another change of this subscription waits for approval. Let somebody approve it first, or take it back by proposing "
        "what it has now."
    )
    return ValidationError(message, code="another_waits")


def _check_active(row: Subscription) -> None:
    if not row.is_active:
        raise ValidationError(_("This subscription has ended. Propose a new one."), code="ended")


def _check_another(by: User, proposer: object) -> None:
    if by.pk == proposer:
        raise PermissionDenied(
            _("Whoever proposes who gets the reports does not approve it. Ask another person to look at it.")
        )


def _keys(regions: Iterable[Region]) -> list[str]:
    return [region.key for region in regions]


def _check_may(by: User, action: str, regions: Iterable[Region], *, is_one_enough: bool = False) -> None:
    """Whether the person's roles cover all of the regions, or one of them."""
    paths = [
        scope.region_path for scope in (by.scopes() if by.is_active else ()) if scope.reach(RESOURCE, action)
    ]
    covered = (any(region.path.startswith(path) for path in paths) for region in regions)
    if not (any(covered) if is_one_enough else all(covered) and bool(paths)):
        raise PermissionDenied(
            _(
                "Only publishers and coordinators of all regions of a subscription decide about it. Ask one of them, or who "
                "answers for them all."
            )
        )
