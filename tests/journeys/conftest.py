"""The people of a journey, and its clock."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

MOSCOW = ZoneInfo("Europe/Moscow")

At = Callable[[int, int, int], AbstractContextManager[object]]


@pytest.fixture
def at() -> At:
    """`with at(12, 9, 30):` is 12 August 2024, 09:30 in Moscow."""
    return lambda day, hour, minute: time_machine.travel(
        datetime(2024, 8, day, hour, minute, tzinfo=MOSCOW), tick=True
    )
