"""`manage.py remove_old_lists`: remove the files and rows of lists that ended long ago, or say which those are."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.service import service_user
from intake.actions import retention
from intake.words import number


class Command(BaseCommand):
    """What the service does each night, at once."""

    help = (
        "Remove the file and the rows of every list that was accepted, taken back or discarded longer ago than "
        "LISTS_KEPT_DAYS says. Counts, findings and the trail stay. Lists that wait for somebody are never touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each list, and what it came to; no name of a file or a person."""
        is_dry, lists, rows = options["dry_run"], 0, 0
        for kept in retention.due():
            if not is_dry and not retention.remove(batch_id=kept.batch_id, by=service_user()):
                continue
            lists, rows = lists + 1, rows + kept.rows
            self.stdout.write(
                _("List %(id)s (%(kind)s, %(state)s since %(day)s): %(rows)s rows.")
                % {
                    "id": kept.batch_id,
                    "kind": kept.kind,
                    "state": kept.state.label,
                    "day": f"{kept.since:%Y-%m-%d}",
                    "rows": number(kept.rows),
                }
            )
        words = (
            _("%(lists)s lists with %(rows)s rows would be removed; they ended more than %(days)s days ago.")
            if is_dry
            else _("%(lists)s lists with %(rows)s rows removed; they ended more than %(days)s days ago.")
        )
        told = {"lists": number(lists), "rows": number(rows), "days": settings.LISTS_KEPT_DAYS}
        self.stdout.write(words % told)
        if waiting := retention.unended().count():
            self.stdout.write(
                _(
                    "%(lists)s lists wait for somebody for longer than that. Accept or discard them on the desk."
                )
                % {"lists": number(waiting)}
            )
