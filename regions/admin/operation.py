"""Operations on the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from regions.models import Operation


@admin.register(Operation)
class OperationAdmin(AuditedAdmin):
    """Which crisis, from when to when, on whose clock, reported when."""

    list_display = ("name", "starts_on", "ends_on", "zone", "report_due", "is_automatic")
    search_fields = ("name", "key")
    is_plain = True
    autocomplete_fields = ("regions",)
    fieldsets = (
        (None, {"fields": ("name", "key", "regions")}),
        (_("Period"), {"fields": (("starts_on", "ends_on"), "zone")}),
        (_("Reports"), {"fields": ("report_due", "is_automatic", "baseline_note")}),
    )
