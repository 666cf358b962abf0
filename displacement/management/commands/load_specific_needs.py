"""`manage.py load_specific_needs`: the code list of specific needs from its file."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from displacement.reference import load_specific_needs


class Command(BaseCommand):
    """Load the specific needs; safe to run again."""

    help = "Load the specific needs from displacement/data; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """One domain call, and how many there are."""
        self.stdout.write(_("%(count)d specific needs are in place.") % {"count": load_specific_needs()})
