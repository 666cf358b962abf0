"""The schedule: of each kind of record how long it is kept and what happens then, as retention/schedule.toml says it."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = Path(__file__).with_name("schedule.toml")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one kind of record. Exactly one of `days`, `waits`, `goes_with` and `kept` says how long."""

    kind: str
    what: str
    ground: str
    days: int | None = None
    waits: int | None = None
    since: str = ""
    then: str = ""
    each: str = "night"
    goes_with: str = ""
    kept: str = ""

    @property
    def kept_for(self) -> timedelta:
        """How long after its moment it goes, or is shown."""
        return timedelta(days=self.days if self.days is not None else self.waits or 0)


@cache
def _told() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def schedule() -> dict[str, Entry]:
    """Every entry by its kind of record (`app.model`). Settings that it names are read anew."""
    return {kind: _entry(kind, dict(told)) for kind, told in _told().items()}


def _entry(kind: str, told: dict[str, Any]) -> Entry:
    days = told.get("days")
    if isinstance(days, str):
        told["days"] = getattr(settings, days)
    return Entry(kind, since=told.pop("from", ""), goes_with=told.pop("with", ""), **told)
