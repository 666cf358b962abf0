"""`manage.py demo_code USER`: the code that the authenticator app of a demo account shows now."""

import csv
import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.management.commands.create_demo_accounts import FILE_NAME


class Command(BaseCommand):
    """For demo accounts only: it knows their secrets from the file in which they were printed, and opens no others."""

    help = "Print the code of now for an invented user of DATA_DIR/demo-accounts.tsv; no other account has one there."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The user name."""
        parser.add_argument("user", help="as in demo-accounts.tsv, such as registrar")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        """Print it, and for how long it is good."""
        period = app_settings.TOTP_PERIOD
        count, passed = divmod(int(time.time()), period)
        code = format_hotp_value(hotp_value(secret_of(user), count))
        self.stdout.write(_("%(code)s (for %(seconds)s s more)") % {"code": code, "seconds": period - passed})


def secret_of(user: str) -> str:
    """The printed secret of the demo account. Raises CommandError where there is none."""
    path = settings.DATA_DIR / FILE_NAME
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, dialect="excel-tab"):
                if row["user"] == user and row.get("second factor"):
                    return str(row["second factor"])
    raise CommandError(
        _("%(path)s prints no second factor for this user. Users and their secrets are listed there.")
        % {"path": path}
    )
