"""Carrying the schedule out, kind by kind: what is due goes, and what waits for a person is counted."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.service import service_user
from audit.actions.record import record
from core.clock import database_now
from retention.rules import RULES, WAITING
from retention.schedule import Entry, schedule


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one kind: how many are due, and how many went. `waits` of those that only a person lets go."""

    entry: Entry
    due: int
    gone: int = 0
    waits: bool = False


def apply(*, each: str | None = None, is_dry: bool = False) -> Iterator[Outcome]:
    """Let go what is due, of the kinds that are looked at each `night` or `minute`, or of all. A query for each.

    Each kind in transactions of its own, with a trace; safe to run twice, and at once: a night that was missed is made up for.
    """
    now, entries = database_now(), schedule()
    for kind, rule in sorted(RULES.items()):
        entry = entries[kind]
        if each is not None and entry.each != each:
            continue
        rows = rule.due(now - entry.kept_for)
        due = rows.count()
        yield Outcome(entry, due, gone=_carry_out(kind) if due and not is_dry else 0)


def waiting() -> Iterator[Outcome]:
    """What was kept for so long that a person should decide. A query for each kind."""
    now, entries = database_now(), schedule()
    for kind, question in sorted(WAITING.items()):
        yield Outcome(entries[kind], question(now - entries[kind].kept_for).count(), waits=True)


def apply_all(*, each: str) -> int:
    """The same for workers; how many rows went."""
    return sum(outcome.gone for outcome in apply(each=each))


def _carry_out(kind: str) -> int:
    rule, entry = RULES[kind], schedule()[kind]
    rows = rule.due(database_now() - entry.kept_for)
    if rule.leaves_traces:
        return rule.act(rows)
    with transaction.atomic():
        gone = rule.act(rows)
        by = service_user()
        record("apply_retention", by, by=by, detail={"kind": kind, "rows": gone, "days": entry.days})
    return gone
