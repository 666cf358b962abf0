"""Real servers for the whole run, before Django reads its settings; fixtures for the tests of every app."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator

import django
import pytest
from pytest_django import DjangoDbBlocker, Settings

from core.decoys import listed
from tests.mail import Mailbox
from tests.servers import TestServers

pytest_plugins = [
    "tests.authorisation_summary",
    "tests.chromium",
    "tests.database",
    "tests.properties",
    "tests.signing_in",
    "tests.static_files",
    "tests.two_persons",
]

# Compiled files are kept whatever the shell says: each program that a test starts would compile the whole service anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: The process that only hands tests out to others (`-n 2`) runs none and needs no servers; each of the others has its own.
IS_LEADER = "PYTEST_XDIST_WORKER" not in os.environ and any(
    option.startswith(("-n", "--numprocesses")) for option in sys.argv
)
servers = TestServers()
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 3)
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", f"tests:{'7e' * 32}")
os.environ.setdefault("BLIND_INDEX_KEY", "1d" * 32)
os.environ.setdefault("API_REQUESTS_A_MINUTE", "1000000")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if IS_LEADER:
    os.environ["DATA_DIR"] = str(servers.directory.path)
    # Settings want addresses; nobody calls there, and those who run the tests must not inherit them.
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    added = {
        name: os.environ.setdefault(name, url) for name, url in nowhere.items() if name not in os.environ
    }
    django.setup()
    for name in (*added, "DJANGO_SETTINGS_MODULE"):
        del os.environ[name]
else:
    # At import, since the conftest of an app may import models at its top.
    servers.start()
    # The web server warns where nobody has collected static files yet.
    (servers.directory.path / "static").mkdir(exist_ok=True)
    django.setup()


def pytest_collection_finish() -> None:
    """What was imported and collected by now stays to the end: nobody need look through it again and again for what to free."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries in C++ complain at the end that their objects are left
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    """Also after Ctrl-C. After `kill -9` the servers notice by themselves."""
    servers.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Ask here what each process asks the database once, so that it is in no test's count of queries."""
    with django_db_blocker.unblock():
        listed()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The mail that the real SMTP server took during this test (Django alone would keep it in memory)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    box = Mailbox(servers.directory.mail)
    box.clear()
    yield box
    box.clear()
