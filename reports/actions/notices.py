"""Telling the people named for a region's reports that one did not come about: once each, by mail to their own address."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policy import Role
from accounts.telling import tell_all
from core.clock import database_now
from regions.models import Operation, Region
from reports.models import Edition, Notice
from reports.models.edition import Audience
from reports.models.notice import NoticeKind

#: How long after a report was due its absence is told: making and sending takes minutes.
PATIENCE = timedelta(minutes=15)
#: An absence that is older than this is no news: after a long silence nobody gets a week of mails.
NEWS_FOR = timedelta(hours=24)
#: A notice that no mail server takes is given up after this: it would come when all is over.
GIVE_UP_AFTER = timedelta(hours=24)
_READERS: dict[str, str | Promise] = {
    Audience.INTERNAL: gettext_lazy("internal"),
    Audience.PARTNERS: gettext_lazy("partners"),
    Audience.PUBLIC: gettext_lazy("the public"),
}
_LANGUAGES: dict[str, str | Promise] = {
    "en": gettext_lazy("English"),
    "uk": gettext_lazy("Ukrainian"),
    "ru": gettext_lazy("Russian"),
}


def named_for(region: Region) -> list[User]:
    """Who is told about the reports of a region: publishers there or above, who are active and have an address. One query."""
    above = Q(memberships__region=None) | Q(memberships__region__key__in=region.path.split("/")[:-1])
    found = User.objects.filter(above, memberships__role=Role.PUBLISHER, is_active=True).exclude(email="")
    return list(found.distinct().order_by("pk"))


def note_not_made(
    operation: Operation, region: Region, local_day: date, *, audience: str, language: str, error: Exception
) -> None:
    """Write down for each of them that an edition failed, once for its day, audience and language. Two queries."""
    Notice.objects.bulk_create(
        (
            Notice(
                kind=NoticeKind.NOT_MADE,
                operation=operation,
                region=region,
                local_day=local_day,
                audience=audience,
                language=language,
                problem=type(error).__name__,
                user=user,
            )
            for user in named_for(region)
        ),
        ignore_conflicts=True,
    )


def note_suspended(operation: Operation, region: Region) -> None:
    """Write down for each of them that subscriptions of the region were suspended, once a day. Two queries."""
    day = operation.local_day(database_now())
    Notice.objects.bulk_create(
        (
            Notice(kind=NoticeKind.SUSPENDED, operation=operation, region=region, local_day=day, user=user)
            for user in named_for(region)
        ),
        ignore_conflicts=True,
    )


def note_overdue(now: datetime | None = None) -> int:
    """Write down for each of them which reports were due within a day and are not published; answers how many are new.

    Once per region and day. A report that was published and taken back again was published. Two queries, and two for each
    report that is missing.
    """
    now = now or database_now()
    running = Operation.objects.filter(Q(ends_on=None) | Q(ends_on__gte=now.date() - timedelta(days=3)))
    new = 0
    for operation in running.prefetch_related("regions").order_by("key"):
        for day in _days_missed(operation, now):
            published = Edition.objects.filter(operation=operation, local_day=day, published_at__isnull=False)
            done = set(published.values_list("region_id", flat=True))
            new += _note(operation, (r for r in operation.regions.all() if r.pk not in done), day)
    return new


def tell_notices() -> int:
    """Mail every notice that waits (`accounts.telling`), and answer how many the mail server took."""
    waiting = Notice.objects.filter(sent_at=None, found_at__gt=database_now() - GIVE_UP_AFTER)
    return tell_all(waiting.select_related("region", "operation", "user").order_by("found_at"), _letter)


def _days_missed(operation: Operation, now: datetime) -> Iterable[date]:
    today = operation.local_day(now)
    for day in (today - timedelta(days=2), today - timedelta(days=1)):
        is_ours = operation.starts_on <= day and (operation.ends_on is None or day <= operation.ends_on)
        if is_ours and PATIENCE <= now - operation.due_at(day) < NEWS_FOR:
            yield day


def _note(operation: Operation, regions: Iterable[Region], day: date) -> int:
    new = 0
    for region in regions:
        for user in named_for(region):
            _notice, is_new = Notice.objects.get_or_create(
                kind=NoticeKind.NOT_PUBLISHED,
                operation=operation,
                region=region,
                local_day=day,
                audience="",
                language="",
                user=user,
            )
            new += is_new
    return new


def _letter(notice: Notice) -> tuple[str, str]:
    """Subject and text, in the active language. Names of regions and operations, days and kinds of errors only."""
    values = {
        "region": notice.region.name,
        "day": notice.local_day.isoformat(),
        "operation": notice.operation.name,
        "url": f"{settings.SITE_URL}/reports/edition/?region={notice.region.key}",
        "subscriptions": f"{settings.SITE_URL}/reports/subscription/?state=suspended",
        "audience": _READERS.get(notice.audience, notice.audience),
        "language": _LANGUAGES.get(notice.language, notice.language),
        "problem": notice.problem,
    }
    if notice.kind == NoticeKind.SUSPENDED:
        subject = _("Subscriptions of %(region)s are suspended: their mails come back")
        body = _(
            "Addresses that take the reports of %(region)s (%(operation)s) refused their last mails for good, so that nothing "
            "more is sent to them. Open the list, find out the right address, and propose it; or send a new link to confirm, "
            "if the mailbox works again.\n\n%(subscriptions)s\n"
        )
    elif notice.kind == NoticeKind.NOT_PUBLISHED:
        subject = _("No report of %(region)s for %(day)s was published")
        body = _(
            "The report of %(region)s (%(operation)s) for %(day)s was due and is not published. If it waits in review, "
            "read it and approve it; if there is none, make it by hand or ask whoever runs the service.\n\n%(url)s\n"
        )
    else:
        subject = _("The report of %(region)s for %(day)s could not be made (%(audience)s, %(language)s)")
        body = _(
            "The edition of %(region)s (%(operation)s) for %(day)s (readers: %(audience)s; language: %(language)s) "
            "could not be made (%(problem)s). Other editions of the day are not touched. It is tried again every minute; if it "
            "stays missing, ask whoever runs the service for the log.\n\n%(url)s\n"
        )
    return subject % values, body % values
