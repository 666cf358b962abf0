"""Filters as declared lists. Nothing else in an address has a meaning, so that no parameter is an oracle."""

from datetime import datetime
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError as Refusal
from django.db.models import Choices, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from core.api.faults import BadParameters, Fault, refused_parameters
from core.api.fields import YEAR_NEEDED, ZONE_NEEDED
from core.registration import BadRegistrationNumber, parse_number


class DeclaredFilters(DjangoFilterBackend):  # type: ignore[misc]  # the package carries no types
    """Applies the view's filters; a parameter that is not declared, or is given twice, is refused by name."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any, Any], view: Any
    ) -> QuerySet[Any, Any]:
        """The queryset narrowed by the address. Raises BadParameters."""
        refuse_unknown(request, view.open_parameters())
        if not view.is_narrowed():
            return queryset  # to make a form of all filters costs more than the query
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise refused_parameters(filterset.errors.as_data())
        narrowed: QuerySet[Any, Any] = filterset.qs
        return narrowed


def refuse_unknown(request: Request, allowed: frozenset[str]) -> None:
    """Raise BadParameters where the address holds a parameter that is not allowed, or one twice."""
    faults = []
    for name, values in request.query_params.lists():
        if name not in allowed:
            words = _("There is no such parameter here. The parameters are: %(allowed)s.") % {
                "allowed": ", ".join(sorted(allowed)) or "-"
            }
            faults.append(Fault("unknown_parameter", words, parameter=name[:60]))
        elif len(values) > 1:
            faults.append(Fault("given_twice", _("Give this parameter once."), parameter=name))
    if faults:
        raise BadParameters(faults)


def read_moment(text: str) -> datetime:
    """A moment written with its zone. Raises a ValidationError without it."""
    try:
        value = parse_datetime(text.strip())
    except ValueError:
        value = None
    if value is None or timezone.is_naive(value):
        raise Refusal(ZONE_NEEDED, code="no_zone")
    if not 1900 < value.year < 2199:
        raise Refusal(YEAR_NEEDED, code="out_of_range")
    return value


class MomentFormField(forms.CharField):
    """The form's side of MomentFilter."""

    def clean(self, value: Any) -> datetime | None:
        """The moment, or None where none was given."""
        text = super().clean(value)
        return read_moment(text) if text else None


class MomentFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]  # the package carries no types
    """A bound in time, with its zone."""

    field_class = MomentFormField


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]  # the package carries no types
    """A bound by calendar day."""

    def __init__(self, *args: Any, **options: Any) -> None:
        words = gettext_lazy("Write the day like 2024-08-12.")
        super().__init__(*args, input_formats=["%Y-%m-%d"], error_messages={"invalid": words}, **options)


class IdFilter(django_filters.UUIDFilter):  # type: ignore[misc]  # the package carries no types
    """Records that belong to the record of this id. An unknown id finds nothing, as one out of scope does."""

    def __init__(self, *args: Any, **options: Any) -> None:
        words = gettext_lazy("This is no id. Take it from the record's `id`.")
        super().__init__(*args, error_messages={"invalid": words}, **options)


class CodeFormField(forms.ChoiceField):
    """The form's side of CodeFilter."""

    def validate(self, value: Any) -> None:
        """Refuse what is not on the list, by naming the list and not what was sent."""
        if value and not self.valid_value(value):
            allowed = ", ".join(str(code) for code, _label in list(cast("Any", self.choices)) if code)
            raise Refusal(_("Use one of: %(allowed)s.") % {"allowed": allowed}, code="not_listed")


class CodeFilter(django_filters.ChoiceFilter):  # type: ignore[misc]  # the package carries no types
    """Records with this value of a code list."""

    field_class = CodeFormField

    def __init__(self, codes: type[Choices], **options: Any) -> None:
        django_filters.Filter.__init__(self, choices=codes.choices, **options)
        self.null_value = "null"


class YesNoFormField(forms.CharField):
    """The form's side of YesNoFilter."""

    def clean(self, value: Any) -> bool | None:
        """Yes, no, or None where it was not asked."""
        text = super().clean(value)
        if text not in ("", "true", "false"):
            raise Refusal(_("Write true or false."), code="not_listed")
        return {"true": True, "false": False}.get(text)


class YesNoFilter(django_filters.BooleanFilter):  # type: ignore[misc]  # the package carries no types
    """`true` or `false`."""

    field_class = YesNoFormField


class NumberFormField(forms.CharField):
    """The form's side of NumberFilter."""

    def clean(self, value: Any) -> int | None:
        """The serial, or None where no number was asked for."""
        text = super().clean(value)
        try:
            return parse_number(text) if text else None
        except BadRegistrationNumber as error:
            words = _("This is no registration number: a character is wrong or missing. Read it again.")
            raise Refusal(words, code="bad_number") from error


class NumberFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package carries no types
    """The record of a registration number, as somebody typed it."""

    field_class = NumberFormField


class TimeRange(django_filters.FilterSet):  # type: ignore[misc]  # the package carries no types
    """`occurred_from` (inclusive) and `occurred_before` (exclusive) bound when something was so."""

    occurred_from = MomentFilter(
        field_name="occurred_at", lookup_expr="gte", label="Was so at or after this moment."
    )
    occurred_before = MomentFilter(
        field_name="occurred_at", lookup_expr="lt", label="Was so before this moment."
    )
    recorded_from = MomentFilter(
        field_name="recorded_at", lookup_expr="gte", label="Was recorded at or after this moment."
    )
    recorded_before = MomentFilter(
        field_name="recorded_at", lookup_expr="lt", label="Was recorded before this moment."
    )
    voided = YesNoFilter(
        field_name="voided_at",
        lookup_expr="isnull",
        exclude=True,
        label="Only records that were voided (true) or that stand (false).",
    )
