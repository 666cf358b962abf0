"""Webhooks on the desk: where partners' systems are told, how it goes, and secrets that are shown once."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, DeskInline, ShowsSecretOnce
from exchange.admin.endpoint_forms import (
    KindsForm,
    NewEndpointForm,
    RotateForm,
    SwitchOffForm,
    SwitchOnForm,
    TestForm,
)
from exchange.models import Endpoint, EndpointState, Message, MessageState

#: Messages on the page of a webhook; the list of messages has them all.
SHOWN = 20


class MessageInline(DeskInline):
    """The latest messages."""

    model = Message
    fields = ("queued_at", "kind", "state", "attempts", "last_status", "last_error")
    readonly_fields = fields
    ordering = ("-id",)
    verbose_name_plural = _("latest messages")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A page full of them."""
        of = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        latest = Message.objects.filter(endpoint=of).order_by("-id").values("pk")[:SHOWN]
        return super().get_queryset(request).filter(pk__in=latest)


def _is_on(endpoint: Endpoint) -> bool:
    return endpoint.state == EndpointState.ACTIVE


def _is_off(endpoint: Endpoint) -> bool:
    return not _is_on(endpoint)


@admin.register(Endpoint)
class EndpointAdmin(ShowsSecretOnce, AuditedAdmin):
    """Webhooks of the own organisation that are told of one's own regions."""

    list_display = ("url", "account", "kinds", "state", "waiting", "given_up", "last_sent")
    list_filter = ("state",)
    list_select_related = ("account", "organisation")
    ordering = ("url",)
    reach_organisation = "organisation_id"
    reach_reader = "account"
    fields = (
        ("url", "state"),
        ("organisation", "account", "kinds"),
        ("waiting", "given_up", "last_sent"),
        ("failures", "next_attempt_at", "former_until"),
    )
    readonly_fields = ("waiting", "given_up", "last_sent", "failures", "next_attempt_at", "former_until")
    inlines = (MessageInline,)
    adding = Act("add", _("Add a webhook"), "add", NewEndpointForm)
    acts = (
        Act("test", _("Send a test"), "change", TestForm, is_open=_is_on),
        Act("kinds", _("Choose its kinds of record"), "change", KindsForm),
        Act("rotate", _("New secret"), "change", RotateForm, is_grave=True),
        Act("on", _("Switch on"), "change", SwitchOnForm, is_open=_is_off),
        Act("off", _("Switch off"), "change", SwitchOffForm, is_open=_is_on, is_grave=True),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what became of their messages."""
        waiting = Count("messages", filter=Q(messages__state=MessageState.WAITING))
        dead = Count("messages", filter=Q(messages__state=MessageState.DEAD))
        rows = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            n_waiting=waiting, n_dead=dead, sent_last=Max("messages__sent_at")
        )
        return counted

    @admin.display(description=_("waiting"))
    def waiting(self, endpoint: Any) -> int:
        """Messages that are still to be sent."""
        return int(endpoint.n_waiting)

    @admin.display(description=_("given up"))
    def given_up(self, endpoint: Any) -> int:
        """Messages that were tried for three days; a person sends them again."""
        return int(endpoint.n_dead)

    @admin.display(description=_("last taken"))
    def last_sent(self, endpoint: Any) -> str:
        """When it last took one."""
        return localize(timezone.localtime(endpoint.sent_last)) if endpoint.sent_last else "-"
