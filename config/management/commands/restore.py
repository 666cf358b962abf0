"""`manage.py restore FILE`."""

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from config.dumps import restore
from config.row_security import rise
from config.watched import is_halfway
from exchange.actions.endpoints import begin_anew
from regions.models import Operation


class Command(BaseCommand):
    """Fill an empty database from a file that `backup` wrote."""

    help = "Fill an empty database from FILE, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Refuse to overwrite a register; restore."""
        if self._holds_something():
            raise CommandError("This register is not empty: set DATA_DIR (or DATABASE_URL) to an empty one.")
        restore(options["file"], settings.DATABASES["default"])
        rise([])  # what was restored belongs to whoever restored it; of an older release, `migrate` goes on
        with suppress(ProgrammingError):  # of a release that had no webhooks
            begin_anew()
        if is_halfway():
            self.stdout.write(
                "Restored, from another release: run manage.py migrate, then manage.py apply_erasures."
            )
            return
        call_command("apply_erasures", stdout=self.stdout)
        self.stdout.write("Restored.")

    def _holds_something(self) -> bool:
        try:
            return Operation.objects.exists()
        except ProgrammingError:  # no tables yet
            return False
