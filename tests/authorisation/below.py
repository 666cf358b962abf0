"""Pages of the desk that stand below a record and are neither its page, its history nor an act: cards, rows, files."""

import tomllib
from functools import cache
from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.urls import get_resolver, reverse

from accounts.policy import Role
from tests.authorisation.expected import ABSENT, OWN, PLACES, Place, may, may_at_all
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Asker, bare, first_difference
from tests.repository.source import ROOT

#: What stands in an address beside the record.
_MORE = {"name": "text"}
#: Of these every role that may view the record is shown the page of an own one.
ALWAYS_SHOWN = {"displacement_household_card"}
#: Rows of a list of people are shown to who registers people.
_ROWS = "intake_batch_rows"
#: Reports are seen by rules of their own beside the policy's place, and belong to no organisation.
_BY_OWN_RULES = ("reports.",)


@cache
def pages() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Each such page: the kind of record, the act that it takes, and what stands in its address besides."""
    named = tomllib.loads((ROOT / "accounts/routes.toml").read_text(encoding="utf-8"))["desk"]["named"]
    namespace = get_resolver().namespace_dict["admin"][1]
    found = {}
    for name, told in named.items():
        parts = namespace.reverse_dict.getlist(name)[0][0][0][1]
        resource, _colon, action = told.partition(":")
        if parts:
            found[name] = (resource, action, tuple(_MORE[each] for each in parts[1:]))
    return found


def sweep_below(who: Asker, grounds: Grounds) -> None:
    """Each page at each place; what is out of scope is byte for byte what is absent."""
    for name, (resource, action, more) in pages().items():
        if not may_at_all(who.role, resource, action):
            record = grounds.at[OWN.name].record(resource)
            who.expect(403, "get", _address(name, record.pk if record else uuid4(), more))
            continue
        lost = who.expect(404, "get", _address(name, uuid4(), more), ABSENT.name)
        for place in PLACES:
            record = grounds.at[place.name].record(resource)
            if record is not None:
                _one(who, name, record, place, lost)


def _one(who: Asker, name: str, record: Model, place: Place, lost: Any) -> None:
    resource, _action, more = pages()[name]
    address = _address(name, record.pk, more)
    if resource.startswith(_BY_OWN_RULES):
        who.expect((200, 404), "get", address, place.name)
    elif may(who.role, resource, "view", place):
        who.expect(_fine(who.role, name, place), "get", address, place.name)
    else:
        answer = who.expect(404, "get", address, place.name)
        what = ("differs from what is absent at", place.name, first_difference(bare(answer), bare(lost)))
        who.report.case(bare(answer) == bare(lost), who.role, name, *what)


def _fine(role: Role, name: str, place: Place) -> tuple[int, ...]:
    if name in ALWAYS_SHOWN:
        return (200,)
    if name == _ROWS:
        return (200,) if may(role, "displacement.household", "add", place) else (404,)
    return (200, 302, 403, 404)


def _address(name: str, key: Any, more: tuple[str, ...]) -> str:
    return reverse(f"admin:{name}", args=[key, *more])
