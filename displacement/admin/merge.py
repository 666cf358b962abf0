"""Merges on the desk, and taking them back; decisions on many pairs and how far they are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.admin import AuditedAdmin
from core.admin import Act, ActForm, ReasonField, RecordField
from displacement.actions.merging import merge, unmerge
from displacement.admin.duplicate_forms import ManyForm
from displacement.identity.takeable import TAKEABLE
from displacement.models import BulkDecision, Merge, Movement, Person
from displacement.models.bulk_decision import BulkDecisionQuerySet
from displacement.models.duplicate import MergeQuerySet


class UnmergeForm(ActForm):
    """Takes a merge back."""

    explanation = gettext_lazy(
        "The merged record stands again with everything that was its own, and counts as a person from now on. What was "
        "recorded since the merge stays with the other record; it is listed afterwards. What that record had taken over goes "
        "back, unless somebody changed it since."
    )
    done = gettext_lazy("The merge is taken back: these are two persons again.")
    reason = ReasonField(gettext_lazy("Why these are two persons"))

    def perform(self) -> Model:
        """Take it back, and say what a person should look at."""
        result = unmerge(merge=self.record, by=self.by, reason=self.cleaned_data["reason"])
        self._tell(
            ngettext(
                "%(n)s record was made since the merge and stays with the survivor. Void what belongs to the other person, "
                "and enter it there: %(which)s",
                "%(n)s records were made since the merge and stay with the survivor. Void what belongs to the other person, "
                "and enter it there: %(which)s",
                len(result.later),
            ),
            result.later,
        )
        self._tell(
            ngettext(
                "%(n)s record that went back was changed since the merge: %(which)s",
                "%(n)s records that went back were changed since the merge: %(which)s",
                len(result.edited),
            ),
            result.edited,
        )
        if result.kept_values:
            text = _(
                "This was changed in the record that went on since the merge, and stays as it is: %(which)s. Open it and "
                "correct what belongs to the other person."
            )
            which = ", ".join(dict.fromkeys(str(label) for label in result.kept_values))
            messages.warning(self.request, text % {"which": which})
        return result.merge.merged

    def _tell(self, text: str, facts: Any) -> None:
        if facts:
            which = ", ".join(f"{fact._meta.verbose_name} {fact}" for fact in facts)
            messages.warning(self.request, text % {"n": len(facts), "which": which})


class MergeByHandForm(ActForm):
    """Merges a record into one that a person found by search."""

    explanation = gettext_lazy(
        "For one human being who is registered twice. Everything recorded of this record moves to the one that you choose; "
        "what that one lacks of names, sex and birth date is filled. Both stay readable, and the merge can be taken back."
    )
    done = gettext_lazy("Merged. This is the record that goes on.")
    kept = RecordField(
        Movement.person, action="change", label=gettext_lazy("The record of the same person that goes on")
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Others will read this. No names."),
    )

    def perform(self) -> Model:
        """Merge this record into the chosen one."""
        told = self.cleaned_data
        return merge(kept=told["kept"], merged=self.record, by=self.by, reason=told["reason"]).kept


def _stands(record: Merge) -> bool:
    return record.unmerged_at is None


@admin.register(Merge)
class MergeAdmin(AuditedAdmin):
    """Records that were found to be one person, the latest merge first."""

    list_display = ("merged_at", "kept_label", "merged_label", "reason", "unmerged_at")
    list_select_related = ("kept", "merged")
    ordering = ("-id",)
    fields = (
        ("kept_label", "merged_label"),
        ("merged_at", "reason"),
        ("unmerged_at", "unmerge_reason"),
        ("moved", "taken_over"),
    )
    readonly_fields = ("kept_label", "merged_label", "moved", "taken_over")
    acts = (
        Act(
            "unmerge",
            gettext_lazy("Take the merge back"),
            "change",
            UnmergeForm,
            is_open=_stands,
            is_grave=True,
        ),
    )

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """Of which this person reaches both records."""
        assert isinstance(rows, MergeQuerySet)
        return rows.visible_to(request.user, action)

    @admin.display(description=gettext_lazy("goes on"))
    def kept_label(self, record: Merge) -> str:
        """The survivor of this merge."""
        return f"{record.kept.full_name} · {record.kept.number}"

    @admin.display(description=gettext_lazy("merged into it"))
    def merged_label(self, record: Merge) -> str:
        """The merged record."""
        return f"{record.merged.full_name} · {record.merged.number}"

    @admin.display(description=gettext_lazy("what moved"))
    def moved(self, record: Merge) -> str:
        """How many records of each kind. One query."""
        kinds: dict[str, int] = {}
        for label in (
            record.entries.filter(is_return=False)
            .exclude(field="merged_into")
            .values_list("model", flat=True)
        ):
            kinds[label] = kinds.get(label, 0) + 1
        return ", ".join(
            f"{label.partition('.')[2]}: {number}" for label, number in sorted(kinds.items())
        ) or _("nothing")

    @admin.display(description=gettext_lazy("what was taken over"))
    def taken_over(self, record: Merge) -> str:
        """What of the merged record went into the survivor, without its values. One query."""
        names = set(record.taken.filter(returns=None).values_list("field", flat=True))
        return ", ".join(str(thing.label) for thing in TAKEABLE if thing.name in names) or _("nothing")

    def label(self, record: Merge) -> str:
        """Both numbers."""
        return f"{record.merged.number} → {record.kept.number}"


@admin.register(BulkDecision)
class BulkDecisionAdmin(AuditedAdmin):
    """What this user decided of many pairs at once."""

    list_display = (
        "decided_at",
        "verdict",
        "least_percent",
        "pairs_total",
        "pairs_done",
        "pairs_refused",
        "finished_at",
    )
    ordering = ("-id",)
    fields = (
        ("verdict", "least_percent", "reason"),
        ("decided_at", "finished_at"),
        ("pairs_total", "pairs_done", "pairs_refused"),
    )
    readonly_fields = ("least_percent",)
    adding = Act("add", gettext_lazy("Decide many at once"), "add", ManyForm)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not among the lists of the site: reached from the queue."""
        return {}

    def within_reach(self, rows: QuerySet[Any], request: HttpRequest, action: str) -> QuerySet[Any]:
        """One's own."""
        assert isinstance(rows, BulkDecisionQuerySet)
        return rows.visible_to(request.user)

    @admin.display(description=gettext_lazy("likelihood at least"))
    def least_percent(self, record: BulkDecision) -> str:
        """In percent."""
        return f"{record.least_probability:.1%}"


def merges_of(person: Person, user: Any) -> str:
    """Links to the standing merges into and out of the record, within the user's reach. One query."""
    rows = Merge.objects.visible_to(user).standing().filter(kept=person) | Merge.objects.visible_to(
        user
    ).standing().filter(merged=person)
    return format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (
                reverse("admin:displacement_merge_change", args=(row.pk,)),
                _("%(merged)s into %(kept)s") % {"merged": row.merged.number, "kept": row.kept.number},
            )
            for row in rows.select_related("kept", "merged").order_by("pk")
        ),
    )
