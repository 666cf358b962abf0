"""Households and people over the API."""

from collections.abc import Hashable
from typing import Any
from uuid import UUID

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import require_reach
from accounts.api.bulk import Bulk, many_of
from accounts.api.views import ScopedViewSet, Voiding, VoidInput
from accounts.authentication import is_partner_system
from accounts.visibility import may
from core.api.filters import CodeFilter, IdFilter, NumberFilter, TimeRange
from core.api.serializers import Row
from core.api.views import ONES
from core.prepared import Prepared
from displacement.actions import consents, documents, households, joining, people, splitting
from displacement.actions.documents import NewDocument
from displacement.actions.naming import name_people
from displacement.api.serializers.documents import DocumentInput, DocumentOutput
from displacement.api.serializers.people import (
    AnswerInput,
    ConsentOutput,
    GroupOutput,
    HouseholdChangeInput,
    HouseholdDetailOutput,
    HouseholdInput,
    HouseholdOutput,
    JoinInput,
    NamePeopleInput,
    PersonChangeInput,
    PersonDetailOutput,
    PersonInput,
    PersonOutput,
    SplitInput,
    new_groups,
    new_people,
    new_person,
)
from displacement.models import Consent, Household, HouseholdGroup, IdentityDocument, Person, PersonNeed
from displacement.models.honey import hidden_from
from displacement.models.household import RegistrationMethod
from regions.api.fields import RegionFilter

_CONSENT = "displacement.consent"
_DOCUMENT = "displacement.identitydocument"


def _require_documents(user: Any, people: list[dict[str, Any]]) -> None:
    """Refuse documents of new people where the caller may record none."""
    if any(person.get("documents") for person in people) and not may(user, _DOCUMENT, "add"):
        raise PermissionDenied


def _reference_filter() -> Any:
    """Records that stand under a number of the organisation's own; its index holds no others."""

    def standing(queryset: Any, _name: str, value: str) -> Any:
        return queryset.filter(reference=value, voided_at=None)

    return django_filters.CharFilter(
        method=standing, max_length=80, label="Your organisation's own number, exactly; records that stand."
    )


class HouseholdFilters(TimeRange):
    """How households are narrowed."""

    region = RegionFilter(field_name="registered_in", label="Registered in this region or below it.")
    origin = RegionFilter(field_name="origin", label="At home in this region or below it.")
    number = NumberFilter(field_name="serial", label="The registration number on the card.")
    method = CodeFilter(RegistrationMethod, label="How they were registered.")
    reference = _reference_filter()


def _groups(household: Any) -> Any:
    groups = HouseholdGroup.objects.current().filter(household=household)
    return groups.order_by("age_band", "sex").values_list(*GroupOutput.columns())


def _consents(household: Any) -> Any:
    answers = Consent.objects.current().filter(household=household)
    latest = answers.order_by("purpose", "-occurred_at", "-id").distinct("purpose")
    return latest.values_list(*ConsentOutput.columns())


_GROUPS, _CONSENTS = Prepared(_groups, household=UUID), Prepared(_consents, household=UUID)


def _under(columns: list[str], rows: list[Any]) -> list[Row]:
    """The rows with each value under its column."""
    return [dict(zip(columns, told, strict=True)) for told in rows]


class HouseholdViewSet(Bulk, Voiding, ScopedViewSet):
    """Households: registered together, named or only counted."""

    resource = "displacement.household"
    model = Household
    output = HouseholdOutput
    detail_output = HouseholdDetailOutput
    inputs = {
        "create": HouseholdInput,
        "bulk": many_of(HouseholdInput),
        "partial_update": HouseholdChangeInput,
        "name_people": NamePeopleInput,
        "split": SplitInput,
        "join": JoinInput,
        "consents": AnswerInput,
        "void": VoidInput,
    }
    adding = frozenset({"create", "consents"})
    filterset_class = HouseholdFilters
    reach = {"region": "registered_in"}

    def query_hangs_on(self) -> Hashable:
        """On the user's scopes, and on what is hidden from a system."""
        return self.user.scopes(), hidden_from(self.user)

    def expand_detail(self, row: Row) -> None:
        """Three queries: people, groups, and the latest answer for each purpose."""
        house, people = row["id"], PersonOutput.columns()

        def persons(household: UUID) -> Any:
            theirs = Person.objects.visible_to(self.user).current().unmerged().filter(household=household)
            return theirs.order_by("id").values_list(*people)

        found = ONES.known(("people of a household", self.query_hangs_on()), persons, household=UUID)
        row["people"] = _under(people, found.rows(household=house))
        row["groups"] = _under(GroupOutput.columns(), _GROUPS.rows(household=house))
        row["consents"] = _under(ConsentOutput.columns(), _CONSENTS.rows(household=house))

    def create(self, request: Request) -> Response:
        """Register a household: named people, counted groups, or both. Nothing is saved where any part is refused."""
        return super().create(request)

    def add(self, told: dict[str, Any]) -> Household:
        """Register one, for the organisation that is named or that the user works for there."""
        organisation = self.organisation_in(
            told["registered_in"], told.pop("organisation", None), field="registered_in"
        )
        _require_documents(self.user, told.get("people", []))
        told["people"] = new_people(told.get("people", []))
        told["groups"] = new_groups(told.get("groups", []))
        return households.register(organisation=organisation, by=self.user, **told)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a household's data."""
        household = self.reachable(pk, "change")
        households.change(household=household, by=self.user, **self.read_input())
        return self.told(pk)

    @action(detail=True, methods=["post"], url_path="name-people")
    def name_people(self, request: Request, pk: str) -> Response:
        """Write down the names of people who were only counted. Nobody is counted twice, at any moment."""
        household = self.reachable(pk, "change")
        told = self.read_input()
        name_people(
            household=household,
            people=new_people(told["people"]),
            remaining=new_groups(told.get("remaining", [])),
            reason=told.get("reason", ""),
            by=self.user,
        )
        return self.told(pk)

    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """Let some people leave the household, from now on. Answers with the household in which they are."""
        household, told = self.reachable(pk, "change"), self.read_input()
        self._require_target(told.get("into"))
        told["groups"] = new_groups(told.get("groups", []))
        return self.told(splitting.split(household=household, by=self.user, **told).pk)

    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Put everybody of the household into another one, from now on. Answers with the household in which all are."""
        household, told = self.reachable(pk, "change"), self.read_input()
        self._require_target(told["into"])
        return self.told(joining.join(household=household, by=self.user, **told).pk)

    @action(detail=True, methods=["post"])
    def consents(self, request: Request, pk: str) -> Response:
        """Record what the household answered for one purpose. It holds at once; a withdrawal is an answer, too.

        A partner's system takes any answer of its organisation's households back, and records a yes of those
        that it registered itself.
        """
        if not may(self.user, _CONSENT, "add"):
            raise PermissionDenied
        household, told = self.one(pk), self.read_input()
        require_reach(self.user, household, _CONSENT, "add", **self.reach)
        if told["is_given"] and is_partner_system(self.user) and household.recorded_by != self.user.pk:
            raise PermissionDenied(
                _("Only who registered this household records that it agrees. Ask at their desk.")
            )
        consents.answer(household=household, by=self.user, **told)
        return self.told(pk, 201)

    def _require_target(self, into: Household | None) -> None:
        """Raise PermissionDenied for a household that the user may see and not change."""
        if into is not None:
            self.require(into, "change")


class PersonFilters(TimeRange):
    """How people are narrowed. There is no search by name here: the desk has one."""

    region = RegionFilter(
        field_name="household__registered_in", label="Registered in this region or below it."
    )
    origin = RegionFilter(field_name="household__origin", label="At home in this region or below it.")
    household = IdFilter(field_name="household", label="People of this household.")
    reference = _reference_filter()
    number = NumberFilter(
        method="filter_number",
        label="The registration number on the card; that of a merged record finds the one that goes on.",
    )
    need = django_filters.CharFilter(method="filter_need", max_length=10, label="Code of a specific need.")

    def filter_number(self, queryset: Any, _name: str, value: Any) -> Any:
        """The person who goes on under the number."""
        return queryset.numbered(value)

    def filter_need(self, queryset: Any, _name: str, value: str) -> Any:
        """People with the need as it stands now."""
        return queryset.filter(pk__in=PersonNeed.objects.current().filter(need=value).values("person"))


def _needs(person: Any) -> Any:
    return PersonNeed.objects.current().filter(person=person).order_by("need").values_list("need")


_NEEDS = Prepared(_needs, person=UUID)


class PersonViewSet(Bulk, Voiding, ScopedViewSet):
    """People in the register. A list leaves out records that were merged; their detail says into which."""

    resource = "displacement.person"
    model = Person
    output = PersonOutput
    detail_output = PersonDetailOutput
    inputs = {
        "create": PersonInput,
        "bulk": many_of(PersonInput),
        "partial_update": PersonChangeInput,
        "documents": DocumentInput,
        "void": VoidInput,
    }
    adding = frozenset({"create", "documents"})
    filterset_class = PersonFilters
    filter_reads = {"number": "displacement.person.serial", "need": "displacement.personneed.need"}
    reach = {"region": "household__registered_in"}

    def visible(self) -> QuerySet[Any, Any]:
        """People whose records the user may see; merged ones by their address only."""
        is_merged = ExpressionWrapper(Q(merged_into__isnull=False), output_field=BooleanField())
        found: QuerySet[Any, Any] = super().visible().annotate(is_merged=is_merged)
        if self.action == "list":
            found = found.filter(merged_into=None)
        return found

    def query_hangs_on(self) -> Hashable:
        """On the user's scopes, and on what is hidden from a system."""
        return self.user.scopes(), hidden_from(self.user)

    def expand_detail(self, row: Row) -> None:
        """Two queries, needs and documents that stand; one more for a merged record: who goes on is named where seen."""
        survivor = row["merged_into_id"]
        if survivor and not Person.objects.visible_to(self.user).filter(pk=survivor).exists():
            row["merged_into_id"] = None
        row["needs"] = [need for (need,) in _NEEDS.rows(person=row["id"])]
        row["documents"] = self._documents_of(row["id"])

    def _documents_of(self, person: UUID) -> list[Row]:
        """Those that the user may see and that stand; no query for whom the policy shows none."""
        if not may(self.user, DocumentOutput.resource, "view"):
            return []
        columns = DocumentOutput.columns()

        def papers(person: UUID) -> Any:
            theirs = IdentityDocument.objects.visible_to(self.user).current().filter(person=person)
            return theirs.order_by("id").values_list(*columns)

        found = ONES.known(("documents", self.query_hangs_on()), papers, person=UUID).rows(person=person)
        return _under(columns, found)

    def create(self, request: Request) -> Response:
        """Register one more person of a household."""
        return super().create(request)

    def add(self, told: dict[str, Any]) -> Person:
        """Register one."""
        household = told.pop("household")
        self.require_target(household, region="registered_in")
        _require_documents(self.user, [told])
        return people.add(household=household, person=new_person(told), by=self.user)

    @action(detail=True, methods=["post"])
    def documents(self, request: Request, pk: str) -> Response:
        """Record a document that the person showed."""
        if not may(self.user, _DOCUMENT, "add"):
            raise PermissionDenied
        person = self.one(pk)
        require_reach(self.user, person, _DOCUMENT, "add", **self.reach)
        documents.record(person=person, document=NewDocument(**self.read_input()), by=self.user)
        return self.told(pk, 201)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct a person's data."""
        person = self.reachable(pk, "change")
        people.change(person=person, by=self.user, **self.read_input())
        return self.told(pk)
