"""`manage.py find_duplicates`: search the register for people who stand in it twice; what is found waits for a decision."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from displacement.actions.searching import search


class Command(BaseCommand):
    """Search for whoever is new or changed since the last search, or for all."""

    help = "Search the register for people who stand in it twice. Pairs that are found wait for a decision."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom to search for."""
        parser.add_argument(
            "--all",
            action="store_true",
            help="compare all people with all, also those of whom nothing has changed since they were searched for",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One domain call, and what it came to."""
        result = search(is_whole=options["all"])
        if result is None:
            raise CommandError(_("Another search is at work. Wait until it has ended, then search again."))
        self.stdout.write(
            _(
                "%(people)s people were searched for, %(compared)s pairs compared: %(found)s possible duplicates,"
                " %(new)s of them new. It took %(seconds).1f s."
            )
            % {
                "people": f"{result.people_searched:,}",
                "compared": f"{result.pairs_compared:,}",
                "found": f"{result.pairs_found:,}",
                "new": f"{result.pairs_new:,}",
                "seconds": result.seconds,
            }
        )
