"""Editions on the desk: read, published, withdrawn, downloaded."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from audit.admin import AuditedAdmin
from core.admin import Act, DeskInline
from regions.admin import RegionSearch, region_filter
from reports.admin.edition_forms import MailForm, MakeForm, PublishForm, WithdrawForm
from reports.models import Delivery, Edition, EditionFile
from reports.models.edition import EditionStatus
from reports.rendering.encode import from_json
from reports.rendering.registry import FORMATS

#: An edition's HTML brings its own styles and pictures and needs nothing else; it runs nothing.
READING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


class DeliveryInline(DeskInline):
    """What became of each mail."""

    model = Delivery
    fields = ("address", "state", "attempts", "sent_at", "last_error")
    readonly_fields = fields


def _is_draft(edition: Edition) -> bool:
    return edition.status == EditionStatus.DRAFT


def _is_published(edition: Edition) -> bool:
    return edition.status == EditionStatus.PUBLISHED


def _is_standing(edition: Edition) -> bool:
    return edition.status != EditionStatus.WITHDRAWN


@admin.register(Edition)
class EditionAdmin(RegionSearch, AuditedAdmin):
    """One report of one region and local day each, frozen."""

    list_display = ("local_day", "region", "number", "status", "is_late", "published_at")
    list_display_links = ("local_day", "region")
    list_filter = ("status", region_filter("region", _("region"), occurs_in=(Edition, "region")), "operation")
    list_select_related = ("region", "operation")
    ordering = ("-as_of", "region")
    reach_region = "region"
    inlines = (DeliveryInline,)
    fieldsets = (
        (None, {"fields": ("reading", ("region", "local_day", "number"), ("status", "is_late"))}),
        (
            _("Times"),
            {"fields": (("as_of", "known_at"), ("made_at", "published_at")), "classes": ("collapse",)},
        ),
    )
    readonly_fields = ("reading",)
    adding = Act("add", _("Make an edition"), "add", MakeForm)
    acts = (
        Act("publish", _("Publish"), "publish", PublishForm, is_open=_is_draft),
        Act("mail", _("Mail to new subscribers"), "publish", MailForm, is_open=_is_published),
        Act("withdraw", _("Withdraw"), "publish", WithdrawForm, is_open=_is_standing, is_grave=True),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the content, which a list does not show."""
        return super().get_queryset(request).select_related("region", "operation").defer("content")

    def label(self, record: Edition) -> str:
        """Region, day and number."""
        return f"{record.region} {record.local_day:%Y-%m-%d}, {_('no.')} {record.number}"

    @admin.display(description=_("Read it"))
    def reading(self, edition: Edition) -> str:
        """Links to the report as it is and to its kept files. One query."""
        files = (
            EditionFile.objects.filter(edition=edition, format__in=FORMATS)
            .defer("content")
            .order_by("format")
        )
        kept = [(self._file_url(edition, each.format), each.format.upper()) for each in files]
        if not kept:
            return format_html(
                '<a class="reading" href="{}">{}</a>', self._file_url(edition, "html"), _("Read the draft")
            )
        return format_html_join(" ", '<a class="reading" href="{}">{}</a>', kept)

    def _file_url(self, edition: Edition, name: str) -> str:
        return reverse("admin:reports_edition_file", args=(edition.pk, name))

    def get_urls(self) -> list[URLPattern]:
        """With the files."""
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<path:object_id>/file/<slug:name>/", view, name="reports_edition_file"),
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


def draft_file(edition: Edition, name: str) -> EditionFile | None:
    """A draft in one format, made and not kept; None for what is no draft or no format. Takes up to a second or two."""
    entry = FORMATS.get(name)
    if entry is None or edition.status != EditionStatus.DRAFT:
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
