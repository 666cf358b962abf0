"""Partners' systems on the desk, for the administrators of their organisation: what each may, its secrets, and how it goes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import calls
from accounts.admin.client_asks import (
    ApproveForm,
    AskInline,
    RefuseForm,
    WaitingFilter,
    compared,
    for_another,
    how_it_stands,
    region_of,
    waiting,
    waits,
    with_waiting,
)
from accounts.admin.client_forms import ChangeForm, EndForm, NewClientForm, RotateForm
from accounts.models import Client, ClientSecret, User
from audit.admin import AuditedAdmin
from core.admin import Act, DeskInline, ShowsSecretOnce


class SecretInline(DeskInline):
    """When its secrets were made and end; of a secret itself nothing is kept that could be shown."""

    model = ClientSecret
    fields = ("made_at", "ends_at")
    readonly_fields = fields
    ordering = ("-made_at",)
    verbose_name_plural = _("secrets")
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the client."""
        return request.user.has_perm("accounts.view_client")


def _goes_on(client: Client) -> bool:
    return client.ended_at is None


@admin.register(Client)
class ClientAdmin(ShowsSecretOnce, AuditedAdmin):
    """Clients of the own organisation that read in one's own regions."""

    list_display = ("name", "organisation", "stands", "scopes", "valid_from", "valid_until", "ended_at")
    list_filter = (WaitingFilter,)
    list_select_related = ("organisation", "account")
    ordering = ("name",)
    reach_organisation = "organisation_id"
    reach_reader = "account"
    change_form_template = "desk/client.html"
    fields = (
        ("name", "id"),
        ("organisation", "account"),
        ("stands", "let_in_at"),
        ("scopes", "region", "networks"),
        ("valid_from", "valid_until"),
        ("ended_at", "end_reason"),
    )
    readonly_fields = ("id", "stands", "let_in_at", "region", "ended_at", "end_reason")
    inlines = (AskInline, SecretInline)
    adding = Act("add", _("Add a client"), "add", NewClientForm)
    acts = (
        Act("approve", _("Approve"), "approve", ApproveForm, is_open=waits, withheld=for_another),
        Act("refuse", _("Refuse"), "approve", RefuseForm, is_open=waits),
        Act("change", _("Change what it may"), "change", ChangeForm, is_open=_goes_on),
        Act("rotate", _("New secret"), "change", RotateForm, is_open=_goes_on, is_grave=True),
        Act("end", _("End it"), "change", EndForm, is_open=_goes_on, is_grave=True),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether something waits."""
        return with_waiting(super().get_queryset(request))

    @admin.display(description=_("how it stands"))
    def stands(self, client: Any) -> str:
        """In a few words."""
        return how_it_stands(client)

    @admin.display(description=_("region"))
    def region(self, client: Any) -> str:
        """Where it reads."""
        return region_of(client)

    def named_beside_secret(self, record_url: str) -> str:
        """The id, with which the secret goes."""
        return next(part for part in record_url.split("/") if part.count("-") == 4)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """With what waits, what it asked lately, and what was refused. Two round trips to Valkey."""
        client = kwargs.get("obj")
        if client is not None:
            context["ask"] = ask = waiting(client)
            if ask is not None:
                context["asker"] = User.objects.filter(pk=ask.asked_by).first()
                context["lines"] = list(compared(client, ask))
            context["days"] = calls.days_of(str(client.pk))
            context["refusals"] = calls.refusals_of(str(client.pk))
        return super().render_change_form(request, context, *args, **kwargs)
