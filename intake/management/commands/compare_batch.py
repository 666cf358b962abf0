"""`manage.py compare_batch ID`: look for likely duplicates of a checked list; workers run it, people need not."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from intake.comparing import compare


class Command(BaseCommand):
    """Compare one list with itself and with the register."""

    help = "Look for likely duplicates of a list that was checked, in the list and in the register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which list."""
        parser.add_argument("batch", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """One domain call, and what it came to."""
        found = compare(options["batch"])
        self.stdout.write(_("%(found)d rows are marked as likely duplicates.") % {"found": found})
