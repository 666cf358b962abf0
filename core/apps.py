"""The leaf package that every other may use."""

from django.apps import AppConfig
from django.db import models

from core.logs import configure
from core.lookups import Begins
from core.moments import read_quickly


class CoreConfig(AppConfig):
    """No tables, imports no app."""

    name = "core"

    def ready(self) -> None:
        """Give both ways of logging one form, columns of text our own question, and moments a quick reader."""
        configure()
        read_quickly()
        models.CharField.register_lookup(Begins)
