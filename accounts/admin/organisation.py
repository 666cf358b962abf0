"""Organisations on the desk."""

from django.contrib import admin

from accounts.models import Organisation
from audit.admin import AuditedAdmin


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    """Who works here."""

    list_display = ("name", "short_name", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "short_name")
    is_plain = True
