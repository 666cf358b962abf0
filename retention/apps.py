"""How long what is kept, and how it goes: by the schedule, or because somebody asks to be erased."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    """Erasures by two persons, their ledger outside of the database, and the schedule of every kind of record."""

    name = "retention"
    verbose_name = _("Retention")
