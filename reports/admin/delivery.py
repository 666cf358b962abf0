"""Subscriptions and deliveries on the desk."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, RecordField
from regions.admin import RegionSearch, region_filter
from reports.actions import deliveries, subscriptions
from reports.models import Delivery, Subscription
from reports.models.delivery import DeliveryState
from reports.models.edition import Audience


class SubscribeForm(ActForm):
    """Lets an address take the reports of a region."""

    explanation = _("From the next edition on. One mail per edition and address.")
    done = _("Subscribed.")
    name = forms.CharField(label=_("Name"), max_length=200)
    address = forms.EmailField(label=_("E-mail address"))
    region = RecordField(Subscription.region)
    audience = forms.ChoiceField(label=_("Readers"), choices=Audience.choices, initial=Audience.INTERNAL)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")

    def perform(self) -> Model:
        """Subscribe."""
        return subscriptions.subscribe(by=self.by, **self.cleaned_data)


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


def _is_troubled(delivery: Delivery) -> bool:
    return delivery.state in (DeliveryState.UNCONFIRMED, DeliveryState.FAILED)


@admin.register(Subscription)
class SubscriptionAdmin(RegionSearch, AuditedAdmin):
    """Who gets the reports of which region."""

    list_display = ("name", "address", "region", "audience", "language", "is_active")
    list_filter = (
        "is_active",
        "audience",
        region_filter("region", _("region"), occurs_in=(Subscription, "region")),
    )
    list_select_related = ("region",)
    text_lookups = ("name", "address")
    search_help_text = _("A name or an address, or a region in any alphabet or by code")
    reach_region = "region"
    adding = Act("add", _("Add a subscription"), "add", SubscribeForm)
    acts = (
        Act("unsubscribe", _("Unsubscribe"), "change", UnsubscribeForm, is_open=_is_active, is_grave=True),
    )


@admin.register(Delivery)
class DeliveryAdmin(RegionSearch, AuditedAdmin):
    """What became of each mail. Unconfirmed: it may have arrived, and only a person sends it again."""

    list_display = ("edition", "address", "state", "attempts", "sent_at", "last_error")
    list_display_links = ("edition", "address")
    list_filter = ("state", region_filter("edition__region", _("region")))
    list_select_related = ("edition__region",)
    region_lookups = ("edition__region_id",)
    text_lookups = ("address",)
    search_help_text = _("An address, or a region in any alphabet or by code")
    ordering = ("-id",)
    reach_region = "edition__region"
    acts = (Act("resend", _("Send again"), "view", ResendForm, is_open=_is_troubled),)
