"""The queue of possible duplicates: who is who, the likeliest first."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import F, Q, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.admin import ReadAdmin
from core.admin import Act
from core.database_roles import Why, as_service
from displacement.actions.bulk_judging import CHUNK
from displacement.actions.duplicates import judge
from displacement.admin.duplicate_filters import LikelihoodFilter, RunFilter, WaitingFilter
from displacement.admin.duplicate_forms import JudgeForm, percent
from displacement.identity.differences import Mark, side_by_side
from displacement.identity.disclosure import disclosed
from displacement.identity.words import born_in_words
from displacement.models import Person, PossibleDuplicate
from displacement.models.duplicate import Verdict

#: What stands in the place of a record that is not disclosed: that there is one, and nothing of it.
ELSEWHERE = gettext_lazy("A record of another organisation")


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(ReadAdmin):
    """Pairs that wait for a person. Each has a page with both records side by side; many can be decided at once."""

    change_list_template = "desk/queue.html"
    list_display = ("chance", "one", "other", "what_differs", "standing")
    list_display_links = ("chance",)
    list_filter = (WaitingFilter, LikelihoodFilter, RunFilter)
    list_select_related = (
        "first__household__origin",
        "first__household__registered_in",
        "first__organisation",
        "second__household__origin",
        "second__household__registered_in",
        "second__organisation",
    )
    search_fields = ("pk",)
    search_help_text = gettext_lazy("Registration number or names of a person whom you may see")
    ordering = ("-state", F("probability").desc(nulls_last=True), "id")
    actions: Any = ("say_same", "say_different", "say_later")
    judging = Act("judge", gettext_lazy("Is this one person?"), "change", JudgeForm)

    # The types of Django give this one argument more from Python 3.12 on: Django 6 does.
    def get_actions(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The verdicts, without Django's own deletion."""
        offered = super().get_actions(request, *args, **kwargs)
        return {name: each for name, each in offered.items() if name in self.actions}

    def has_judge_permission(self, request: HttpRequest) -> bool:
        """Whoever may decide at all; with which pairs, the action asks."""
        return self.may(request, "change")

    def may(self, request: HttpRequest, action: str, record: Any = None) -> bool:
        """By the policy; a pair is within reach where one of its records is."""
        allowed = request.user.has_perm(f"displacement.{action}_possibleduplicate")
        if not allowed or record is None:
            return allowed
        with as_service(Why.PAIRS):
            return PossibleDuplicate.objects.visible_to(request.user, action).filter(pk=record.pk).exists()

    def label(self, record: Any) -> str:
        """Its likelihood and number, and nothing of its people."""
        return _("Pair %(number)s") % {"number": record.pk}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Pairs of people whom this user may see; a hidden record is never found by what it says."""
        if not search_term.strip():
            return queryset, False
        found = Person.objects.visible_to(request.user).matching(search_term).order_by().values("pk")
        return queryset.filter(Q(first__in=found) | Q(second__in=found)), False

    @as_service(Why.PAIRS)
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The pair with both records, of which the page shows what may be seen."""
        pair = super().get_object(request, object_id, from_field)
        if pair is not None:
            prefetch_related_objects([pair], *self.list_select_related)
        return pair

    @as_service(Why.PAIRS)
    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page, with what of each pair may be shown. One query more."""
        changes = super().get_changelist_instance(request)
        pairs: list[Any] = list(changes.result_list)
        user: Any = request.user
        seen = disclosed(pairs, user)
        for pair in pairs:
            pair.sides = sides(pair, seen)
        changes.result_list = pairs
        return changes

    @admin.display(description=gettext_lazy("likelihood"))
    def chance(self, pair: Any) -> str:
        """In percent; a dash where people brought the two together."""
        return percent(pair)

    @admin.display(description=gettext_lazy("one"))
    def one(self, pair: Any) -> str:
        """Name, birth and number."""
        return described(pair.sides[0])

    @admin.display(description=gettext_lazy("the other"))
    def other(self, pair: Any) -> str:
        """Name, birth and number."""
        return described(pair.sides[1])

    @admin.display(description=gettext_lazy("what differs"))
    def what_differs(self, pair: Any) -> str:
        """What the two records do not have in common, where both may be seen."""
        one, other = pair.sides
        if one is None or other is None:
            return _("Only that there is a match can be shown.")
        told = {Mark.DIFFERENT, Mark.SPELLED}
        lines = [line for line in side_by_side(one, other) if line.is_telling and line.mark in told]
        return ", ".join(f"{line.sign} {line.label}" for line in lines) or _("nothing")

    @admin.display(description=gettext_lazy("state"))
    def standing(self, pair: Any) -> str:
        """Open, put off, or decided."""
        return str(pair.get_state_display())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Both records side by side, and the verdict."""
        pair = self.get_object(request, unquote(object_id))
        if pair is None:
            return self.not_found(request, object_id)
        return self._serve(request, self.judging, pair)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A pair has no page of its trail: it may tell of the other organisation. Auditors have the whole list."""
        return self.not_found(request, object_id)

    @as_service(Why.PAIRS)
    def next_url(self, request: HttpRequest, done: Any) -> str:
        """On to the next pair that waits; to the queue where none does."""
        waiting = WaitingFilter.waiting(PossibleDuplicate.objects.visible_to(request.user, "change"), request)
        following = waiting.exclude(pk=done.pk).in_turn().values_list("pk", flat=True).first()
        if following is None:
            return reverse("admin:displacement_possibleduplicate_changelist")
        return reverse("admin:displacement_possibleduplicate_change", args=(following,))

    @admin.action(description=gettext_lazy("One person: merge"), permissions=["judge"])
    def say_same(self, request: HttpRequest, pairs: QuerySet[Any]) -> HttpResponse:
        """Merge the selected pairs."""
        return self._judge(request, pairs, Verdict.SAME)

    @admin.action(description=gettext_lazy("Two persons"), permissions=["judge"])
    def say_different(self, request: HttpRequest, pairs: QuerySet[Any]) -> HttpResponse:
        """Say that the selected pairs are different people."""
        return self._judge(request, pairs, Verdict.DIFFERENT)

    @admin.action(description=gettext_lazy("Later"), permissions=["judge"])
    def say_later(self, request: HttpRequest, pairs: QuerySet[Any]) -> HttpResponse:
        """Put the selected pairs behind all others."""
        return self._judge(request, pairs, Verdict.LATER)

    @as_service(Why.PAIRS)
    def _judge(self, request: HttpRequest, pairs: QuerySet[Any], verdict: Verdict) -> HttpResponse:
        user: Any = request.user
        if pairs.count() > CHUNK:
            text = _("These are more than %(n)s pairs. Use “Decide many at once”: a worker does it.") % {
                "n": CHUNK
            }
            messages.error(request, text)
            return HttpResponseRedirect(request.get_full_path())
        result = judge(pairs=pairs, verdict=verdict, by=user)
        count = len(result.done) + len(result.said)
        if count:
            text = ngettext("%(n)s pair decided.", "%(n)s pairs decided.", count)
            messages.success(request, text % {"n": count})
        for sentence in sorted(set(result.refused.values())):
            number = sum(each == sentence for each in result.refused.values())
            text = ngettext("%(n)s pair is left: %(why)s", "%(n)s pairs are left: %(why)s", number)
            messages.warning(request, text % {"n": number, "why": sentence})
        return HttpResponseRedirect(request.get_full_path())


def sides(pair: PossibleDuplicate, seen: set[UUID]) -> tuple[Person | None, Person | None]:
    """The two records as this user may see them, the own one first: None in place of what is not disclosed.

    Nor does the order tell anything of a hidden record.
    """
    shown = [person if person.pk in seen else None for person in (pair.first, pair.second)]
    one, other = sorted(shown, key=lambda person: person is None)
    return one, other


def described(person: Person | None) -> str:
    """A person in one line."""
    if person is None:
        return str(ELSEWHERE)
    born = born_in_words(person.birth_date, person.birth_precision)
    return " · ".join(part for part in (person.full_name, born, person.number) if part)
