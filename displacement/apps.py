"""People and what happened to them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisplacementConfig(AppConfig):
    """Households, persons, movements; incidents and casualties; claims."""

    name = "displacement"
    verbose_name = _("Displacement and casualties")
