"""What each address and task stands for in the policy, read from accounts/routes.toml. What is not named is refused."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

ROUTES = Path(__file__).with_name("routes.toml")


class Door(StrEnum):
    """For whom an address is, where the policy's table of roles does not decide it."""

    OPEN = "open"
    SIGNED_IN = "signed_in"
    CLOSED = "closed"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: an action on a kind of record (`app.model`), or a door with the reason for it."""

    resource: str = ""
    action: str = ""
    door: Door | None = None
    why: str = ""


def api_entry(basename: str, act: str) -> Entry | None:
    """What an act of one of the API's views stands for (`household`, `void`)."""
    told = _told()["api"].get(basename, {})
    return _entry(told[act], told["resource"]) if act in told and act != "resource" else None


def desk_entry(name: str) -> Entry | None:
    """What a page of the desk stands for, by its name in the site (`displacement_person_changelist`)."""
    desk = _told()["desk"]
    for table in (desk["pages"], desk["named"]):
        if name in table:
            return _entry(table[name])
    kind, _underscore, page = name.rpartition("_")
    if page not in desk["records"] or "_" not in kind:
        return None
    return _entry(desk["records"][page], kind.replace("_", ".", 1))


def page_entry(name: str) -> Entry | None:
    """What a page outside of desk and API stands for."""
    told = _told()["pages"]
    return _entry(told[name]) if name in told else None


def task_entry(name: str) -> Entry | None:
    """What a task stands for, by its name in the queue."""
    told = _told()["tasks"]
    return _entry(told[name]) if name in told else None


def tables() -> dict[str, Any]:
    """All of it, as it is written."""
    return _told()


def _entry(told: Any, resource: str = "") -> Entry:
    if isinstance(told, str):
        other, _colon, action = told.rpartition(":")
        return Entry(other or resource, action)
    ((door, why),) = told.items()
    return Entry(door=Door(door), why=why)


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(ROUTES.read_text(encoding="utf-8"))
