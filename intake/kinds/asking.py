"""Asking and telling about staged rows in SQL: of a whole batch while it is checked, or of the few that are written now."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.policy import Reach
from intake.kinds.kind import Kind, Span
from intake.models import Batch
from intake.models.staging import Severity


class Asking:
    """Statements about the rows `s` of a batch, or of the span of it that is being written.

    A row that is refused already is not asked about again: what it lacks would be found a second time under another name.
    """

    def __init__(self, batch: Batch, kind: Kind, span: Span | None = None) -> None:
        self.batch, self.kind, self.span = batch, kind, span
        headings: dict[str, str] = {name: heading for heading, name in batch.columns.items()}
        self._headings = {name: headings.get(name, "")[:60] for name in kind.slots}

    def slot(self, name: str, row: str = "s") -> str:
        """The SQL for the value of a field or derived slot; an empty text where nothing is known."""
        return f"{row}.value[{self.kind.slots[name] + 1}]"

    def heading(self, name: str) -> str:
        """What stands above the column of the field in the file; empty where the file has none."""
        return self._headings.get(name, "")

    @property
    def rows_asked(self) -> str:
        """The SQL condition for the rows that are asked about."""
        within = " AND s.lead > %(after)s AND s.lead <= %(through)s" if self.span else ""
        return f"s.batch_id = %(batch)s AND s.severity < {Severity.ERROR:d} AND NOT s.is_left_out{within}"

    def refuse(
        self, code: str, column: str, where: str, *, source: str = "", other: str = "NULL::int"
    ) -> None:
        """Refuse each row that fulfils the condition. Two statements."""
        if self._find(code, column, Severity.ERROR, where, source, other):
            self._grade()

    def warn(self, code: str, column: str, where: str, *, source: str = "", other: str = "NULL::int") -> None:
        """Let a person look at each row that fulfils the condition. Two statements."""
        if self._find(code, column, Severity.WARNING, where, source, other):
            self._grade()

    def fill(self, name: str, value: str, source: str, where: str) -> None:
        """Give the slot the SQL value in each row for which `source` has a match under the condition. One statement."""
        self.run(
            f"UPDATE intake_stagedrow s SET value[{self.kind.slots[name] + 1}] = {value}"
            f" FROM {source} WHERE {self.rows_asked} AND ({where})"
        )

    def know(self, record: str, source: str, where: str) -> None:
        """Say which record a row repeats: then it is not written again. One statement."""
        self.run(
            f"UPDATE intake_stagedrow s SET known_as = {record} FROM {source}"
            f" WHERE {self.rows_asked} AND s.known_as IS NULL AND ({where})"
        )

    def run(self, statement: str, params: Mapping[str, object] | None = None) -> int:
        """Run a statement of one's own; answers the rows that it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._filled(params))
            return int(cursor.rowcount)

    def rows(self, statement: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a question of one's own."""
        with connection.cursor() as cursor:
            cursor.execute(statement, self._filled(params))
            return list(cursor.fetchall())

    def _find(self, code: str, column: str, severity: Severity, where: str, source: str, other: str) -> int:
        return self.run(
            'INSERT INTO intake_finding (batch_id, row, "column", code, severity, other_row)'
            f" SELECT s.batch_id, s.number, %(column)s, %(code)s, %(severity)s, {other}"
            f" FROM intake_stagedrow s {source} WHERE {self.rows_asked} AND ({where})",
            {"column": self._headings.get(column, ""), "code": code, "severity": int(severity)},
        )

    def _grade(self) -> None:
        self.run(
            "UPDATE intake_stagedrow s SET severity = found.worst FROM"
            " (SELECT row, max(severity) AS worst FROM intake_finding WHERE batch_id = %(batch)s GROUP BY row) found"
            f" WHERE {self.rows_asked} AND s.number = found.row AND s.severity < found.worst"
        )

    def _filled(self, params: Mapping[str, object] | None) -> dict[str, Any]:
        span = {"after": self.span.after, "through": self.span.last} if self.span else {}
        return {
            "batch": self.batch.pk,
            "organisation": self.batch.organisation_id,
            "reach": self.reach,
            "reach_to_change": self.reach_to_change,
            **span,
            **(params or {}),
        }

    @cached_property
    def reach(self) -> list[str]:
        """Paths of the regions in which whoever sent or accepted the list works for its organisation; [""] is everywhere.

        What lies outside is as unknown to the check as what does not exist.
        """
        return self._reach_to(self.kind.permission[1])

    @cached_property
    def reach_to_change(self) -> list[str]:
        """The same for what stands in the register and is changed by a row."""
        return self._reach_to("change")

    @cached_property
    def _user(self) -> User | None:
        return User.objects.filter(pk=self.batch.in_whose_right).first()

    def _reach_to(self, action: str) -> list[str]:
        user = self._user
        if user is None:
            return []
        resource = self.kind.permission[0]
        return [
            scope.region_path
            for scope in user.scopes()
            if (reach := scope.reach(resource, action)) is not None
            and (reach is Reach.REGION or scope.organisation_id == self.batch.organisation_id)
        ]


def in_reach(region: str, paths: str = "reach") -> str:
    """The SQL condition that the region of this id lies where the sender works, or may change what is there."""
    return (
        f"EXISTS (SELECT FROM regions_region near, unnest(%({paths})s::text[]) AS reach (path)"
        f" WHERE near.id = {region} AND starts_with(near.path, reach.path))"
    )
