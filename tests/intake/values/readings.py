"""What readers know of a file in these tests, and what they said of a cell."""

from datetime import date
from zoneinfo import ZoneInfo

from intake.values import SENTENCES, BadValue, Reader, Reading

READING = Reading(day_first=None, zone=ZoneInfo("Europe/Moscow"), today=date(2024, 8, 20))


def said(read: Reader, cell: str, reading: Reading = READING) -> str:
    """What the reader gives, or the code with which it refuses, after a !; where it gives something all the same, both."""
    try:
        return read(cell, reading)
    except BadValue as error:
        if error.code not in SENTENCES:
            raise LookupError(error.code) from error
        return f"!{error.code}" if error.instead is None else f"!{error.code} {error.instead}".rstrip()
