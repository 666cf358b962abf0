"""Movements: one row for each step of a person, or of a household that is only counted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.actions.record import record
from displacement.models import Movement
from displacement.models.movement import DISPLACING
from intake.kinds import life, who
from intake.kinds.asking import Asking
from intake.kinds.kind import Checking, Chunk, ChunkRow, Kind, Pair, Row, Span
from intake.kinds.movement_fields import FIELDS
from intake.models import Batch
from intake.models.staging import Severity
from intake.tables import copy
from intake.values.reading import Reading

_COLUMNS = (
    *("id", "occurred_at", "recorded_at", "recorded_by", "voided_at", "voided_by", "void_reason"),
    *("person_id", "household_id", "kind", "origin_id", "destination_id", "place", "means", "cause"),
)
_DISPLACING = ", ".join(f"'{kind}'" for kind in sorted(DISPLACING))
_UNKNOWN = "unknown"


class Movements(Kind):
    """Steps of people who are in the register. Facts arrive late and out of order, so any sequence stands that can be."""

    name = "movements"
    label = _("Movements")
    permission = ("displacement.movement", "add")
    record = Movement
    places = ("person__household__registered_in", "household__registered_in")
    derived = (*who.DERIVED, "home")
    fields = FIELDS
    sentences = {
        **who.SENTENCES,
        **life.SENTENCES,
        "origin_needed": _("Say which home they left: neither the row nor the register does."),
        "not_left": _(
            "There is no record that they left before this time. Add a row that says when they left."
        ),
        "moved_after_death": _(
            "There are movements after this time of death. Check the time, or void those movements first."
        ),
        "same_day": _(
            "A step of this kind is recorded within a day of this one. Take it only if they moved twice."
        ),
    }

    def preparer(self, batch: Batch, reading: Reading) -> Callable[[Row], None]:
        """The serial behind each number."""
        slots = self.slots

        def prepare(row: Row) -> None:
            who.prepare(row, slots)

        return prepare

    def check(self, checking: Checking) -> None:
        """Who and where from; then what cannot be, and what is recorded already. Some twenty statements."""
        asking = Asking(checking.batch, self)
        who.resolve(asking)
        home = (
            "SELECT h.origin_id FROM displacement_household h WHERE h.id ="
            f" coalesce(nullif({asking.slot('household')}, '')::uuid,"
            f" (SELECT p.household_id FROM displacement_person p WHERE p.id = nullif({asking.slot('person')}, '')::uuid))"
        )
        asking.fill(
            "home",
            f"coalesce(nullif({asking.slot('origin')}, ''), ({home})::text, '')",
            "(SELECT) one",
            "true",
        )
        asking.refuse("origin_needed", "origin", f"{asking.slot('home')} = ''")
        life.refuse_the_future(asking, "occurred_at")
        life.refuse_before_birth(asking, "occurred_at")
        self._refuse_repeats(asking)
        self._judge(asking)
        asking.warn(
            "same_day",
            "occurred_at",
            f"s.known_as IS NULL AND EXISTS (SELECT FROM displacement_movement m WHERE {self._same_who(asking)}"
            f" AND m.kind = {asking.slot('kind')} AND m.voided_at IS NULL"
            f" AND abs(extract(epoch FROM m.occurred_at - ({asking.slot('occurred_at')})::timestamptz)) < 86400)",
        )

    def settle(self, checking: Checking, span: Span) -> list[Pair]:
        """The same again for the rows that are written now, with their people locked."""
        asking = Asking(span.batch, self, span)
        who.lock(asking)
        who.renew(asking)
        self._judge(asking)
        return []

    def effects(self, checking: Checking, worst: Severity) -> dict[str, int]:
        """Steps, and the people whose they are."""
        asking = Asking(checking.batch, self)
        return {
            "movements": checking.rows(
                "SELECT count(*) FROM intake_stagedrow s WHERE s.batch_id = %(batch)s AND s.severity <= %(worst)s"
                f" AND s.known_as IS NULL AND NOT s.is_left_out AND {asking.slot('home')} <> ''",
                {"worst": int(worst)},
            )[0][0]
        }

    def write(self, chunk: Chunk) -> dict[str, int]:
        """Write the steps by COPY, with one trace."""
        rows = [self._movement(row, chunk) for row in chunk.rows]
        copy(Movement, _COLUMNS, rows)
        detail = {"movements": len(rows), "batch": str(chunk.batch.pk), "last": str(rows[-1][0])}
        record("record_in_bulk", Movement(pk=rows[0][0]), by=chunk.by, detail=detail)
        return {"movements": len(rows)}

    def _movement(self, row: ChunkRow, chunk: Chunk) -> tuple[Any, ...]:
        told = {name: row.value[place] for name, place in self.slots.items()}
        return (
            *(row.record_id, life.moment_of(told["occurred_at"]), chunk.at, chunk.by.pk, None, None, ""),
            *(_id(told["person"]), _id(told["household"]), told["kind"], int(told["home"])),
            *(int(told["destination"]) if told["destination"] else None, told["place"] or _UNKNOWN),
            *(told["means"] or _UNKNOWN, told["cause"] or _UNKNOWN),
        )

    def _judge(self, asking: Asking) -> None:
        """What the register decides, and may decide otherwise by the time that the rows are written."""
        kind, at = asking.slot("kind"), f"({asking.slot('occurred_at')})::timestamptz"
        for name in ("person", "household"):
            # Apart, since a condition with OR has no index that the planner trusts.
            same = f"m.{name}_id = nullif({asking.slot(name)}, '')::uuid AND m.kind = {kind}"
            asking.know(
                "m.id", "displacement_movement m", f"{same} AND m.occurred_at = {at} AND m.voided_at IS NULL"
            )
        life.refuse_after_death(asking, "occurred_at")
        asking.refuse(
            "after_death",
            "occurred_at",
            self._in_the_list(asking, f"{asking.slot('kind', 't')} = 'died'", "<"),
        )
        later = (
            f"EXISTS (SELECT FROM displacement_movement m WHERE {self._same_who(asking)}"
            f" AND m.voided_at IS NULL AND m.occurred_at > {at})"
        )
        asking.refuse(
            "moved_after_death",
            "occurred_at",
            f"{kind} = 'died' AND s.known_as IS NULL AND {asking.slot('person')} <> '' AND {later}",
        )
        left = (
            f"EXISTS (SELECT FROM displacement_movement m WHERE {self._same_who(asking)} AND m.voided_at IS NULL"
            f" AND m.kind IN ({_DISPLACING}) AND m.occurred_at <= {at})"
        )
        here = self._in_the_list(asking, f"{asking.slot('kind', 't')} IN ({_DISPLACING})", "<=")
        asking.refuse("not_left", "kind", f"{kind} = 'returned' AND NOT {left} AND NOT {here}")

    def _refuse_repeats(self, asking: Asking) -> None:
        """Of rows that say the same step, the first stands."""
        same = ", ".join(asking.slot(name) for name in ("person", "household", "kind"))
        asking.refuse(
            "said_twice",
            "",
            "s.number > first.number",
            source=(
                f"JOIN (SELECT s.number AS own, min(s.number) OVER (PARTITION BY {same},"
                f" ({asking.slot('occurred_at')})::timestamptz) AS number"
                f" FROM intake_stagedrow s WHERE {asking.rows_asked}) first ON first.own = s.number"
            ),
            other="first.number",
        )

    def _same_who(self, asking: Asking) -> str:
        return (
            f"(m.person_id = nullif({asking.slot('person')}, '')::uuid"
            f" OR m.household_id = nullif({asking.slot('household')}, '')::uuid)"
        )

    def _in_the_list(self, asking: Asking, which: str, order: str) -> str:
        """The SQL condition that another row of the list, which is not refused, is a step of the same before this one."""
        who_is = " AND ".join(
            f"{asking.slot(name, 't')} = {asking.slot(name)}" for name in ("person", "household")
        )
        return (
            f"EXISTS (SELECT FROM intake_stagedrow t WHERE t.batch_id = %(batch)s AND t.severity < {Severity.ERROR:d}"
            f" AND NOT t.is_left_out AND {who_is} AND {which}"
            f" AND ({asking.slot('occurred_at', 't')})::timestamptz {order} ({asking.slot('occurred_at')})::timestamptz)"
        )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
