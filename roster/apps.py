"""Who is where and when, of many people at once: what goes out of it, and who looked."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RosterConfig(AppConfig):
    """Exports of people by two persons, and alarms on unusual reading."""

    name = "roster"
    verbose_name = _("Roster")
