"""Exports of people on the desk."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sessions
from accounts.models import User
from accounts.two_persons import why_another
from audit.admin import AuditedAdmin
from core.admin import Act
from roster.actions.downloading import download
from roster.actions.exports import is_open
from roster.admin.export_forms import ApproveForm, AskForm, WithdrawForm
from roster.exporting.columns import COLUMNS
from roster.models import ExportState, PeopleExport


def _waits(export: PeopleExport) -> bool:
    return export.state == ExportState.ASKED


def _for_another(export: PeopleExport, person: User) -> str:
    return why_another(export.asked_by, person.pk)


def _file_name(export: PeopleExport) -> str:
    """Who may have it stands in the name, which goes along with the file."""
    return f"people-for-{export.recipients}-{export.asked_at:%Y-%m-%d}.csv"


@admin.register(PeopleExport)
class PeopleExportAdmin(AuditedAdmin):
    """Who asked for which people and who approved it, the latest first."""

    list_display = (
        "asked_at",
        "asked_name",
        "recipients",
        "region",
        "shelter",
        "state",
        "people",
        "needed_until",
    )
    list_filter = ("state", "recipients")
    list_select_related = ("region", "shelter", "organisation")
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("state", "recipients"),
                    ("people", "left_out", "file"),
                    ("organisation", "region", "shelter"),
                    "column_labels",
                    "purpose",
                    ("needed_until", "kept_until"),
                )
            },
        ),
        (
            gettext_lazy("Who"),
            {
                "fields": (
                    ("asked_name", "asked_at"),
                    ("approved_name", "approved_at"),
                    ("withdrawn_at", "withdraw_reason"),
                )
            },
        ),
    )
    readonly_fields = ("file", "column_labels", "asked_name", "approved_name")
    adding = Act("add", gettext_lazy("Ask for an export"), "add", AskForm)
    acts = (
        Act(
            "approve",
            gettext_lazy("Approve"),
            "approve",
            ApproveForm,
            is_open=_waits,
            withheld=_for_another,
        ),
        Act("withdraw", gettext_lazy("Withdraw"), "view", WithdrawForm, is_open=is_open, is_grave=True),
    )

    def get_urls(self) -> list[URLPattern]:
        """The file before Django's own, whose last pattern takes everything."""
        address = path(
            "<path:object_id>/file/",
            self.admin_site.admin_view(self.file_view),
            name="roster_peopleexport_file",
        )
        return [address, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the user names of who asked and who approved."""
        names = User.objects.order_by()
        asked = names.filter(pk=OuterRef("asked_by")).values("username")
        approved = names.filter(pk=OuterRef("approved_by")).values("username")
        rows: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(asker=Subquery(asked), approver=Subquery(approved))
        return named

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponse | StreamingHttpResponse:
        """The file, for who asked for it, where everything still holds at this moment."""
        export = self.get_object(request, unquote(object_id))
        if export is None:
            return self.not_found(request, object_id)
        has_second_factor = sessions.passed_second_factor(request.session)
        user: Any = request.user
        try:
            pieces = download(export=export, by=user, has_second_factor=has_second_factor)
        except (ValidationError, PermissionDenied) as refusal:
            told = refusal.messages[0] if isinstance(refusal, ValidationError) else str(refusal)
            messages.error(request, told)
            return HttpResponseRedirect(self.record_url(export))
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{_file_name(export)}"'
        return answer

    @admin.display(description=gettext_lazy("file"))
    def file(self, export: Any) -> str:
        """The way to it, while there is one."""
        if export.state != ExportState.READY:
            return "-"
        url = reverse("admin:roster_peopleexport_file", args=[export.pk])
        return format_html('<a href="{}">{}</a>', url, _("Download"))

    @admin.display(description=gettext_lazy("columns"))
    def column_labels(self, export: Any) -> str:
        """In words."""
        return ", ".join(str(COLUMNS[name].label) for name in export.columns if name in COLUMNS)

    @admin.display(description=gettext_lazy("asked for by"))
    def asked_name(self, export: Any) -> str:
        """The user name."""
        return export.asker or "-"

    @admin.display(description=gettext_lazy("approved by"))
    def approved_name(self, export: Any) -> str:
        """The user name."""
        return export.approver or "-"

    def label(self, record: Any) -> str:
        """From where, and when it was asked for."""
        return f"{record.region} · {record}"
