"""`manage.py renew_encryption`: write anew what an older key encrypted, so that it can go."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actions.second_factors import renew_secrets
from accounts.service import service_user
from config import renewing
from core.encryption import UnreadableError, current_key
from exchange.actions import endpoints


class Command(BaseCommand):
    """Some rows at a time while the service runs; what the first key of FIELD_ENCRYPTION_KEYS holds is left as it is."""

    help = "Encrypt what is under older keys under the first key of FIELD_ENCRYPTION_KEYS, and say which keys may go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Renewing, or only looking."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; fail where an older key still holds something",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Renew, then say what each key holds."""
        if not check:
            try:
                self._renew()
            except UnreadableError as error:
                raise CommandError(str(error)) from error
        self._tell()

    def _renew(self) -> None:
        by = service_user()
        count, webhooks = renew_secrets(by=by), endpoints.renew_secrets(by=by)
        self.stdout.write(_("%(count)s second factors are under the first key now.") % {"count": count})
        self.stdout.write(_("%(count)s webhooks are under the first key now.") % {"count": webhooks})
        values = sum(sum(column.renew(by)) for column in renewing.columns())
        values += sum(renewing.renew_parts(by)) + renewing.renew_taken_over(by)
        self.stdout.write(
            _("%(count)s values of people and lists are under the first key now.") % {"count": values}
        )

    def _tell(self) -> None:
        """What each key holds. Raises CommandError where it is not the first one alone."""
        under = renewing.under()
        for key, count in sorted(under.items()):
            self.stdout.write(_("Key %(key)s holds %(count)s values.") % {"key": key, "count": count})
        if older := sorted(set(under) - {current_key()}):
            words = _(
                "Older keys still hold something: %(keys)s. Keep them, and run this again without --check."
            )
            raise CommandError(words % {"keys": ", ".join(older)})
        for key in [key for key in settings.FIELD_ENCRYPTION_KEYS if key != current_key()]:
            words = _("Key %(key)s holds nothing here: take it out once no older backup is needed.")
            self.stdout.write(words % {"key": key})
