"""Saved meanings of columns: which there are, and what they say."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from intake.kinds.registry import KINDS
from intake.models import Mapping


@admin.register(Mapping)
class MappingAdmin(AuditedAdmin):
    """What the columns of a partner's lists mean; made on the page of a list."""

    list_display = ("name", "kind_in_words", "organisation", "recorded_at")
    list_select_related = ("organisation",)
    ordering = ("organisation", "kind", "name")
    reach_organisation = "organisation_id"
    fieldsets = ((None, {"fields": (("name", "kind_in_words"), "organisation", "meanings")}),)
    readonly_fields = ("kind_in_words", "meanings")

    @admin.display(description=_("kind of list"))
    def kind_in_words(self, mapping: Mapping) -> str:
        """What such lists hold."""
        return str(KINDS[mapping.kind].label)

    @admin.display(description=_("columns"))
    def meanings(self, mapping: Mapping) -> str:
        """Heading and meaning of each."""
        labels = {field.name: str(field.label) for field in KINDS[mapping.kind].fields}
        return "; ".join(f"{column}: {labels.get(name, name)}" for column, name in mapping.columns.items())
