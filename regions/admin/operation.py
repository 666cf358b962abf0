"""Operations on the desk."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from regions.models import Operation
from regions.models.operation import AUDIENCES

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Operation]
else:
    ModelForm = forms.ModelForm


class OperationForm(ModelForm):
    """The operation as it is entered: languages and readers are ticked."""

    report_languages = forms.MultipleChoiceField(
        label=_("Languages of the report"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    report_audiences = forms.MultipleChoiceField(
        label=_("Readers of the report"), choices=AUDIENCES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Operation
        exclude = ()


@admin.register(Operation)
class OperationAdmin(AuditedAdmin):
    """Which crisis, from when to when, on whose clock, reported when."""

    list_display = ("name", "starts_on", "ends_on", "zone", "report_due", "is_automatic")
    search_fields = ("name", "key")
    is_plain = True
    form = OperationForm
    autocomplete_fields = ("regions", "automatic_regions")
    fieldsets = (
        (None, {"fields": ("name", "key", "regions")}),
        (_("Period"), {"fields": (("starts_on", "ends_on"), "zone")}),
        (
            _("Reports"),
            {
                "fields": (
                    "report_due",
                    ("report_languages", "report_audiences"),
                    "is_automatic",
                    "automatic_regions",
                    "baseline_note",
                )
            },
        ),
    )
