"""Who works here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Organisations, users, their roles, and the one policy of who may do what."""

    name = "accounts"
    verbose_name = _("People and organisations")
