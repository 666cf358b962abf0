"""Who gets the mail of an edition, and who would but does not: the one rule that the outbox and the preview ask."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.models import Operation
from reports.models import Edition, Subscription
from reports.models.subscription import MailFormats, SubscriptionQuerySet, SubscriptionState

WHY_NOT: dict[str, Promise] = {
    SubscriptionState.PROPOSED: _("waits for the approval of another person"),
    SubscriptionState.UNCONFIRMED: _("the address is not confirmed"),
    SubscriptionState.SUSPENDED: _("suspended: mails came back"),
    SubscriptionState.ACTIVE: _("gets it already, or by another subscription of this address"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """Who gets one mail each if it is published now, and who does not, with why not."""

    getting: list[Subscription]
    missing: list[tuple[Subscription, str | Promise]]

    @property
    def formats(self) -> list[tuple[MailFormats, int]]:
        """Which files come with the mails, and with how many: those that somebody takes. No query."""
        found = Counter(row.formats for row in self.getting)
        return [(each, found[each]) for each in MailFormats if found[each]]


def recipients(edition: Edition) -> SubscriptionQuerySet:
    """Each address that takes these reports and has none of this edition yet, once.

    They take the reports of the region for this audience in this language; who reads a language in which there are none gets
    the operation's first. Whoever has several subscriptions, of the oblast and of its district, is there once, as first written
    down, and so is whoever has both in one.
    `folded`, the address in lower case, makes them one: a query for some of the columns must have it among them.
    """
    have_one = edition.deliveries.of_report().values(folded=Lower("address"))
    takers = Subscription.objects.for_region(edition.region).taking(
        edition.audience, edition.language, made_in=edition.operation.report_languages
    )
    return (
        takers.annotate(folded=Lower("address"))
        .exclude(folded__in=have_one)
        .order_by("folded", "recorded_at", "pk")
        .distinct("folded")
    )


def quiet_end(begins: time | None, ends: time | None, now: datetime, clock: tzinfo) -> datetime | None:
    """When the quiet hours end in which `now` lies, None outside of them. They may span midnight.

    `clock` is the reader's, see `clock_of`. Of an hour that comes twice the same one is meant in which `now` is; hours that end
    in one that the clock leaves out last as long as on any other night.
    """
    if begins is None or ends is None:
        return None
    local = now.astimezone(clock)
    spans_midnight = begins > ends
    is_evening = spans_midnight and local.time() >= begins
    is_quiet = is_evening or (local.time() < ends if spans_midnight else begins <= local.time() < ends)
    day = local.date() + timedelta(days=is_evening)
    end = datetime.combine(day, ends, tzinfo=clock).replace(fold=local.fold)
    return end.astimezone(UTC) if is_quiet else None


def clock_of(zone: str, operation: Operation) -> tzinfo:
    """The clock on which a subscription's quiet hours are read: its own, or the operation's where it has none."""
    return ZoneInfo(zone) if zone else operation.tz


def preview(edition: Edition) -> Preview:
    """What publishing would do now. Three queries, beside the operation's. Ended subscriptions are in neither list."""
    getting = sorted(recipients(edition), key=lambda row: (row.recorded_at, row.pk))
    chosen = {row.pk for row in getting}
    wanting = Subscription.objects.of_region(edition.region).taking(
        edition.audience, edition.language, made_in=edition.operation.report_languages
    )
    others = [row for row in wanting.order_by("recorded_at", "pk") if row.pk not in chosen]
    return Preview(getting, [(row, WHY_NOT[row.state]) for row in others])
