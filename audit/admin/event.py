"""The trail itself, for auditors: acts, changes of rows, readings."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent, Reading, RowChange
from core.admin import DeskAdmin


class _Trail(DeskAdmin):
    """Only read. Searched by exact matches, which indexes serve."""

    ordering = ("-id",)
    #: What one word may be, and what an id may be.
    words: tuple[str, ...] = ()
    ids: tuple[str, ...] = ("block",)
    search_fields = ("pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Rows that name what was sought."""
        term = search_term.strip()
        if not term:
            return queryset, False
        found = Q(pk__in=[])
        for name in (*self.words, *(self.ids if _is_uuid(term) else ())):
            found |= Q(**{name: term})
        return queryset.filter(found), False


@admin.register(AuditEvent)
class AuditEventAdmin(_Trail):
    """Acts. Found by a record's id, an actor's id, a transaction's id, or what was done."""

    list_display = ("at", "action", "object_type", "object_id", "actor_id", "reason", "block")
    words = ("object_id", "action", "object_type")
    ids = ("actor_id", "block")
    search_help_text = _("The id of a record or of a person who acted, or what was done, such as void")


@admin.register(RowChange)
class RowChangeAdmin(_Trail):
    """Changes of rows. The acts of the same transaction say who; a transaction without acts was no action's."""

    list_display = ("at", "operation", "table_name", "rows", "columns", "role", "block")
    words = ("table_name",)
    search_help_text = _("The id of a transaction, or the name of a table")


@admin.register(Reading)
class ReadingAdmin(_Trail):
    """Readings. Found by a record's id, an actor's id, or a kind of record."""

    list_display = ("at", "page", "object_type", "object_id", "shown", "actor_id", "block")
    words = ("object_id", "object_type")
    ids = ("actor_id", "block")
    search_help_text = _("The id of a record or of a person who read")


def _is_uuid(text: str) -> bool:
    digits = text.replace("-", "")
    return len(digits) == 32 and all(c in "0123456789abcdef" for c in digits.lower())
