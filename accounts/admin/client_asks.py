"""What was asked for a partner's system on the desk: beside what is in force, and approved or refused by a second person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.client_asks import approve, reaches, refuse
from accounts.models import AskState, ClientAsk, User
from accounts.two_persons import why_another
from accounts.widening import Rights
from core.admin import ActForm, DeskInline, ReasonField


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that a client may, in words: as it is in force, and as it was asked for."""

    label: str
    held: str
    asked: str

    @property
    def is_other(self) -> bool:
        """Whether the two differ."""
        return self.held != self.asked


def waiting(client: Any) -> ClientAsk | None:
    """What of the client waits for a second person. One query."""
    found: ClientAsk | None = client.asks.filter(state=AskState.WAITS).first()
    return found


def waits(client: Any) -> bool:
    """Whether anything of it does. One query."""
    return waiting(client) is not None


def for_another(client: Any, person: User) -> str:
    """Why somebody else has to approve what waits, or nothing: as why_another, or for whom it reads too far.

    Two queries, and those of why_another.
    """
    ask = waiting(client)
    words = why_another(ask.asked_by, person.pk) if ask else ""
    if not words and not reaches(person, client):
        return _("It reads in regions beyond yours. Somebody who answers for all of them has to approve it.")
    return words


def region_of(client: Any) -> str:
    """Where it reads, which does not change: the names of the regions of its account. One query."""
    regions = [each.region for each in client.account.memberships.select_related("region")]
    return ", ".join(str(region) if region else _("all regions") for region in regions)


def compared(client: Any, ask: ClientAsk) -> Iterator[Compared]:
    """What is in force beside what was asked, line by line. One query."""
    held, asked, nothing = Rights.of(client), Rights.of(ask), _("nothing yet")
    is_in = client.let_in_at is not None
    region = region_of(client)
    for label, before, after in (
        (_("What it may"), _scopes(held), _scopes(asked)),
        (_("Region"), region, region),
        (_("Networks from which it may ask"), _networks(held), _networks(asked)),
        (_("Valid until"), _until(held), _until(asked)),
    ):
        yield Compared(label, before if is_in else nothing, after)


def _scopes(rights: Rights) -> str:
    return ", ".join(sorted(rights.scopes)) or _("nothing")


def _networks(rights: Rights) -> str:
    return ", ".join(rights.networks) or _("from anywhere")


def _until(rights: Rights) -> str:
    end = rights.valid_until
    return date_format(localtime(end), "j M Y, H:i") if end else _("without an end")


class _AskForm(ActForm):
    """About what was shown on the page: where something else was asked meanwhile, it is refused."""

    page = "desk/client_ask.html"

    ask = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        shown = self.data.get(self.add_prefix("ask")) if self.is_bound else None
        self.shown = next((each for each in self.record.asks.all() if str(each.pk) == shown), None)
        self.shown = self.shown or waiting(self.record)
        self.fields["ask"].initial = self.shown and self.shown.pk
        self.asker = User.objects.filter(pk__in=[self.shown.asked_by] if self.shown else []).first()

    def lines(self) -> list[Compared]:
        """What is in force beside what was asked."""
        return list(compared(self.record, self.shown)) if self.shown else []

    def asked(self) -> ClientAsk:
        """What was shown. Raises ValidationError where the page was not ours."""
        found: ClientAsk | None = self.record.asks.filter(pk=self.cleaned_data["ask"]).first()
        if found is None:
            raise forms.ValidationError(_("This page is too old. Open it anew from the system's page."))
        return found


class ApproveForm(_AskForm):
    """Lets it hold."""

    explanation = gettext_lazy(
        "Ask whoever asked what the partner needs this for, not by mail. With it the partner's system reads at once, and again "
        "and again, what a file of people would show once. If less would do, refuse it and say so. Your name stands behind it."
    )
    done = gettext_lazy("Approved. It holds from the system's next request on.")

    def perform(self) -> Model:
        """Approve it."""
        return approve(ask=self.asked(), by=self.by)


class RefuseForm(_AskForm):
    """Leaves the system as it is."""

    explanation = gettext_lazy(
        "The system stays as it is. One that waits to be let in may nothing until something else is approved."
    )
    done = gettext_lazy("Refused. The system stays as it was.")

    reason = ReasonField(gettext_lazy("Why"))

    def perform(self) -> Model:
        """Refuse it."""
        return refuse(ask=self.asked(), reason=self.cleaned_data["reason"], by=self.by)


class AskInline(DeskInline):
    """What was asked, by whom, and what became of it: the latest first."""

    model = ClientAsk
    fields = (
        "asked_at",
        "asker",
        "scopes",
        "networks",
        "valid_until",
        "state",
        "decided_at",
        "decider",
        "reason",
    )
    readonly_fields = fields
    ordering = ("-id",)
    verbose_name_plural = gettext_lazy("asked, and answered by a second person")
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the client."""
        return request.user.has_perm("accounts.view_client")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With user names."""
        names = User.objects.order_by()
        asked = names.filter(pk=OuterRef("asked_by")).values("username")
        decided = names.filter(pk=OuterRef("decided_by")).values("username")
        rows: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(asked_name=Subquery(asked), decided_name=Subquery(decided))
        return named

    @admin.display(description=gettext_lazy("asked by"))
    def asker(self, ask: Any) -> str:
        """The user name."""
        return ask.asked_name or "-"

    @admin.display(description=gettext_lazy("decided by"))
    def decider(self, ask: Any) -> str:
        """The user name."""
        return ask.decided_name or "-"


class WaitingFilter(admin.SimpleListFilter):
    """Systems of which something waits for a second person."""

    title = gettext_lazy("second person")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Beside all of them."""
        return [("yes", _("Waits for a second person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the annotation of the list."""
        return queryset.filter(is_waiting=True) if self.value() == "yes" else queryset


def with_waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Clients, each with whether something of it waits."""
    theirs = ClientAsk.objects.filter(client=OuterRef("pk"), state=AskState.WAITS)
    told: QuerySet[Any] = rows.annotate(is_waiting=Exists(theirs))
    return told


def how_it_stands(client: Any) -> str:
    """In a few words, of a client `with_waiting`."""
    if client.ended_at is not None:
        return _("ended")
    if client.let_in_at is None:
        return _("waits for a second person") if client.is_waiting else _("not let in")
    return _("let in; more waits for a second person") if client.is_waiting else _("let in")
