"""The trail itself, for auditors."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent
from core.admin import DeskAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(DeskAdmin):
    """Only read. Found by a record's id, an actor's id, or what was done."""

    list_display = ("at", "action", "object_type", "object_id", "actor_id", "reason")
    search_fields = ("object_id",)
    search_help_text = _("The id of a record or of a person who acted, or what was done, such as void")
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Exact matches only, which indexes serve."""
        term = search_term.strip()
        if not term:
            return queryset, False
        found = Q(object_id=term) | Q(action=term) | Q(object_type=term)
        return queryset.filter(found | Q(actor_id=term) if _is_uuid(term) else found), False


def _is_uuid(text: str) -> bool:
    digits = text.replace("-", "")
    return len(digits) == 32 and all(c in "0123456789abcdef" for c in digits.lower())
