"""`manage.py renew_blind_index`: let telephones and documents be found under a new key, so that the former can go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.service import service_user
from config import reindexing
from core.encryption import UnreadableError


class Command(BaseCommand):
    """Some rows at a time while the service runs with both keys; what stands under the key of now is left as it is."""

    help = "Make anew what stands for telephones and documents under BLIND_INDEX_KEY, and say whether the former key may go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Renewing, or only looking."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the former key is still needed"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Renew, then say what is left."""
        try:
            if not check:
                self._renew()
            self._tell()
        except UnreadableError as error:
            raise CommandError(str(error)) from error

    def _renew(self) -> None:
        by = service_user()
        phones, papers = sum(reindexing.renew_telephones(by)), sum(reindexing.renew_documents(by))
        words = _("%(phones)s telephones and %(papers)s documents are found under the key of now.")
        self.stdout.write(words % {"phones": phones, "papers": papers})

    def _tell(self) -> None:
        """What is left. Raises CommandError where the former key is still needed."""
        phones, papers = reindexing.left()
        if phones or papers:
            words = _(
                "%(phones)s telephones and %(papers)s documents still stand under another key. Run this again without --check."
            )
            raise CommandError(words % {"phones": phones, "papers": papers})
        if lists := reindexing.open_lists():
            words = _(
                "These lists were read under another key: %(lists)s. Check or discard each of them, then run this again."
            )
            raise CommandError(words % {"lists": ", ".join(map(str, lists))})
        if lost := reindexing.decoys_lost():
            words = _(
                "%(lost)s households and people are honey records by the former key, and no list names them any more: without "
                "that key nobody would hear who opens them. Keep it, and find out which rows of honey records were deleted."
            )
            raise CommandError(words % {"lost": lost})
        self.stdout.write(
            _(
                "Everything stands under the key of now. Take BLIND_INDEX_FORMER_KEY out 30 days after the change: until then "
                "repeated requests of partners' systems are known again by it."
            )
        )
