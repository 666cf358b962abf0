"""Editions on the desk: read, published, withdrawn, downloaded."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit.admin import AuditedAdmin
from core.admin import Act, DeskInline
from regions.admin import RegionSearch, region_filter
from reports.admin.edition_forms import (
    AcknowledgeForm,
    ApproveForm,
    HighlightsForm,
    MailForm,
    MakeForm,
    PublishForm,
    SendBackForm,
    SubmitForm,
    TrialForm,
    WithdrawForm,
)
from reports.admin.figure_pages import FigurePages
from reports.admin.reconciliation_page import ReconciliationPage, reconciliation_url
from reports.models import Delivery, Edition, EditionFile, Erratum
from reports.models.edition import READABLE, UNPUBLISHED, EditionStatus
from reports.models.workflow import EditionAct, Who, transition
from reports.rendering.encode import from_json
from reports.rendering.registry import FORMATS

#: An edition's HTML brings its own styles and pictures and needs nothing else; it runs nothing.
READING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class DeliveryInline(DeskInline):
    """What became of each mail."""

    model = Delivery
    fields = ("address", "state", "attempts", "sent_at", "last_error")
    readonly_fields = fields


class ErratumInline(DeskInline):
    """What readers were told was wrong in it."""

    model = Erratum
    fields = ("state", "reason", "found_at", "published_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What readers were told; what is open only for those who decide it."""
        rows: Any = super().get_queryset(request)
        return rows.visible_to(request.user)  # type: ignore[no-any-return]


def _opens(act: EditionAct) -> Callable[[Edition], bool]:
    """Whether the table of transitions has the act for an edition as it stands."""

    def is_open(edition: Edition) -> bool:
        row = transition(edition.status, act)
        if row is None or row.who != Who.AUTOMATIC:
            return row is not None
        return edition.operation.is_automatic_in(edition.region)

    return is_open


def _is_readable(edition: Edition) -> bool:
    return edition.status in READABLE


def _is_standing(edition: Edition) -> bool:
    return edition.status != EditionStatus.WITHDRAWN


def _has_flags(edition: Edition) -> bool:
    return edition.status != EditionStatus.WITHDRAWN and bool(edition.content.get("flag_rows"))


@admin.register(Edition)
class EditionAdmin(FigurePages, ReconciliationPage, RegionSearch, AuditedAdmin):
    """One report of one region and local day each, frozen."""

    list_display = (
        "local_day",
        "region",
        "audience",
        "language",
        "number",
        "status",
        "is_late",
        "kept_files",
    )
    list_display_links = ("local_day", "region")
    list_filter = (
        "status",
        "audience",
        "language",
        region_filter("region", _("region"), occurs_in=(Edition, "region")),
        "operation",
    )
    list_select_related = ("region", "operation")
    ordering = ("-as_of", "region")
    reach_region = "region"
    inlines = (ErratumInline, DeliveryInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "reading",
                    ("region", "local_day", "number"),
                    ("audience", "language"),
                    ("status", "is_late"),
                    "send_back_reason",
                )
            },
        ),
        (_("Highlights"), {"fields": (("highlights", "drafted"), "edited_at")}),
        (
            _("Times"),
            {"fields": (("as_of", "known_at"), ("made_at", "published_at")), "classes": ("collapse",)},
        ),
    )
    readonly_fields = ("reading", "highlights", "drafted", "kept_files")
    adding = Act("add", _("Make an edition"), "add", MakeForm)
    acts = (
        Act("edit", _("Edit the highlights"), "change", HighlightsForm, is_open=_opens(EditionAct.EDIT)),
        Act("acknowledge", _("Acknowledge a flag"), "change", AcknowledgeForm, is_open=_has_flags),
        Act("submit", _("Send to review"), "change", SubmitForm, is_open=_opens(EditionAct.SUBMIT)),
        Act("approve", _("Approve"), "publish", ApproveForm, is_open=_opens(EditionAct.APPROVE)),
        Act("publish", _("Publish"), "publish", PublishForm, is_open=_opens(EditionAct.PUBLISH)),
        Act("mail", _("Mail to new subscribers"), "publish", MailForm, is_open=_is_readable),
        Act("test", _("Mail it to me as a test"), "view", TrialForm, is_open=_is_standing),
        Act("send-back", _("Send back"), "publish", SendBackForm, is_open=_opens(EditionAct.SEND_BACK)),
        Act(
            "withdraw",
            _("Withdraw"),
            "publish",
            WithdrawForm,
            is_open=_opens(EditionAct.WITHDRAW),
            is_grave=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the content, which a list does not show, and with the names of its files."""
        files = EditionFile.objects.filter(format__in=FORMATS).defer("content").order_by("format")
        rows = super().get_queryset(request).select_related("region", "operation").defer("content")
        return rows.prefetch_related(Prefetch("files", files, to_attr="listed_files"))

    def label(self, record: Edition) -> str:
        """Region, day, number, and for whom."""
        whom = f"{record.get_audience_display()}, {record.language}"
        return f"{record.region} {record.local_day:%Y-%m-%d}, {_('no.')} {record.number} ({whom})"

    @admin.display(description=_("highlights"))
    def highlights(self, edition: Edition) -> str:
        """What stands in the report."""
        return _listed(edition.content["highlights"])

    @admin.display(description=_("as drafted from the figures"))
    def drafted(self, edition: Edition) -> str:
        """What the figures gave, whatever a person wrote since."""
        return _listed(edition.drafted_highlights) if edition.edited_at else "–"

    @admin.display(description=_("files"))
    def kept_files(self, edition: Edition) -> str:
        """Every kept file, to read or to download. No query in a list."""
        kept: list[EditionFile] = getattr(edition, "listed_files", [])
        links = [(self._file_url(edition, each.format), each.format.upper()) for each in kept]
        return format_html_join(" ", '<a href="{}">{}</a>', links) or "–"

    @admin.display(description=_("Read it"))
    def reading(self, edition: Edition) -> str:
        """Links to the report as it is, to its kept files, and to what it can be compared with. One query."""
        kept = (
            EditionFile.objects.filter(edition=edition, format__in=FORMATS)
            .defer("content")
            .order_by("format")
        )
        links = [(self._file_url(edition, each.format), each.format.upper()) for each in kept]
        links = links or [(self._file_url(edition, "html"), str(_("Read the draft")))]
        figures = reverse("admin:reports_edition_figures", args=(edition.pk,))
        where = reconciliation_url(edition)
        lines = [(where, _("Who was to leave, and who is where"))] if where else []
        return format_html_join(
            " ", '<a class="reading" href="{}">{}</a>', [*links, (figures, _("Figures, compared")), *lines]
        )

    def _file_url(self, edition: Edition, name: str) -> str:
        return reverse("admin:reports_edition_file", args=(edition.pk, name))

    def get_urls(self) -> list[URLPattern]:
        """With the files."""
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<path:object_id>/file/<slug:name>/", view, name="reports_edition_file"),
            path(
                "<uuid:pk>/figures/",
                self.admin_site.admin_view(self.figures_view),
                name="reports_edition_figures",
            ),
            path(
                "<uuid:pk>/figure/",
                self.admin_site.admin_view(self.figure_view),
                name="reports_edition_figure",
            ),
            path(
                "<uuid:pk>/reconciliation/",
                self.admin_site.admin_view(self.reconciliation_view),
                name="reports_edition_reconciliation",
            ),
            *super().get_urls(),
        ]

    def file_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """A kept file, byte for byte; of a draft, the file as it would be if it were published now."""
        edition = self.get_object(request, unquote(object_id))
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        kept = EditionFile.objects.filter(edition=edition, format=name).first() or draft_file(edition, name)
        if kept is None:
            raise Http404
        return _answer(kept)


def _listed(lines: list[str]) -> str:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", [(line,) for line in lines]))


def draft_file(edition: Edition, name: str) -> EditionFile | None:
    """A draft in one format, made and not kept; None for what is no draft or no format. Takes up to a second or two."""
    entry = FORMATS.get(name)
    if entry is None or edition.status not in UNPUBLISHED:
        return None
    with override(edition.language):
        content = entry.render(from_json(edition.content))
    file_name = f"draft-{edition.region.key}-{edition.local_day}.{entry.extension}"
    return EditionFile(format=name, media_type=entry.media_type, file_name=file_name, content=content)


def _answer(kept: EditionFile) -> HttpResponse:
    """As a page if it is one, else as a download."""
    is_page = kept.format == "html"
    response = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    disposition = "inline" if is_page else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="{kept.file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if is_page:
        response["Content-Security-Policy"] = READING_POLICY
    return response
