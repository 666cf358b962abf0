"""Whoever opens a page that tells of people leaves a trace, whatever page it is."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from audit.actions.reading import record_reading, record_refused
from core.admin import DeskAdmin

View = Callable[..., HttpResponse]


class ReadAdmin(DeskAdmin):
    """Notes each page of a kind of record that tells of people, in the transaction that read what the page shows.

    All addresses of the kind of record go through `urls`, those that a subclass adds too: there is no page that has to
    remember it. What has no record in its address and is no list says what it showed by `shown_on`.
    """

    #: Pages, by the names of their addresses, that show nothing of anybody.
    shows_nobody: ClassVar[frozenset[str]] = frozenset()

    @property
    def urls(self) -> list[URLPattern]:
        """All addresses below this kind of record, noted where it tells of people."""
        patterns = self.get_urls()
        site: Any = self.admin_site
        if site.tells_of_people(self.resource):
            for pattern in patterns:
                if pattern.name not in self.shows_nobody:
                    pattern.callback = self._noted(pattern.callback, pattern.name or "")
        return patterns

    def _noted(self, view: View, name: str) -> View:
        @wraps(view)
        def noted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return shown(request, *args, **kwargs)
            except Http404:
                if "object_id" in kwargs:
                    self._note_refused(request, unquote(kwargs["object_id"]))
                raise

        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in {"GET", "HEAD"}:
                with transaction.atomic():
                    return self._note(request, view(request, *args, **kwargs), name, **kwargs)
            # What a form changes has its own transaction and its own trace; a page that it answers with is read after it.
            answer = view(request, *args, **kwargs)
            with transaction.atomic():
                return self._note(request, answer, name, **kwargs)

        noted.notes_readings = True  # type: ignore[attr-defined]  # a test looks for it at every address
        return noted

    def _note_refused(self, request: HttpRequest, record: str) -> None:
        """One record after another that is not theirs is what somebody tries who looks for a way in."""
        site: Any = self.admin_site
        by: Any = request.user
        organisation = site.organisation_of(by)
        record_refused(by=by, resource=self.resource, record=record, organisation=organisation)

    def _note(
        self, request: HttpRequest, answer: HttpResponse, name: str, object_id: str = "", **_options: Any
    ) -> HttpResponse:
        """Draw the page now, since that is when most of it is read, and note it if it is one."""
        if answer.status_code != 200:
            return answer
        if hasattr(answer, "render"):
            answer.render()
        record, site = unquote(object_id), self.admin_site
        record_reading(
            by=request.user,  # type: ignore[arg-type]  # pages of the desk are for signed-in people only
            page=f"desk {name or self.opts.model_name}",
            resource=self.resource,
            record=record,
            ids=_shown(request, answer, record),
            organisation=site.organisation_of(request.user),
        )
        return answer


def shown_on(request: HttpRequest, ids: Iterable[object]) -> None:
    """Say which records a page shows that is neither a list nor a record's own."""
    request.records_shown = list(ids)  # type: ignore[attr-defined]  # read by the trace alone


def _shown(request: HttpRequest, answer: Any, record: str) -> list[object]:
    told: list[object] | None = getattr(request, "records_shown", None)
    if told is not None:
        return told
    changes = (getattr(answer, "context_data", None) or {}).get("cl")
    if changes is not None:
        return [row.pk for row in changes.result_list]
    return [record] if record else []
