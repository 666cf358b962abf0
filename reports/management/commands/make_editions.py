"""`manage.py make_editions`: the editions of past days, further back than the clock looks."""

import argparse
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.service import service_user
from regions.models import Operation, Region
from reports.actions.days import make_day
from reports.actions.editions import mail, publish
from reports.actions.subscriptions import enrol_for_demonstration
from reports.models import Edition, Subscription
from reports.models.edition import Audience

#: Invented people at an address that cannot exist (RFC 2606), for a demonstration.
DEMO_SUBSCRIBERS = (
    ("Nina Vetrova", "nina.vetrova@coordination.example"),
    ("Tomas Lindgren", "tomas.lindgren@coordination.example"),
    ("Aigul Sarsenova", "aigul.sarsenova@coordination.example"),
)


class Command(BaseCommand):
    """Makes and publishes in the order of the days, so that each compares with the one before."""

    help = "Make and publish the editions of an operation's past days; mail none of them, or only the last."

    def add_arguments(self, parser: CommandParser) -> None:
        """The operation and the days are needed."""
        parser.add_argument("--operation", required=True, help="key of the operation, such as kursk-2024")
        parser.add_argument("--from", required=True, type=_day, dest="first", help="first local day")
        parser.add_argument("--to", required=True, type=_day, dest="last", help="last local day")
        parser.add_argument(
            "--send-last", action="store_true", help="mail the last day's edition to its subscribers"
        )
        parser.add_argument(
            "--demo-subscribers", action="store_true", help="subscribe three invented coordinators first"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line for each edition. Run again, it makes what is missing and mails what was not mailed."""
        first, last = options["first"], options["last"]
        if last < first:
            raise CommandError(_("The last day lies before the first one. Swap --from and --to."))
        by = service_user()
        try:
            operation = _operation(options["operation"])
            if options["demo_subscribers"]:
                _subscribe_demo(operation)
            for day in _days(first, last):
                for region in operation.regions.order_by("path"):
                    self._make(operation, region, day, by, options["send_last"] and day == last)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _make(self, operation: Operation, region: Region, day: date, by: User, is_mailed: bool) -> None:
        start = time.monotonic()
        for edition in make_day(operation=operation, region=region, local_day=day, by=by):
            if operation.is_automatic_in(region):
                published = publish(edition=edition, by=by, is_mailed=False)
                mails = mail(edition=published, by=by) if is_mailed else 0
                self.stdout.write(_line(published, mails, time.monotonic() - start))
            else:
                words = _("%(edition)s: a draft, which a publisher must look at and publish at the desk.")
                self.stdout.write(words % {"edition": edition})
            self.stdout.flush()
            start = time.monotonic()


def _line(edition: Edition, mails: int, seconds: float) -> str:
    """What was done for one edition, in words."""
    words = _("%(edition)s: edition %(number)s published (%(seconds).1f s)") % {
        "edition": edition if edition.audience == Audience.INTERNAL else f"{edition}, {edition.audience}",
        "number": edition.number,
        "seconds": seconds,
    }
    if mails:
        words += ", " + ngettext("%(n)s mail queued", "%(n)s mails queued", mails) % {"n": mails}
    return words


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _operation(key: str) -> Operation:
    operations: QuerySet[Operation] = Operation.objects.all()
    try:
        return operations.get(key=key)
    except Operation.DoesNotExist as error:
        keys = ", ".join(operations.order_by("key").values_list("key", flat=True)[:10]) or _("none yet")
        raise CommandError(
            _("There is no operation of this key. There are: %(keys)s.") % {"keys": keys}
        ) from error


def _subscribe_demo(operation: Operation) -> None:
    """Once: those who are subscribed already stay as they are, also where they were unsubscribed."""
    regions = list(operation.regions.all())
    taken = set(Subscription.objects.filter(lines__region__in=regions).values_list("address", flat=True))
    for name, address in DEMO_SUBSCRIBERS:
        if address not in taken:
            enrol_for_demonstration(name=name, address=address, regions=regions)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("write the day like 2024-08-12")) from error
