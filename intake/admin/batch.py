"""Lists that were sent in: one page each, from the file to the register."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.admin import AuditedAdmin
from core.admin import Act
from displacement.models import Person
from intake.actions import batches, retention
from intake.admin.answer_forms import AcceptForm, DiscardForm, RetryForm, UndoForm
from intake.admin.columns_form import ColumnsForm
from intake.admin.likeness import likeness_of
from intake.admin.review import review_of
from intake.admin.rows_page import rows_context
from intake.admin.standing import has_rows, progress_of, standing_of, steps_of
from intake.admin.upload_form import UploadForm
from intake.download import refused_file
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import BatchState
from intake.seen import CHECKED


def _is_open(batch: Batch) -> bool:
    """Whether there is anything to accept."""
    return batch.state == BatchState.READY and has_rows(batch)


def _is_undoable(batch: Batch) -> bool:
    """Whether something was written, as far as it got, and the rows are here that say what."""
    is_written = batch.state == BatchState.ACCEPTED or (_has_failed(batch) and batch.accepted_at)
    return bool(is_written) and batch.rows_removed_at is None


def _has_failed(batch: Batch) -> bool:
    return bool(batch.state == BatchState.FAILED)


def _can_be_read_anew(batch: Batch) -> bool:
    """Whether its columns may be named again: not once somebody accepted it."""
    return (
        batch.state in (BatchState.NEEDS_MAPPING, BatchState.READY, BatchState.FAILED)
        and not batch.accepted_at
    )


def _is_unwritten(batch: Batch) -> bool:
    """Whether it waits and nothing of it is in the register."""
    return (
        batch.state in (BatchState.NEEDS_MAPPING, BatchState.READY, BatchState.FAILED)
        and not batch.written_through
    )


@admin.register(Batch)
class BatchAdmin(AuditedAdmin):
    """Lists of the own organisation, the latest first."""

    list_display = ("name", "kind_in_words", "state", "rows_in_words", "received_at", "sent_by")
    list_filter = ("state",)
    ordering = ("-id",)
    list_select_related = ("organisation", "registered_in")
    reach_organisation = "organisation_id"
    reach_region = "registered_in"
    adding = Act("add", _("Send in a list"), "add", UploadForm)
    acts = (
        Act("accept", _("Accept"), "change", AcceptForm, is_open=_is_open),
        Act(
            "columns",
            _("Say what the columns mean"),
            "change",
            ColumnsForm,
            is_open=_can_be_read_anew,
        ),
        Act("retry", _("Try again"), "change", RetryForm, is_open=_has_failed),
        Act("undo", _("Undo"), "void", UndoForm, is_open=_is_undoable, is_grave=True),
        Act(
            "discard",
            _("Discard"),
            "void",
            DiscardForm,
            is_open=_is_unwritten,
            is_grave=True,
        ),
    )

    @admin.display(description=_("kind of list"))
    def kind_in_words(self, batch: Batch) -> str:
        """What the list holds."""
        return str(KINDS[batch.kind].label)

    @admin.display(description=_("rows: fine / warnings / refused"))
    def rows_in_words(self, batch: Batch) -> str:
        """What the check found; a dash before it has."""
        counts = [batch.counts.get(name) for name in ("fine", "warned", "refused")]
        return " / ".join(str(count) for count in counts) if None not in counts else "-"

    @admin.display(description=_("sent in by"))
    def sent_by(self, batch: Any) -> str:
        """The user name."""
        return str(batch.sender or "")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the name of who sent each."""
        senders = User.objects.filter(pk=OuterRef("received_by")).values("username")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(sender=Subquery(senders[:1]))
        return rows

    shows_nobody = frozenset({"intake_batch_progress"})

    def get_urls(self) -> list[URLPattern]:
        """With the pages below a list's own."""
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/rows/", wrap(self.rows_view), name="intake_batch_rows"),
            path("<path:object_id>/progress/", wrap(self.progress_view), name="intake_batch_progress"),
            path("<path:object_id>/refused.csv", wrap(self.refused_view), name="intake_batch_refused"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Where the list stands, what was found in it, and what can be done with it now."""
        batch = self.get_object(request, unquote(object_id))
        if batch is None:
            return self.not_found(request, object_id)
        found = batches.summary(batch) if batch.state in CHECKED else None
        has_rows, is_theirs = batch.rows_removed_at is None, batch.received_by == request.user.pk
        context = {
            **self._context(request, batch),
            "about": self._about(batch),
            "removed": retention.removed_in_words(batch) if found else "",
            "steps": steps_of(batch),
            "standing": standing_of(batch),
            "progress": progress_of(batch),
            "progress_url": self._url("progress", batch),
            "acts": self.open_acts(request, batch),
            "review": review_of(batch, found, self._url("rows", batch) if has_rows else "")
            if found
            else None,
            "refused_url": self._url("refused", batch)
            if found and found.refused and has_rows and is_theirs
            else "",
            "history_url": reverse("admin:intake_batch_history", args=(batch.pk,)),
        }
        return TemplateResponse(request, "intake/batch.html", context)

    def next_url(self, request: HttpRequest, done: Any) -> str:
        """After sending in a list, straight to the question what its columns mean."""
        if done.state == BatchState.NEEDS_MAPPING and self.may(request, "change", done):
            return self.act_url(done, "columns")
        return super().next_url(request, done)

    def rows_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Rows one by one, with what was found in each."""
        batch = self._visible(request, object_id)
        if batch.state not in CHECKED:
            raise Http404
        if batch.rows_removed_at is not None:
            return self._removed(request, batch)
        may_accept = _is_open(batch) and self.may(request, "change", batch)
        context = {
            **self._context(request, batch),
            **rows_context(batch, self._url("rows", batch), self._likeness(request, batch), request.GET),
            "title": _("Rows of %(name)s") % {"name": batch.name},
            "accept_url": self.act_url(batch, "accept") if may_accept else "",
        }
        return TemplateResponse(request, "intake/rows.html", context)

    def _likeness(self, request: HttpRequest, batch: Batch) -> Any:
        """What says of rows whom of the register they may be, while that can still be decided upon."""
        if batch.state != BatchState.READY:
            return lambda _rows: {}
        people = self.admin_site.get_model_admin(Person)
        return lambda rows: likeness_of(KINDS[batch.kind], rows, request, people)

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far the worker is, for the page's script."""
        batch = self._visible(request, object_id)
        told = progress_of(batch)
        answer = {
            "state": batch.state,
            "words": told.words if told else "",
            "done": batch.progress,
            "total": batch.total,
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def refused_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The rows that were not taken, to be mended and sent in again."""
        batch = self._visible(request, object_id)
        if batch.state not in CHECKED:
            raise Http404
        if batch.rows_removed_at is not None:
            return self._removed(request, batch)
        user: Any = request.user
        try:
            return refused_file(batch, user)
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.record_url(batch))

    def _removed(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """Back to the list's page, which says when its rows were removed."""
        messages.warning(request, _("The rows of this list are not here any more."))
        return HttpResponseRedirect(self.record_url(batch))

    def _visible(self, request: HttpRequest, object_id: str) -> Batch:
        """The batch; absent and out of reach are answered alike."""
        batch: Batch | None = self.get_object(request, unquote(object_id))
        if batch is None:
            raise Http404
        return batch

    def _context(self, request: HttpRequest, batch: Batch) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": batch.name,
            "subtitle": None,
            "opts": self.opts,
            "batch": batch,
            "record_label": batch.name,
            "record_url": self.record_url(batch),
            "list_url": reverse("admin:intake_batch_changelist"),
        }

    def _about(self, batch: Any) -> str:
        """What it is, whose, from where, since when."""
        at = date_format(timezone.localtime(batch.received_at), "j M Y, H:i")
        parts = [
            KINDS[batch.kind].label,
            batch.organisation,
            batch.registered_in,
            f"{at}, {batch.sender or ''}",
        ]
        return " · ".join(str(part) for part in parts)

    def _url(self, page: str, batch: Batch) -> str:
        return reverse(f"admin:intake_batch_{page}", args=(batch.pk,))
