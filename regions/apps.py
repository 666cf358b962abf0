"""Where things happen."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegionsConfig(AppConfig):
    """The region tree, its codes, and the dated status of areas; operations."""

    name = "regions"
    verbose_name = _("Regions")
