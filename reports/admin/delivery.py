"""Subscriptions and deliveries on the desk."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, RecordField
from regions.admin import RegionSearch, region_filter
from reports.actions import deliveries, subscriptions
from reports.models import Delivery, Subscription
from reports.models.delivery import DeliveryState
from reports.models.edition import Audience
from reports.models.subscription import MailFormats, SubscriptionState


class ProposeForm(ActForm):
    """Puts an address forward for the reports of a region."""

    explanation = _(
        "Another person approves it, then the address is asked by mail and confirms. From the next edition on it gets one mail "
        "per edition."
    )
    done = _("Proposed. Ask another publisher or coordinator to approve it.")
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.EmailField(label=_("E-mail address"))
    region = RecordField(Subscription.region)
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices, initial=Audience.INTERNAL)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    formats = forms.ChoiceField(label=_("Files"), choices=MailFormats.choices, initial=MailFormats.BOTH)

    def perform(self) -> Model:
        """Propose it."""
        return subscriptions.propose(by=self.by, **self.cleaned_data)


class ApproveForm(ActForm):
    """Lets take effect what another person proposed."""

    explanation = _(
        "Nobody approves what they proposed. Do you know this reader, and may they read what these readers see?"
    )
    done = _("Approved. A new address is asked by mail now.")

    def perform(self) -> Model:
        """Approve it."""
        return subscriptions.approve(subscription=self.record, by=self.by)


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
        "On the operation's clock, also over midnight. A report that is published meanwhile is mailed when they end; an "
        "erratum does not wait. Leave both blank for none."
    )
    done = _("Saved. Mails that wait already keep their time.")
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False)

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
        subscription.is_active and bool(subscription.wanted_audience)
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


@admin.register(Subscription)
class SubscriptionAdmin(RegionSearch, AuditedAdmin):
    """Who gets the reports of which region."""

    list_display = ("name", "address", "region", "audience", "language", "formats", "state")
    list_filter = (
        StateFilter,
        "audience",
        "formats",
        region_filter("region", _("region"), occurs_in=(Subscription, "region")),
    )
    list_select_related = ("region",)
    text_lookups = ("name", "address")
    search_help_text = _("A name or an address, or a region in any alphabet or by code")
    reach_region = "region"
    fields = (
        "state",
        "name",
        "address",
        "region",
        ("audience", "wanted_audience"),
        ("language", "formats"),
        ("quiet_from", "quiet_until"),
        ("recorded_at", "approved_at", "confirmed_at", "suspended_at"),
    )
    readonly_fields = (
        "state",
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
        Act("formats", _("Choose its files"), "change", FormatsForm, is_open=_is_active),
        Act("quiet", _("Quiet hours"), "change", QuietForm, is_open=_is_active),
        Act("ask", _("Send a new link to confirm"), "change", AskAgainForm, is_open=_can_be_asked),
        Act("unsubscribe", _("Unsubscribe"), "change", UnsubscribeForm, is_open=_is_active, is_grave=True),
    )


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
