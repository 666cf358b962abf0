"""Figures and the situation report."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from reports.disclosure.tables import check_thresholds


class ReportsConfig(AppConfig):
    """Counts figures, makes editions, renders and mails them."""

    name = "reports"
    verbose_name = _("Situation reports")

    def ready(self) -> None:
        """Refuse to start with settings under which reports would name people."""
        check_thresholds(settings.DISCLOSURE_THRESHOLDS)
