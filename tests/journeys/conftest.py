"""The people of a journey, and its clock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import Settings

MOSCOW = ZoneInfo("Europe/Moscow")

At = Callable[[int, int, int], AbstractContextManager[object]]


@pytest.fixture
def at() -> At:
    """`with at(12, 9, 30):` is 12 August 2024, 09:30 in Moscow."""
    return lambda day, hour, minute: time_machine.travel(
        datetime(2024, 8, day, hour, minute, tzinfo=MOSCOW), tick=True
    )


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Pages of the desk are read for what they say; nothing has to be collected."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
