"""What other systems are told of, and how."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """The feed of changes, and webhooks that carry it to partners."""

    name = "exchange"
    verbose_name = _("Exchange with other systems")
