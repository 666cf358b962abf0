"""`manage.py reset_second_factor`: for an organisation whose only administrator lost the own second factor."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.actions.second_factors import reset
from accounts.models import User


class Command(BaseCommand):
    """The same act as on the desk, in the name of an account that answers for it."""

    help = (
        "Remove the second factors of a user and end all their sessions; --by answers for it, with a reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, in whose name, and why."""
        parser.add_argument("user")
        parser.add_argument("--by", required=True, help="user name of who answers for it; not the same user")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, user: str, by: str, reason: str, **options: Any) -> None:
        """Reset it."""
        try:
            reset(user=found(user), by=found(by), reason=reason)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("The second factor is reset."))


def found(username: str) -> User:
    """The open account of this name. Raises CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(_("No open account has one of these user names."))
    return user
