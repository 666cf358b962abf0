"""How the queue of possible duplicates is narrowed."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from displacement.models import PairWord, PossibleDuplicate
from displacement.models.duplicate import PossibleDuplicateQuerySet, Verdict


class WaitingFilter(admin.SimpleListFilter):
    """Pairs that wait for this user; what was decided is shown to those who ask for it."""

    title = _("decided or not")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The verdicts beside the queue."""
        return [("same", _("One person")), ("different", _("Two persons"))]

    def choices(self, changelist: Any) -> Any:
        """Name the usual view for what it shows."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queue unless a verdict was asked for. No query."""
        assert isinstance(queryset, PossibleDuplicateQuerySet)
        if self.value():
            return queryset.filter(state=self.value())
        return self.waiting(queryset, request)

    @staticmethod
    def waiting(pairs: PossibleDuplicateQuerySet, request: HttpRequest) -> PossibleDuplicateQuerySet:
        """Those that wait for this user: without pairs that wait for the word of another organisation only."""
        user: Any = request.user
        assert isinstance(user, User)
        said = PairWord.objects.filter(
            pair=OuterRef("pk"),
            organisation__in={scope.organisation_id for scope in user.scopes()},
            verdict=Verdict.SAME,
        )
        both = PossibleDuplicate.objects.within_one_reach(user, "change").filter(pk=OuterRef("pk"))
        return pairs.waiting().exclude(Exists(said) & ~Exists(both))


class LikelihoodFilter(admin.SimpleListFilter):
    """How sure the comparison is."""

    title = _("likelihood")
    parameter_name = "likelihood"
    _BOUNDS = {"99": (0.99, 1.01), "95": (0.95, 0.99), "less": (-1.0, 0.95)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Three bands."""
        return [("99", _("99% and more")), ("95", _("95% to 99%")), ("less", _("Less than 95%"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Pairs of the band. No query."""
        bounds = self._BOUNDS.get(self.value() or "")
        if bounds is None:
            return queryset
        return queryset.filter(probability__gte=bounds[0], probability__lt=bounds[1])


class RunFilter(admin.SimpleListFilter):
    """Pairs that one run, such as an accepted file, found; the page of the run leads here."""

    title = _("found by")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The run that the address names, if any."""
        return [(self._asked(request), _("This run"))] if self._asked(request) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Pairs of the run; none for what is no run. No query."""
        if not self.value():
            return queryset
        try:
            return queryset.filter(run=UUID(str(self.value())))
        except ValueError:
            return queryset.none()

    @staticmethod
    def _asked(request: HttpRequest) -> str:
        return str(request.GET.get("run", ""))
