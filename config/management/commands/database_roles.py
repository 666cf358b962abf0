"""What an administrator of the database runs where the service may not make roles itself."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.row_roles import statements


class Command(BaseCommand):
    """Print the SQL that makes the roles of requests and of the service; it may be run again."""

    help = "Print the SQL with which an administrator of the database makes the roles that requests and workers work as."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Logins of web server and worker that own nothing, where they are others than that of migrations."""
        words = "a login of web server or worker that owns no table; DATABASE_URL names the one that does"
        parser.add_argument("logins", nargs="*", help=words)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """The statements, for psql."""
        self.stdout.write(statements(str(settings.DATABASES["default"]["USER"]), tuple(options["logins"])))
