"""The leaf package that every other may use."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No tables, imports no app."""

    name = "core"
