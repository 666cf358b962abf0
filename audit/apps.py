"""Who did what."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """An append-only record of acts."""

    name = "audit"
    verbose_name = _("Audit")
