"""Subscriptions and deliveries on the desk."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, RecordsField
from regions.admin import RegionSearch, region_filter
from regions.admin.filters import RegionFilter
from regions.admin.search import regions_meant
from reports.actions import deliveries, subscriptions
from reports.admin.as_shown import AsShownForm
from reports.models import Delivery, Subscription, SubscriptionRegion
from reports.models.delivery import DeliveryState
from reports.models.edition import Audience
from reports.models.subscription import MailFormats, SubscriptionState


class ProposeForm(ActForm):
    """Puts an address forward for the reports of some regions."""

    explanation = _(
        "Another person approves it, then the address is asked by mail and confirms. From the next edition on it gets one mail "
        "per edition."
    )
    done = _("Proposed. Ask another publisher or coordinator to approve it.")
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.EmailField(label=_("E-mail address"))
    regions = RecordsField(SubscriptionRegion.region, label=_("Regions"))
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices, initial=Audience.INTERNAL)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    formats = forms.ChoiceField(label=_("Files"), choices=MailFormats.choices, initial=MailFormats.BOTH)

    def perform(self) -> Model:
        """Propose it."""
        return subscriptions.propose(by=self.by, **self.cleaned_data)


class ApproveForm(AsShownForm):
    """Lets take effect what another person proposed."""

    explanation = _(
        "Nobody approves what they proposed. Do you know this reader, and may they read what these readers see?"
    )
    done = _("Approved. A new address is asked by mail now.")

    def changed_at(self) -> datetime | None:
        """When the change that waits was proposed; of a new one nothing is proposed anew."""
        wanted_at: datetime | None = self.record.wanted_at
        return wanted_at

    def shown(self) -> list[str]:
        """Who gets what: the readers and the regions as they are to be."""
        row = self.record
        readers = Audience(row.wanted_audience or row.audience).label
        regions = ", ".join(str(each) for each in row.wanted_regions or row.regions)
        return [f"{row.name} · {row.address}", str(readers), regions]

    def perform(self) -> Model:
        """Approve it."""
        return subscriptions.approve(subscription=self.record, by=self.by, seen=self.moment())


class ReadersForm(ActForm):
    """Lets a subscription be for other readers."""

    explanation = _(
        "Readers who see less: at once. Readers who see more: when another person has approved it."
    )
    done = _("Saved.")
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices)

    def perform(self) -> Model:
        """Change or propose them."""
        return subscriptions.change_readers(
            subscription=self.record, by=self.by, audience=self.cleaned_data["audience"]
        )


class RegionsForm(ActForm):
    """Proposes other regions for a subscription."""

    explanation = _(
        "All the regions that it is to be of. Until another person approves them it stays as it is. To take a proposal back, "
        "choose the regions that it has."
    )
    done = _("Proposed. Ask another publisher or coordinator to approve it.")
    regions = RecordsField(SubscriptionRegion.region, label=_("Regions"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["regions"].initial = self.record.wanted_regions or self.record.regions

    def perform(self) -> Model:
        """Propose them."""
        return subscriptions.change_regions(
            subscription=self.record, by=self.by, regions=self.cleaned_data["regions"]
        )


class FormatsForm(ActForm):
    """Chooses which files come with the mails."""

    explanation = _("The text with its charts always comes; this chooses the files that come with it.")
    done = _("Saved. Mails that wait already keep their files.")
    formats = forms.ChoiceField(label=_("Files"), choices=MailFormats.choices)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["formats"].initial = self.record.formats

    def perform(self) -> Model:
        """Set them."""
        return subscriptions.set_formats(
            subscription=self.record, by=self.by, formats=self.cleaned_data["formats"]
        )


class QuietForm(ActForm):
    """Lets mails wait while their reader sleeps."""

    explanation = _(
        "Also over midnight. A report that is published meanwhile is mailed when they end; an erratum does not wait. Leave "
        "both times blank for none."
    )
    done = _("Saved. Mails that wait already keep their time.")
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False)
    zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        max_length=60,
        help_text=_("Where the reader is, such as Europe/Kyiv. Blank: the operation's clock."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            self.fields[name].initial = getattr(self.record, name)

    def perform(self) -> Model:
        """Set them."""
        return subscriptions.set_quiet_hours(subscription=self.record, by=self.by, **self.cleaned_data)


class AskAgainForm(ActForm):
    """Sends a new link to confirm the address."""

    explanation = _("The address gets one mail with a new link. It gets no report until it is followed.")
    done = _("The mail is on its way.")

    def perform(self) -> Model:
        """Ask."""
        return subscriptions.ask_again(subscription=self.record, by=self.by)


class UnsubscribeForm(ActForm):
    """Sends nothing more to the address."""

    explanation = _("Nothing more is sent, not even what waits in the outbox.")
    done = _("Unsubscribed.")

    def perform(self) -> Model:
        """Unsubscribe."""
        return subscriptions.unsubscribe(subscription=self.record, by=self.by)


class ResendForm(ActForm):
    """Sends a mail once more that failed or may not have arrived."""

    explanation = _("Ask the recipient first: a mail that is unconfirmed may have arrived.")
    done = _("Queued again.")

    def perform(self) -> Model:
        """Queue it again."""
        return deliveries.resend(delivery=self.record, by=self.by)


def _is_active(subscription: Subscription) -> bool:
    return subscription.is_active


def _waits_for_approval(subscription: Subscription) -> bool:
    return subscription.state == SubscriptionState.PROPOSED or (
        subscription.is_active and subscription.wanted_at is not None
    )


def _can_be_asked(subscription: Subscription) -> bool:
    return subscription.state in (SubscriptionState.UNCONFIRMED, SubscriptionState.SUSPENDED)


def _is_troubled(delivery: Delivery) -> bool:
    return delivery.state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED)


class StateFilter(admin.SimpleListFilter):
    """Subscriptions by where they stand."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state of the table."""
        return list(SubscriptionState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen state. No query."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class LineFilter(RegionFilter):
    """Subscriptions with a region that is this or lies below it."""

    lookup = "lines__region"
    title = _("region")
    parameter_name = "region"
    occurs_in = (SubscriptionRegion, "region")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Each once, however many of its regions are. One query for the region's path."""
        found = super().queryset(request, Subscription.objects.all())
        return queryset.filter(pk__in=found.values("pk")) if self.value() else queryset


@admin.register(Subscription)
class SubscriptionAdmin(RegionSearch, AuditedAdmin):
    """Who gets the reports of which regions."""

    list_display = ("name", "address", "regions", "audience", "language", "formats", "state")
    list_filter = (StateFilter, "audience", "formats", LineFilter)
    region_lookups = ()
    text_lookups = ("name", "address")
    search_help_text = _("A name or an address, or a region in any alphabet or by code")
    fields = (
        "state",
        "name",
        "address",
        ("regions", "wanted_regions"),
        ("audience", "wanted_audience"),
        ("language", "formats"),
        ("quiet_from", "quiet_until", "zone"),
        ("recorded_at", "approved_at", "confirmed_at", "suspended_at"),
    )
    readonly_fields = (
        "state",
        "regions",
        "wanted_regions",
        "wanted_audience",
        "recorded_at",
        "approved_at",
        "confirmed_at",
        "suspended_at",
    )
    adding = Act("add", _("Propose a subscription"), "add", ProposeForm)
    acts = (
        Act("approve", _("Approve"), "approve", ApproveForm, is_open=_waits_for_approval),
        Act("readers", _("Change its readers"), "change", ReadersForm, is_open=_is_active),
        Act("regions", _("Change its regions"), "change", RegionsForm, is_open=_is_active),
        Act("formats", _("Choose its files"), "change", FormatsForm, is_open=_is_active),
        Act("quiet", _("Quiet hours"), "change", QuietForm, is_open=_is_active),
        Act("ask", _("Send a new link to confirm"), "change", AskAgainForm, is_open=_can_be_asked),
        Act("unsubscribe", _("Unsubscribe"), "end", UnsubscribeForm, is_open=_is_active, is_grave=True),
    )

    @admin.display(description=_("regions"))
    def regions(self, subscription: Subscription) -> str:
        """Those that stand."""
        return subscription.region_names

    @admin.display(description=_("proposed regions"))
    def wanted_regions(self, subscription: Subscription) -> str | None:
        """Those that wait for approval."""
        return ", ".join(region.name for region in subscription.wanted_regions) or None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their regions."""
        rows: Any = super().get_queryset(request)
        return rows.with_regions()  # type: ignore[no-any-return]  # rows of subscriptions

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """By all of their regions, or by one of them, as the act asks."""
        return rows.in_reach(request.user, action)  # type: ignore[attr-defined, no-any-return]  # as above

    def matching(self, rows: QuerySet[Any], text: str) -> Q:
        """A name, an address, or one of the regions."""
        lines = SubscriptionRegion.objects.filter(region__in=regions_meant(text))
        return super().matching(rows, text) | Q(pk__in=lines.values("subscription"))


@admin.register(Delivery)
class DeliveryAdmin(RegionSearch, AuditedAdmin):
    """What became of each mail. Unconfirmed: it may have arrived, and only a person sends it again."""

    list_display = ("edition", "address", "state", "attempts", "sent_at", "returned_at", "last_error")
    list_display_links = ("edition", "address")
    list_filter = ("state", region_filter("edition__region", _("region")))
    list_select_related = ("edition__region",)
    region_lookups = ("edition__region_id",)
    text_lookups = ("address",)
    search_help_text = _("An address, or a region in any alphabet or by code")
    ordering = ("-id",)
    reach_region = "edition__region"
    acts = (Act("resend", _("Send again"), "view", ResendForm, is_open=_is_troubled),)
