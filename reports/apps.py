"""Figures and the situation report."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Counts figures, makes editions, renders and mails them."""

    name = "reports"
    verbose_name = _("Situation reports")
