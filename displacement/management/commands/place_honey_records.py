"""`manage.py place_honey_records`: lay out invented families that nobody has a reason to open."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from displacement.actions.honey import place


class Command(BaseCommand):
    """In the name of an administrator of the organisation, who answers for it."""

    help = "Lay out invented families; whoever opens one of them raises an alarm. They come into the register within a week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Among whose families, how many, and in whose name."""
        parser.add_argument("--organisation", required=True, help="its short name")
        parser.add_argument("--count", type=int, required=True, help="how many families")
        parser.add_argument(
            "--as", dest="registered_as", required=True, help="user name in whose name they will stand"
        )
        parser.add_argument("--by", required=True, help="user name of the administrator who places them")

    def handle(
        self, *args: Any, organisation: str, count: int, registered_as: str, by: str, **options: Any
    ) -> None:
        """One domain call."""
        there = Organisation.objects.filter(short_name=organisation).first()
        if there is None:
            raise CommandError(_("No organisation has this short name."))
        try:
            place(organisation=there, count=count, registered_as=_user(registered_as), by=_user(by))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("They come into the register one by one within a week."))


def _user(username: str) -> User:
    """The open account of this name. Raises CommandError."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(_("No open account has one of these user names."))
    return found
