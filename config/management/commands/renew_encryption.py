"""`manage.py renew_encryption`: write anew what an older key encrypted, so that it can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actions.second_factors import renew_secrets
from accounts.service import service_user
from core.encryption import UnreadableError
from exchange.actions import endpoints


class Command(BaseCommand):
    """All of a kind or nothing; what the first key of FIELD_ENCRYPTION_KEYS encrypted is left as it is."""

    help = "Encrypt what is under older keys under the first key of FIELD_ENCRYPTION_KEYS, and print how many rows."

    def handle(self, *args: Any, **options: Any) -> None:
        """Renew them."""
        try:
            count = renew_secrets(by=service_user())
            webhooks = endpoints.renew_secrets(by=service_user())
        except UnreadableError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(count)s second factors are under the first key now.") % {"count": count})
        self.stdout.write(_("%(count)s webhooks are under the first key now.") % {"count": webhooks})
