"""The leaf package that every other may use."""

from django.apps import AppConfig

from core.logs import configure


class CoreConfig(AppConfig):
    """No tables, imports no app."""

    name = "core"

    def ready(self) -> None:
        """Give both ways of logging one form."""
        configure()
