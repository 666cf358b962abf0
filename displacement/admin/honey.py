"""The list of honey records, for auditors."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.admin import AuditedAdmin
from core.database_roles import Why, as_service
from displacement.models import HoneyRecord, Household


@admin.register(HoneyRecord)
class HoneyRecordAdmin(AuditedAdmin):
    """Which families nobody is behind, who placed them and in whose name they stand. The latest first."""

    list_display = ("placed_at", "organisation", "placed_name")
    list_select_related = ("organisation",)
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    fields = (("organisation", "placed_at", "placed_name"), ("number", "due", "registered_name"))
    readonly_fields = ("placed_name", "number", "due", "registered_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the user name of who placed them."""
        placed = User.objects.filter(pk=OuterRef("placed_by")).order_by().values("username")
        rows: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(placer=Subquery(placed))
        return named

    @admin.display(description=_("placed by"))
    def placed_name(self, kept: Any) -> str:
        """The user name."""
        return kept.placer or "-"

    @admin.display(description=_("registration number"))
    def number(self, kept: HoneyRecord) -> str:
        """Of the household, once it stands in the register; the page of the household itself raises an alarm."""
        with as_service(Why.DECOYS):  # an auditor sees no households
            found = Household.objects.filter(pk__in=kept.laid.households).first()
        if found is None:
            return str(_("not in the register yet"))
        return str(_("erased, with its family")) if found.is_erased else found.number

    @admin.display(description=_("in the register from"))
    def due(self, kept: HoneyRecord) -> str:
        """When it is written."""
        return f"{kept.due_at:%Y-%m-%d %H:%M} UTC"

    @admin.display(description=_("in the name of"))
    def registered_name(self, kept: HoneyRecord) -> str:
        """The user name of whose registration it looks like."""
        found = User.objects.filter(pk=kept.plan["as"]).values_list("username", flat=True).first()
        return found or "-"

    def label(self, record: Any) -> str:
        """Whose, and when it was placed."""
        return f"{record.organisation} · {record}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only by its command."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
