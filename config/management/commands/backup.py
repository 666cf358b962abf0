"""`manage.py backup FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.dumps import dump


class Command(BaseCommand):
    """Write the whole database to a file."""

    help = "Write the whole database to FILE, readable by you only. It holds personal data: encrypt it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One new file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Dump, and say how large it became."""
        dump(options["file"], settings.DATABASES["default"])
        self.stdout.write(f"{options['file']}: {options['file'].stat().st_size / 2**20:.1f} MB")
