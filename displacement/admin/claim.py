"""Claims and their sources on the desk."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin, voiding
from core.admin import Act, DeskInline, StandingFilter
from displacement.admin.claim_forms import ClaimChoiceForm, ClaimForm, ClaimLinkForm
from displacement.models import Claim, ClaimChoice, ClaimLink, Source
from displacement.models.claim import ClaimQualifier, ClaimState
from regions.admin import RegionSearch, region_filter

#: What stays the same from one number of an announcement to the next.
_KEPT = ("source", "region", "as_of", "is_as_of_day", "published_at")


class LinkInline(DeskInline):
    """What this claim does to others."""

    model: type[Any] = ClaimLink
    fk_name = "claim"
    fields = ("relation", "target", "reason", "recorded_at")
    readonly_fields = fields
    verbose_name_plural = _("what this claim does to others")
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """With the claim."""
        return request.user.has_perm("displacement.view_claim")


class LinkedByInline(LinkInline):
    """What others do to this claim."""

    fk_name = "target"
    fields = ("claim", "relation", "reason", "recorded_at")
    readonly_fields = fields
    verbose_name_plural = _("what other claims do to this one")


class ChoiceInline(LinkInline):
    """When this claim was let lead, and why."""

    model = ClaimChoice
    fk_name = "claim"
    fields = ("occurred_at", "reason", "recorded_at", "voided_at")
    readonly_fields = fields
    verbose_name_plural = _("when this claim was let lead")
    show_change_link = True


class QuotableFilter(admin.SimpleListFilter):
    """Claims that stand, or those that nobody should quote any more."""

    title = _("standing or not")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two halves of all."""
        return [("true", _("Standing")), ("false", _("No longer standing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """One half, where it was asked for. No query."""
        halves: dict[str | None, Any] = {
            "true": Claim.objects.standing,
            "false": Claim.objects.not_standing,
        }
        half = halves.get(self.value())
        return queryset if half is None else queryset.filter(pk__in=half(timezone.now()).values("pk"))


@admin.register(Claim)
class ClaimAdmin(RegionSearch, AuditedAdmin):
    """What was said, the latest first. Claims stand beside what we count and are never added."""

    list_display = ("indicator", "region", "said", "as_of", "source", "standing")
    list_filter = (
        QuotableFilter,
        region_filter("region", _("region"), occurs_in=(Claim, "region")),
        "indicator",
        "qualifier",
        "kind",
        "source",
    )
    list_select_related = ("region", "source")
    search_help_text = _("A region in any alphabet or by code, a source, or words of the quote")
    text_lookups = ("source__name", "quote", "scope")
    ordering = ("-as_of", "-published_at")
    inlines = (ChoiceInline, LinkInline, LinkedByInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "standing",
                    ("source", "region"),
                    ("indicator", "kind", "unit"),
                    ("said", "children", "scope"),
                )
            },
        ),
        (_("When"), {"fields": (("as_of", "is_as_of_day", "period_start"), ("published_at", "received_at"))}),
        (
            _("How we know"),
            {"fields": ("quote", "url", ("reliability", "credibility"), "note", "recorded_at")},
        ),
    )
    readonly_fields = ("standing", "said", "recorded_at")
    adding = Act("add", _("Record a claim"), "add", ClaimForm)
    acts = (
        Act("link", _("Link to another claim"), "add", ClaimLinkForm),
        Act("choose", _("Let this claim lead"), "choose", ClaimChoiceForm),
    )

    @admin.display(description=_("said"))
    def said(self, claim: Claim) -> str:
        """The number as it was said, never without how exactly: "about 121,000", "exactly 12", "between 2 and 5"."""
        if claim.qualifier == ClaimQualifier.RANGE:
            ends = {"least": _thousands(claim.value_min), "most": _thousands(claim.value_max)}
            return _now("between %(least)s and %(most)s") % ends
        exactly, number = claim.get_qualifier_display(), _thousands(claim.value)
        if claim.qualifier == ClaimQualifier.UNKNOWN:
            return f"{number} ({exactly})"
        return f"{exactly} {number}"

    @admin.display(description=_("may be quoted"))
    def standing(self, claim: Any) -> str:
        """Whether it stands; else what became of it, with the claim that did so."""
        state = ClaimState(claim.state)
        if state == ClaimState.STANDING:
            return str(state.label)
        if claim.ended_by is None:
            return _now("no: %(state)s") % {"state": state.label}
        url = reverse("admin:displacement_claim_change", args=[claim.ended_by])
        words = _now("no: %(state)s by %(source)s") % {
            "state": state.label,
            "source": claim.ended_by_source,
        }
        return format_html('<a href="{}">{}</a>', url, words)

    def label(self, record: Claim) -> str:
        """What, how many, as of when on the clock of the page, by whom."""
        shape = "%Y-%m-%d" if record.is_as_of_day else "%Y-%m-%d %H:%M"
        as_of = timezone.localtime(record.as_of).strftime(shape)
        return f"{record.get_indicator_display()}: {self.said(record)}, {as_of}, {record.source}"

    def next_url(self, request: HttpRequest, done: Model) -> str:
        """To the claim; or, where another is to follow, to a new one of the same source, region and times."""
        if "_addanother" not in request.POST:
            return super().next_url(request, done)
        kept = {name: request.POST[name] for name in _KEPT if request.POST.get(name)}
        return f"{reverse('admin:displacement_claim_add')}?{urlencode(kept)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what a claim's line names, and whether it stands."""
        rows = super().get_queryset(request).select_related("source", "region")
        return rows.with_state(timezone.now())  # type: ignore[attr-defined, no-any-return]  # rows of claims

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Whoever works here reads every claim; what is done to one is done where one's role covers its region."""
        return _in_region(self, rows, request, action, "region")


def _in_region(
    desk: AuditedAdmin, rows: QuerySet[Any], request: HttpRequest, action: str, region: str
) -> QuerySet[Any]:
    site: Any = desk.admin_site
    bounds = "" if action == "view" else region
    return rows.filter(site.reach(request.user, desk.resource, action, organisation="", region=bounds))


def _thousands(value: int | None) -> str:
    return "" if value is None else str(number_format(value, force_grouping=True))


@admin.register(Source)
class SourceAdmin(AuditedAdmin):
    """Who tells numbers or tells of victims."""

    list_display = ("name", "type", "reliability")
    list_filter = ("type", "reliability")
    search_fields = ("name",)
    is_plain = True


@admin.register(ClaimChoice)
class ClaimChoiceAdmin(RegionSearch, AuditedAdmin):
    """Which claim leads, and why; chosen on the claim's own page, taken back here."""

    list_display = ("claim", "region", "reason", "occurred_at", "recorded_at")
    list_filter = (region_filter("claim__region", _("region")), "claim__indicator", StandingFilter)
    list_select_related = ("claim__region",)
    search_help_text = _("A region in any alphabet or by code, or words of the reason")
    text_lookups = ("reason",)
    region_lookups = ("claim__region_id",)
    ordering = ("-id",)
    acts = (voiding(),)
    fieldsets = (
        (None, {"fields": ("claim", "reason", "occurred_at")}),
        (_("Record"), {"fields": ("recorded_at", ("voided_at", "void_reason"))}),
    )
    readonly_fields = ("recorded_at", "voided_at", "void_reason")

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """As of claims."""
        return _in_region(self, rows, request, action, "claim__region")

    @admin.display(description=_("region"))
    def region(self, choice: ClaimChoice) -> str:
        """That of the claim."""
        return str(choice.claim.region)
