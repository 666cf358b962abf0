"""The project's own app (commands, desk) and Django's admin with our site as its default."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.core.mail.utils import DNS_NAME
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import import_string

from config.celery import app as celery
from config.checks import has_roles, knows_cyrillic_letters
from reports.delivery.transmission import sender_domain

#: By name, since models can be imported only when all apps are there.
_AROUND_MIGRATE = (
    (pre_migrate, "config.watched.unwatch"),
    (pre_migrate, "config.row_security.lower"),
    (post_migrate, "config.watched.watch"),
    (post_migrate, "config.row_security.rise"),
)


class DeskConfig(AdminConfig):
    """Django's admin, served by our desk site."""

    default_site = "config.desk.Desk"


class MusterpointConfig(AppConfig):
    """Holds the commands and templates of the project as a whole."""

    name = "config"
    verbose_name = "Musterpoint"

    def ready(self) -> None:
        """Let every thread of every process, web included, ring at our broker, and mails name no machine of ours."""
        celery.set_default()
        DNS_NAME.get_fqdn = sender_domain
        register(knows_cyrillic_letters, Tags.database)
        register(has_roles, Tags.database)
        audit = apps.get_app_config("audit")
        for signal, receiver in _AROUND_MIGRATE:
            signal.connect(import_string(receiver), sender=audit, dispatch_uid=receiver)
