"""Saved meanings of columns: which there are, what they say, and how they are changed."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import may
from audit.admin import AuditedAdmin
from core.admin import Act
from intake.admin.mapping_form import MappingForm, RestoreForm, RetireForm
from intake.kinds.registry import KINDS
from intake.models import Mapping


def _is_in_use(mapping: Mapping) -> bool:
    return mapping.is_in_use


def _is_out_of_use(mapping: Mapping) -> bool:
    return not mapping.is_in_use


@admin.register(Mapping)
class MappingAdmin(AuditedAdmin):
    """What the columns of a partner's lists mean; made on the page of a list, and kept here."""

    list_display = ("name", "kind_in_words", "organisation", "standing", "last_change")
    list_select_related = ("organisation",)
    ordering = ("organisation", "kind", "name")
    reach_organisation = "organisation_id"
    acts = (
        Act("change", _("Change"), "change", MappingForm, is_open=_is_in_use),
        Act("restore", _("Put back into use"), "void", RestoreForm, is_open=_is_out_of_use),
        Act("retire", _("Take out of use"), "void", RetireForm, is_open=_is_in_use, is_grave=True),
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "kind_in_words"),
                    ("organisation", "standing"),
                    ("last_change", "used_by"),
                    "meanings",
                    "reading",
                )
            },
        ),
    )
    readonly_fields = ("kind_in_words", "standing", "last_change", "used_by", "meanings", "reading")

    def may(self, request: HttpRequest, action: str, record: Model | None = None) -> bool:
        """Only who handles such lists changes what their columns mean."""
        allowed = super().may(request, action, record)
        if not allowed or action == "view" or not isinstance(record, Mapping):
            return allowed
        return isinstance(request.user, User) and may(request.user, *KINDS[record.kind].permission)

    @admin.display(description=_("kind of list"))
    def kind_in_words(self, mapping: Mapping) -> str:
        """What such lists hold."""
        return str(KINDS[mapping.kind].label)

    @admin.display(description=_("in use"))
    def standing(self, mapping: Mapping) -> str:
        """Whether it is offered for lists."""
        if mapping.is_in_use:
            return str(_("yes"))
        return str(_("taken out of use on %(day)s") % {"day": _day(mapping.retired_at)})

    @admin.display(description=_("last change"))
    def last_change(self, mapping: Mapping) -> str:
        """Which version it is, and since when; by whom stands in its history."""
        told = {"version": mapping.version, "day": _day(mapping.changed_at or mapping.recorded_at)}
        return str(_("version %(version)d, %(day)s") % told)

    @admin.display(description=_("forms that use it"))
    def used_by(self, mapping: Mapping) -> str:
        """Forms of telephones; one query."""
        return ", ".join(mapping.kobo_forms.order_by("name").values_list("name", flat=True)) or "-"

    @admin.display(description=_("columns"))
    def meanings(self, mapping: Mapping) -> str:
        """Heading and meaning of each."""
        labels = {field.name: str(field.label) for field in KINDS[mapping.kind].fields}
        return "; ".join(f"{column}: {labels.get(name, name)}" for column, name in mapping.columns.items())

    @admin.display(description=_("how the files are read"))
    def reading(self, mapping: Mapping) -> str:
        """What was declared; all else is found out from each file."""
        words = {True: _("day first"), False: _("month first"), "\t": _("tab")}
        told = [words.get(value, value) for value in mapping.options.values() if value not in (None, "")]
        return ", ".join(str(each) for each in told) or str(_("found out from each file"))


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
