"""Erasures on the desk."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.two_persons import why_another
from audit.admin import AuditedAdmin
from core.admin import Act, offer
from displacement.models import Household, Person
from retention.actions.reaching import holds
from retention.admin.forms import ApproveForm, AskForm, LookForm, WithdrawForm
from retention.admin.looked import looked_in_words
from retention.models import Erasure, ErasureState
from retention.models.hold import HOLD

# Who may take a record back may ask that it be erased; whose role may ask at all, the action says.
for _model in (Person, Household):
    offer(_model._meta.label_lower, Act("erase", _("Ask to erase"), "void", AskForm, is_grave=True))


def _waits(erasure: Erasure) -> bool:
    return erasure.state == ErasureState.ASKED


def _is_open(erasure: Erasure) -> bool:
    return erasure.is_open


def _for_another(erasure: Erasure, person: User) -> str:
    return why_another(erasure.asked_by, person.pk)


@admin.register(Erasure)
class ErasureAdmin(AuditedAdmin):
    """Who asked that whom be erased, and who did it, the latest first. Of whom it was, only an id is left."""

    list_display = ("asked_at", "kind", "ground", "state", "asked_name", "approved_name", "approved_at")
    list_filter = ("state", "ground", "kind")
    list_select_related = ("region", "organisation")
    ordering = ("-id",)
    reach_organisation = "organisation_id"
    reach_region = "region"
    fieldsets = (
        (None, {"fields": (("state", "kind", "who"), "ground", ("organisation", "region"), "what_waits")}),
        (
            _("Who"),
            {
                "fields": (
                    ("asked_name", "asked_at"),
                    ("approved_name", "approved_at"),
                    ("withdrawn_at", "withdraw_reason"),
                )
            },
        ),
        (
            _("What is left"),
            {
                "fields": (
                    ("people_erased", "households_erased"),
                    "births_kept",
                    "reasons_emptied",
                    "reasons_naming",
                    "taken_out",
                    "files_left",
                )
            },
        ),
    )
    readonly_fields = (
        "who",
        "asked_name",
        "approved_name",
        "people_erased",
        "households_erased",
        "taken_out",
        "files_left",
        "what_waits",
    )
    reads = {
        "taken_out": ("taken",),
        "files_left": ("files_waiting",),
        "what_waits": ("looked",),
        "people_erased": ("people",),
        "households_erased": ("households",),
    }
    acts = (
        Act("look", _("Look through what waits"), "approve", LookForm, is_open=_waits),
        Act(
            "approve",
            _("Erase"),
            "approve",
            ApproveForm,
            is_open=_waits,
            is_grave=True,
            withheld=_for_another,
        ),
        Act("withdraw", _("Withdraw"), "view", WithdrawForm, is_open=_is_open),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the user names of who asked and who erased."""
        names = User.objects.order_by()
        asked = names.filter(pk=OuterRef("asked_by")).values("username")
        approved = names.filter(pk=OuterRef("approved_by")).values("username")
        rows: QuerySet[Any] = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(asker=Subquery(asked), approver=Subquery(approved))
        return named

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The erasure, with who looks at it: whom it concerns is shown to those who may see them."""
        erasure = super().get_object(request, object_id, from_field)
        if erasure is not None:
            erasure.seen_by = request.user
        return erasure

    @admin.display(description=_("of whom"))
    def who(self, erasure: Any) -> str:
        """The way to the record, as long as it is there and this person may see it; then its id."""
        model: Any = apps.get_model(erasure.kind)
        record = model.objects.visible_to(erasure.seen_by).filter(pk=erasure.subject).first()
        if record is None:
            return str(erasure.subject)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.number)

    @admin.display(description=_("asked for by"))
    def asked_name(self, erasure: Any) -> str:
        """The user name."""
        return erasure.asker or "-"

    @admin.display(description=_("erased by"))
    def approved_name(self, erasure: Any) -> str:
        """The user name."""
        return erasure.approver or "-"

    @admin.display(description=_("records of people"))
    def people_erased(self, erasure: Erasure) -> int:
        """How many tombstones of people there are of it."""
        return len(erasure.people)

    @admin.display(description=_("households"))
    def households_erased(self, erasure: Erasure) -> int:
        """How many tombstones of households there are of it."""
        return len(erasure.households)

    @admin.display(description=_("rows taken out of lists and forms that waited"))
    def taken_out(self, erasure: Erasure) -> int:
        """How many."""
        return int(erasure.taken.get("rows", 0)) + int(erasure.taken.get("entries", 0))

    @admin.display(description=_("what waits"))
    def what_waits(self, erasure: Any) -> str:
        """That a worker looks through it; what came of it only to who erases, since a hold may stand behind it."""
        may = holds(erasure.seen_by, "approve", erasure.organisation, erasure.region)
        return looked_in_words(erasure) if may or erasure.state == ErasureState.LOOKING else "-"

    @admin.display(description=_("files of lists"))
    def files_left(self, erasure: Any) -> str:
        """What waits for the end of a hold, told only to who may see holds there."""
        count = len(erasure.files_waiting)
        if not count or not holds(erasure.seen_by, "view", erasure.organisation, erasure.region, HOLD):
            return "-"
        words = ngettext(
            "The file of %(count)s list waits: a legal hold keeps somebody else in it. It goes by itself after that.",
            "The files of %(count)s lists wait: a legal hold keeps somebody else in them. They go by themselves after that.",
            count,
        )
        return words % {"count": count}

    def label(self, record: Any) -> str:
        """What, and when it was asked for."""
        return f"{record.get_kind_display()} · {timezone.localtime(record.asked_at):%Y-%m-%d %H:%M}"
