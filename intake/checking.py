"""Checks that need the other rows or the register: each is one statement over all rows, never one for each row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from intake.kinds.kind import Kind
from intake.kinds.registry import KINDS
from intake.lease import renew
from intake.models import Batch
from intake.models.batch import BatchState
from intake.models.staging import Severity
from intake.row_ids import RowIds

#: Memory for one sort or hash of a check; at most a few of them run in one statement.
_WORK_MEMORY = "64MB"


class SetCheck:
    """What a kind may do in its check: statements in which `s` is a staged row of the batch."""

    def __init__(self, batch: Batch, kind: Kind) -> None:
        self.batch, self.kind = batch, kind
        fields = {name: heading for heading, name in batch.columns.items()}
        self._headings: dict[str, str] = {name: fields.get(name, "")[:60] for name in kind.slots}

    def slot(self, name: str, row: str = "s") -> str:
        """The SQL for the value of a field or derived slot of the row `s`; an empty text where nothing is known."""
        return f"{row}.value[{self.kind.slots[name] + 1}]"

    def find(
        self,
        code: str,
        column: str,
        severity: Severity,
        where: str,
        params: Mapping[str, object] | None = None,
        *,
        other: str = "NULL::int",
        source: str = "",
    ) -> int:
        """One finding for each row `s` of the batch that fulfils the SQL condition; answers how many. One statement.

        `source` adds relations to FROM; `other` is the SQL for the number of the row that it has to do with.
        """
        statement = (
            'INSERT INTO intake_finding (batch_id, row, "column", code, severity, other_row)'
            f" SELECT s.batch_id, s.number, %(column)s, %(code)s, %(severity)s, {other}"
            f" FROM intake_stagedrow s {source} WHERE s.batch_id = %(batch)s AND ({where})"
        )
        told = {"column": self.heading(column), "code": code, "severity": int(severity)}
        return self.run(statement, {**told, **(params or {})})

    def run(self, statement: str, params: Mapping[str, object] | None = None) -> int:
        """Run a statement of one's own, with `%(batch)s` and `%(organisation)s` filled in; answers the rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._filled(params))
            return int(cursor.rowcount)

    def heading(self, name: str) -> str:
        """The file's heading over a field; empty where the file does not tell it."""
        return self._headings.get(name, "")

    def own_ids(self) -> tuple[UUID, UUID]:
        """The lowest and the highest id that rows of this batch can have."""
        return RowIds.bounds(self.batch)

    def grade(self) -> None:
        """Give each row the severity of the worst that was found about it so far."""
        self.run(
            "UPDATE intake_stagedrow s SET severity = found.worst FROM"
            " (SELECT row, max(severity) AS worst FROM intake_finding WHERE batch_id = %(batch)s GROUP BY row) found"
            " WHERE s.batch_id = %(batch)s AND s.number = found.row AND s.severity < found.worst"
        )

    def rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a question of one's own; for counts, not for lists as long as the file."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._filled(params))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _filled(self, params: Mapping[str, object] | None) -> dict[str, Any]:
        return {"batch": self.batch.pk, "organisation": self.batch.organisation_id, **(params or {})}


def check(batch: Batch) -> None:
    """Find all that is doubtful about a batch whose rows are staged, and let people look at it.

    In one transaction of some twenty statements, whatever the number of rows.
    """
    kind = KINDS[batch.kind]
    with transaction.atomic():
        checking = SetCheck(batch, kind)
        checking.run("SELECT set_config('work_mem', %(memory)s, true)", {"memory": _WORK_MEMORY})
        # A table that was just filled has no statistics, and a plan for ten rows does not end with a million.
        checking.run(
            "ANALYZE intake_stagedrow (batch_id, number, lead, parent_id, severity, fingerprint, known_as)"
        )
        _join_groups(checking)
        kind.check(checking)
        checking.grade()
        counts = counted(checking)
        renew(batch, state=BatchState.READY, counts=counts, attempts=0)


def _join_groups(checking: SetCheck) -> None:
    """Rows of one group that stand apart in the file are written together: all of them get the lead of the first."""
    if not checking.kind.group_slot:
        return
    token = checking.slot(checking.kind.group_slot)
    moved = checking.run(
        "WITH apart AS ("
        f"SELECT {token} AS token, min(s.lead) AS lead FROM intake_stagedrow s"
        f" WHERE s.batch_id = %(batch)s AND {token} <> '' GROUP BY 1 HAVING min(s.lead) <> max(s.lead))"
        " UPDATE intake_stagedrow s SET lead = apart.lead, parent_id = first.parent_id"
        " FROM apart JOIN intake_stagedrow first ON first.batch_id = %(batch)s AND first.number = apart.lead"
        f" WHERE s.batch_id = %(batch)s AND {token} = apart.token AND s.lead <> apart.lead"
    )
    if moved:
        _share(checking)


def _share(checking: SetCheck) -> None:
    """What neighbours were given while they were read, for rows that stand apart: the first holds what its group tells."""
    for name in checking.kind.shared:
        told, place = checking.slot(name, "m"), checking.kind.slots[name] + 1
        checking.run(
            f"UPDATE intake_stagedrow f SET value[{place}] = told.text FROM ("
            f"SELECT DISTINCT ON (m.lead) m.lead, {told} AS text FROM intake_stagedrow m"
            f" WHERE m.batch_id = %(batch)s AND {told} <> '' ORDER BY m.lead, m.number) told"
            f" WHERE f.batch_id = %(batch)s AND f.number = told.lead AND {checking.slot(name, 'f')} = ''"
        )
    for name in checking.kind.inherited:
        told, place = checking.slot(name, "f"), checking.kind.slots[name] + 1
        checking.run(
            f"UPDATE intake_stagedrow s SET value[{place}] = {told} FROM intake_stagedrow f"
            " WHERE s.batch_id = %(batch)s AND f.batch_id = %(batch)s AND f.number = s.lead AND s.number <> s.lead"
            f" AND {checking.slot(name)} = '' AND {told} <> ''"
        )


def counted(checking: SetCheck) -> dict[str, Any]:
    """The numbers of the summary, so that a page reads them without counting a million rows. Five statements."""
    by_severity = dict(
        checking.rows(
            "SELECT severity, count(*) FROM intake_stagedrow WHERE batch_id = %(batch)s GROUP BY severity"
        )
    )
    known = checking.rows(
        "SELECT count(*) FROM intake_stagedrow WHERE batch_id = %(batch)s AND known_as IS NOT NULL"
    )[0][0]
    codes = checking.rows(
        "SELECT code, severity, count(DISTINCT row) FROM intake_finding WHERE batch_id = %(batch)s"
        " GROUP BY code, severity ORDER BY severity DESC, count(DISTINCT row) DESC, code"
    )
    return {
        "fine": by_severity.get(Severity.FINE, 0),
        "warned": by_severity.get(Severity.WARNING, 0),
        "refused": by_severity.get(Severity.ERROR, 0),
        "known": known,
        "codes": [list(code) for code in codes],
        "fine_only": checking.kind.effects(checking, Severity.FINE),
        "with_warnings": checking.kind.effects(checking, Severity.WARNING),
    }
