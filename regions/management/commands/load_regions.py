"""`manage.py load_regions`: the region tree from its files."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from regions.reference import load_regions


class Command(BaseCommand):
    """Load regions, their codes and their names; safe to run again."""

    help = "Load regions, their codes and names from regions/data; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """One domain call, and how much there is."""
        loaded = load_regions()
        self.stdout.write(
            _("%(regions)d regions, %(codes)d codes and %(names)d names are in place.") % loaded._asdict()
        )
