"""Where displaced people sleep."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SheltersConfig(AppConfig):
    """Shelters, places, protected places, stays and headcounts."""

    name = "shelters"
    verbose_name = _("Shelters")
