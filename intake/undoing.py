"""Taking a batch back: everything that it wrote is voided, as long as nobody has gone on with it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from core.database_roles import Why, as_service
from core.facts import Fact
from displacement.models import Person, PossibleDuplicate
from displacement.models.duplicate import PairState
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import BatchState
from intake.rights import check_covered
from intake.ways import move

#: Records that a refusal names; the others are counted.
NAMED = 20


class EditedSince(ValidationError):
    """Somebody went on with records of the batch; `records` are their numbers, or ids where they have none."""

    def __init__(self, message: str, records: tuple[str, ...]) -> None:
        super().__init__(message, code="edited_since")
        self.records = records


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a batch back did: records voided by name, and records that were kept since somebody went on with them."""

    voided: Mapping[str, int]
    kept: tuple[str, ...]


@dataclass(slots=True)
class Undoing:
    """One batch while it is taken back: statements in which `u` is a written row (lead, record_id, parent_id)."""

    batch: Batch
    by: User
    at: datetime
    reason: str
    voided: Counter[str] = field(default_factory=Counter)

    def run(self, statement: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a statement with `%(batch)s`, `%(at)s`, `%(by)s` and `%(reason)s` filled in; answers the rows it touched."""
        told: dict[str, Any] = {
            "batch": self.batch.pk,
            "at": self.at,
            "by": self.by.pk,
            "reason": self.reason,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, told | dict(params or {}))
            return int(cursor.rowcount)

    def ids(self, statement: str) -> list[UUID]:
        """The first column of a question."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"batch": self.batch.pk})
            return [row[0] for row in cursor.fetchall()]

    def gather(self, record: type[models.Model], parent: type[models.Model] | None) -> None:
        """Note the rows whose record, or whose group's record, stands in the register; then who went on with one of them.

        A group is taken back whole or not at all.
        """
        joined = f"LEFT JOIN {record._meta.db_table} r ON r.id = s.record_id AND r.voided_at IS NULL"
        has_record = "r.id IS NOT NULL"
        if parent is not None:
            joined += f" LEFT JOIN {parent._meta.db_table} p ON p.id = s.parent_id AND p.voided_at IS NULL"
            joined += " AND p.recorded_by = %(author)s AND p.id BETWEEN %(low)s AND %(high)s"
            has_record += " OR p.id IS NOT NULL"
        own = "p.id" if parent is not None else "NULL::uuid"
        low, high = KINDS[self.batch.kind].own_ids(self.batch)
        self.run(
            "CREATE TEMPORARY TABLE intake_undo ON COMMIT DROP AS"
            f" SELECT s.lead, r.id AS record_id, {own} AS parent_id, s.parent_id AS group_id FROM intake_stagedrow s {joined}"
            f" WHERE s.batch_id = %(batch)s AND (s.known_as IS NULL OR s.known_as = s.record_id) AND ({has_record})",
            {"author": self.batch.accepted_by, "low": low, "high": high},
        )
        self.run("CREATE TEMPORARY TABLE intake_kept (lead int, record_id uuid) ON COMMIT DROP")
        self._keep_edited(record, "record_id")
        if parent is not None:
            self._keep_edited(parent, "parent_id")
            self._keep_named(record)

    def _keep_named(self, record: type[models.Model]) -> None:
        """People who stand for a count that was voided when they were named: with them the count would be lost."""
        if record is not Person:
            return
        self.run(
            "INSERT INTO intake_kept SELECT u.lead, u.record_id FROM intake_undo u"
            " JOIN displacement_person t ON t.id = u.record_id"
            " JOIN displacement_householdgroup g ON g.household_id = t.household_id AND g.voided_at = t.recorded_at"
        )

    def _keep_edited(self, model: type[models.Model], column: str) -> None:
        """Note the groups with a record that somebody changed, or to which something was added since."""
        table = model._meta.db_table
        start = f"INSERT INTO intake_kept SELECT u.lead, t.id FROM intake_undo u JOIN {table} t ON t.id = u.{column}"
        names = {one.name for one in model._meta.concrete_fields}
        changed = [
            sql
            for name, sql in (("version", "t.version > 1"), ("merged_into", "t.merged_into_id IS NOT NULL"))
            if name in names
        ]
        if changed:
            self.run(f"{start} WHERE {' OR '.join(changed)}")
        for related, key in _pointing_at(model):
            self.run(f"{start} JOIN {related._meta.db_table} x ON x.{key} = t.id WHERE {_is_later(related)}")

    def void(self, model: type[models.Model], where: str) -> None:
        """Void the rows `x` of the model that fulfil the SQL condition and are not void yet, of groups that are not kept."""
        touched = self.run(
            f"UPDATE {model._meta.db_table} x SET voided_at = %(at)s, voided_by = %(by)s, void_reason = %(reason)s"
            f" WHERE x.voided_at IS NULL AND {where}"
        )
        self.voided[model._meta.model_name or ""] += touched

    def void_records(self, model: type[models.Model], column: str) -> None:
        """Void the records themselves and every fact that was written with them."""
        chosen = (
            f"(SELECT u.{column} FROM intake_undo u WHERE u.{column} IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM intake_kept k WHERE k.lead = u.lead))"
        )
        for related, key in _pointing_at(model):
            if issubclass(related, Fact) and related is not model:
                self.void(related, f"x.{key} IN {chosen}")
        self.void(model, f"x.id IN {chosen}")


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every table with a key to the model, also from packages that it does not know, and the key's column."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, (models.ManyToOneRel, models.OneToOneRel)):
            yield relation.related_model, str(relation.field.column)


def _is_later(model: type[models.Model]) -> str:
    """When a row `x` of the model says that somebody went on with the record `t`."""
    if model is PossibleDuplicate:
        return f"x.state <> '{PairState.OPEN.value}'"
    if issubclass(model, Fact):
        # What a batch writes with a record has the record's own moment and author.
        return "(x.recorded_at, x.recorded_by) <> (t.recorded_at, t.recorded_by) OR x.voided_at IS NOT NULL"
    return "true"


@as_service(Why.LISTS)
def undo(batch: Batch, *, by: User, reason: str, partly: bool) -> Undone:
    """Void what the locked batch wrote, in the transaction of the caller. Raises EditedSince unless `partly`.

    Nothing is named of what lies beyond the user's regions: where there is some, that alone is said (`check_covered`).
    """
    check_covered(by, batch)
    undoing = Undoing(batch, by, database_now(), reason)
    kept = KINDS[batch.kind].take_back(undoing, partly=partly)
    if kept and not partly:
        shown = ", ".join(kept[:NAMED])
        words = _(
            "Somebody went on with records of this batch, so nothing was taken back. "
            "Look at them, or take back all the others: %(records)s"
        )
        raise EditedSince(words % {"records": shown + (" …" if len(kept) > NAMED else "")}, tuple(kept))
    move(batch, BatchState.UNDONE)
    batch.undone_at, batch.undone_by, batch.undo_reason = undoing.at, by.pk, reason
    batch.save(update_fields=["state", "state_since", "undone_at", "undone_by", "undo_reason"])
    record("undo", batch, by=by, reason=reason, detail={"voided": dict(undoing.voided), "kept": len(kept)})
    return Undone(dict(undoing.voided), tuple(kept))
