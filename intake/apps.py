"""How lists enter the register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Bulk writing into the register, and the scenarios that use it."""

    name = "intake"
    verbose_name = _("Intake")
