"""Telling the database what it forgot: erasures that are younger than the backup from which it was restored."""

from dataclasses import dataclass

from displacement.actions.honey import let_go
from retention import holds_ledger, ledger
from retention.actions.erasing import do_again


@dataclass(frozen=True, slots=True)
class Applied:
    """How many erasures the ledger has, how many were done again, how many records that were; lines that are no erasure.

    `holds` of the ledger of holds were set or ended again; `unreadable_holds` are lines there that are none.
    """

    known: int
    done: int
    records: int
    unreadable: tuple[int, ...]
    holds: int = 0
    unreadable_holds: tuple[int, ...] = ()


def apply_ledger() -> Applied:
    """Set holds that the database forgot, then carry out what the ledger knows and the database does not.

    Two queries for each erasure that is done already.

    Each in a transaction of its own: one that fails leaves those before it done, and the next run goes on.
    """
    held = holds_ledger.apply()
    holds_ledger.write_down()
    ledger.write_down()
    kept = ledger.read()
    records = [do_again(entry) for entry in kept.entries]
    let_go({pk for entry in kept.entries for pk in (*entry.people, *entry.households)})
    return Applied(
        len(kept.entries),
        sum(map(bool, records)),
        sum(records),
        kept.unreadable,
        held,
        holds_ledger.read().unreadable,
    )
