"""Real servers for the whole run, before Django reads its settings; fixtures for the tests of every app."""

import os
from collections.abc import Iterator

import django
import pytest
from pytest_django import Settings

from tests.mail import Mailbox
from tests.servers import TestServers

pytest_plugins = ["tests.chromium", "tests.database", "tests.properties"]

# At import, since the conftest of an app may import models at its top.
servers = TestServers()
servers.start()
# The web server warns where nobody has collected static files yet.
(servers.directory.path / "static").mkdir(exist_ok=True)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()


def pytest_unconfigure() -> None:
    """Also after Ctrl-C. After `kill -9` the servers notice by themselves."""
    servers.stop()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The mail that the real SMTP server took during this test (Django alone would keep it in memory)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    box = Mailbox(servers.directory.mail)
    box.clear()
    yield box
    box.clear()
