"""What the trail says of one person between two moments: how many records they read, changed, took out or were refused.

It is all that they did, under whatever role: the trail does not say which of somebody's roles opened a record, and a report
that leaves something out is worse than one that tells too much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.actions.reading import EXPORT, OVER_BUDGET, REFUSED
from audit.models import AuditEvent, Reading

#: The page of a reading of what was masked (accounts.actions.revealing), and the act beside it.
_REVEAL = "reveal"
#: Ids kept of one line. More than a person opens one by one in twelve hours; of lists the trail has the rest.
MOST_IDS = 200


class Did(models.TextChoices):
    """What was done with records."""

    READ = "read", _("opened")
    SEARCHED = "searched", _("shown in lists and searches")
    REVEALED = "revealed", _("read without masks")
    CHANGED = "changed", _("changed or added")
    EXPORTED = "exported", _("taken out in files")
    DENIED = "denied", _("refused")


class _Key(NamedTuple):
    """One line. `action` is the word of the trail for a change."""

    did: str
    kind: str
    action: str


@dataclass
class _Line:
    """How often, and which records; `unnamed` were shown beside those that the trail names."""

    times: int = 0
    unnamed: int = 0
    ids: dict[str, None] = field(default_factory=dict)

    def add(self, ids: Iterator[str] | list[str], unnamed: int = 0) -> None:
        self.times += 1
        self.unnamed += unnamed
        self.ids.update(dict.fromkeys(ids))


def lines_of(actor: UUID, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Lines with `did`, `kind` (`app.model`), `action`, how many `times`, of how many `records`, and their first `ids`.

    Two queries. A record counts once in a line, however often it was opened. Signing in and breaking the glass itself are no
    acts on records.
    """
    found: dict[_Key, _Line] = {}
    theirs = Q(actor_id=actor, at__gte=since, at__lte=until)
    for reading in Reading.objects.filter(theirs).order_by("at", "id").iterator():
        named = [reading.object_id] if reading.object_id and reading.page != EXPORT else reading.ids
        unnamed = 0 if named is not reading.ids else max(0, reading.shown - len(reading.ids))
        key = _Key(_did(reading), reading.object_type, "")
        found.setdefault(key, _Line()).add(named, unnamed)
    acts = (
        AuditEvent.objects.filter(theirs).exclude(object_type="accounts.breakglass").exclude(action=_REVEAL)
    )
    for event in (
        acts.exclude(object_type="accounts.user", object_id=str(actor)).order_by("at", "id").iterator()
    ):
        key = _Key(Did.CHANGED.value, event.object_type, event.action)
        found.setdefault(key, _Line()).add([event.object_id])
    order = {did: place for place, did in enumerate(Did.values)}
    return [
        {
            "did": key.did,
            "kind": key.kind,
            "action": key.action,
            "times": line.times,
            "records": len(line.ids) + line.unnamed,
            "ids": list(line.ids)[:MOST_IDS],
        }
        for key, line in sorted(found.items(), key=lambda each: (order[each[0].did], each[0]))
    ]


def _did(reading: Reading) -> str:
    if reading.page in (REFUSED, OVER_BUDGET):
        return Did.DENIED.value
    if reading.page == EXPORT:
        return Did.EXPORTED.value
    if reading.page == _REVEAL:
        return Did.REVEALED.value
    return (Did.READ if reading.object_id else Did.SEARCHED).value
