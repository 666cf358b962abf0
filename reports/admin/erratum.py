"""Errata and notices on the desk: which published editions need one, what it says, who gets it."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm
from regions.admin import RegionSearch, region_filter
from reports.actions import errata
from reports.admin.as_shown import AsShownForm
from reports.admin.edition_forms import ReasonForm
from reports.models import Erratum, Notice
from reports.models.delivery import DeliveryState
from reports.models.erratum import ErratumState
from reports.rendering import words
from reports.rendering.erratum import figure_name

_GOT = Q(edition__deliveries__erratum=None) & Q(
    edition__deliveries__state__in=[DeliveryState.SENT, DeliveryState.UNCONFIRMED]
)


class ProposeForm(ActForm):
    """Writes what happened."""

    explanation = _(
        "Those who got the report read this first, in its language. Somebody else has to approve it."
    )
    done = _("Proposed. Another publisher approves it.")
    reason = forms.CharField(
        label=_("What happened"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def perform(self) -> Model:
        """Propose it."""
        return errata.propose(erratum=self.record, reason=self.cleaned_data["reason"], by=self.by)


class PublishErratumForm(AsShownForm):
    """Sends it to everybody who got the edition."""

    explanation = _(
        "Everybody who got the edition gets this once, and nobody else. Whoever proposed it cannot approve it."
    )
    done = _("Published. The mails are on their way.")

    def changed_at(self) -> datetime | None:
        """When it was proposed, or proposed anew."""
        proposed_at: datetime | None = self.record.proposed_at
        return proposed_at

    def shown(self) -> list[str]:
        """What happened, in the words that readers get."""
        return [self.record.reason]

    def perform(self) -> Model:
        """Publish it."""
        return errata.publish_erratum(erratum=self.record, by=self.by, seen=self.moment())


class DismissForm(ReasonForm):
    """Decides that readers need not be told."""

    explanation = _("The same figures are not listed again. Your reason is kept.")
    done = _("No erratum is sent.")

    def perform(self) -> Model:
        """Dismiss it."""
        return errata.dismiss(erratum=self.record, reason=self.cleaned_data["reason"], by=self.by)


def _is_open(erratum: Erratum) -> bool:
    return erratum.state in (ErratumState.NEEDED, ErratumState.PROPOSED)


def _is_proposed(erratum: Erratum) -> bool:
    return erratum.state == ErratumState.PROPOSED


@admin.register(Erratum)
class ErratumAdmin(RegionSearch, AuditedAdmin):
    """Published editions that used what no longer stands."""

    list_display = (
        "edition",
        "language",
        "state",
        "number_of_figures",
        "recipients",
        "found_at",
        "published_at",
    )
    list_filter = ("state", region_filter("edition__region", _("region")))
    list_select_related = ("edition__region",)
    region_lookups = ("edition__region_id",)
    search_help_text = _("A region in any alphabet or by code")
    ordering = ("-found_at",)
    reach_region = "edition__region"
    fieldsets = (
        (None, {"fields": ("edition", ("state", "recipients"), "reason", "corrections")}),
        (_("Times"), {"fields": (("found_at", "published_at"), "dismiss_reason"), "classes": ("collapse",)}),
    )
    readonly_fields = ("language", "number_of_figures", "recipients", "corrections")
    acts = (
        Act("propose", _("Write what happened"), "change", ProposeForm, is_open=_is_open),
        Act("publish", _("Approve and send"), "publish", PublishErratumForm, is_open=_is_proposed),
        Act("dismiss", _("None is needed"), "publish", DismissForm, is_open=_is_open, is_grave=True),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of people who got the edition."""
        rows = (
            super().get_queryset(request).select_related("edition__region").defer("mail", "edition__content")
        )
        counted: QuerySet[Any] = rows.annotate(got=Count("edition__deliveries", filter=_GOT))
        return counted

    @admin.display(description=_("language"))
    def language(self, erratum: Erratum) -> str:
        """Of the edition."""
        return erratum.edition.language

    @admin.display(description=_("figures"))
    def number_of_figures(self, erratum: Erratum) -> int:
        """How many are wrong."""
        return len(erratum.figures)

    @admin.display(description=_("people who got the edition"))
    def recipients(self, erratum: Erratum) -> int:
        """Mails of the edition that arrived, or may have."""
        got: int = getattr(erratum, "got", 0)
        return got

    @admin.display(description=_("what it said, and what is known now"))
    def corrections(self, erratum: Erratum) -> str:
        """Figure by figure."""
        rows = [
            (
                figure_name(each),
                words.quantity(each.old),
                words.quantity(each.new) if each.new else _("no longer stands"),
                each.why,
            )
            for each in errata.corrections_of(erratum)
        ]
        body = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td><s>{}</s></td><td><strong>{}</strong></td><td>{}</td></tr>',
            rows,
        )
        head = [(each,) for each in (_("Figure"), _("We said"), _("Now"), _("Why"))]
        heading = format_html_join("", '<th scope="col">{}</th>', head)
        return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heading, body)


@admin.register(Notice)
class NoticeAdmin(AuditedAdmin):
    """What did not come about, and who was told."""

    list_display = ("local_day", "region", "kind", "audience", "language", "problem", "user", "sent_at")
    list_filter = ("kind", region_filter("region", _("region"), occurs_in=(Notice, "region")))
    list_select_related = ("region", "user")
    ordering = ("-found_at",)
    reach_region = "region"
