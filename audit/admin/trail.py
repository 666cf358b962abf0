"""Every record's page has its trail: audit events take the place of Django's own log, and facts can be voided."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from audit.actions.record import record as leave_trace
from audit.actions.voiding import void
from audit.admin.readings import ReadAdmin
from audit.models import AuditEvent
from core.admin import Act, ActForm, ReasonField
from core.facts import Fact

#: A page shows the latest acts; an auditor has the whole list.
SHOWN = 100


class VoidForm(ActForm):
    """Takes back a fact that was wrong."""

    explanation = _(
        "The record stays readable and no longer counts. Earlier reports keep their numbers; the next one says what changed. "
        "Enter the right facts as a new record."
    )
    done = _("Voided.")
    reason = ReasonField(_("Why it is wrong"))

    def perform(self) -> Model:
        """Void the fact."""
        fact: Fact = self.record
        return void(fact, by=self.by, reason=self.cleaned_data["reason"])


def voiding() -> Act:
    """The act that takes back a fact, for the `acts` of its page."""
    return Act("void", _("Void"), "void", VoidForm, is_open=_stands, is_grave=True)


def _stands(fact: Fact) -> bool:
    return not fact.is_void


class AuditedAdmin(ReadAdmin):
    """A kind of record whose changes leave audit events, and whose history page shows them; and readings, as ReadAdmin says."""

    object_history_template = "admin/trail.html"

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """An audit event in the transaction of the form itself."""
        return leave_trace("add", obj, by=_actor(request))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """An audit event with the names of what changed, and no values."""
        return leave_trace("change", obj, by=_actor(request), detail={"changed": _changed(message)})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """An audit event for each."""
        return [leave_trace("delete", each, by=_actor(request)) for each in queryset]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Who did what to this record, when and why. Names of actors for those who may see users, else ids."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        events = AuditEvent.objects.filter(object_type=self.resource, object_id=str(record.pk))[:SHOWN]
        site: Any = self.admin_site
        context = {
            **site.each_context(request),
            "title": _("History: %(record)s") % {"record": self.label(record)},
            "opts": self.opts,
            "record_label": self.label(record),
            "record_url": self.record_url(record),
            "events": site.with_actors(list(events)),
            "module_name": str(self.opts.verbose_name_plural),
        }
        return TemplateResponse(request, self.object_history_template, context)


def _actor(request: HttpRequest) -> Any:
    """Who is signed in; pages of the desk are for nobody else."""
    return request.user


def _changed(message: Any) -> list[str]:
    """Field names out of Django's change message, which may quote the names of rows."""
    parts = message if isinstance(message, list) else []
    names = [name for part in parts for name in part.get("changed", {}).get("fields", [])]
    return sorted({str(name) for name in names})
