"""Lists and details of one kind of record, read as rows from what the user may see."""

import builtins
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSetMixin

from core.api.filters import refuse_unknown
from core.api.pagination import KeysetPagination
from core.api.serializers import InputSerializer, Row, RowSerializer


class TakenMethods(ViewSetMixin):
    """Answers a method that an address does not take as such: 405, and never 403 for something that is not offered."""

    action_map: dict[str, str]

    def check_permissions(self: Any, request: Request) -> None:
        """Answer a method that is not taken as such, before the policy is asked about it."""
        if (request.method or "").lower() not in self.action_map:
            if not request.user.is_authenticated:
                self.permission_denied(request)
            raise MethodNotAllowed(request.method or "")
        super().check_permissions(request)  # type: ignore[misc]  # the view's own


class RecordViewSet(TakenMethods, GenericViewSet[Any]):
    """A kind of record: list and detail. A subclass says what may be seen (`visible`) and with which fields.

    `resource` (`app.model`) is what the policy decides about. A list costs one query for its rows and those of `expand`.
    """

    resource: ClassVar[str]
    model: ClassVar[type[models.Model]]
    output: ClassVar[type[RowSerializer]]
    detail_output: ClassVar[type[RowSerializer] | None] = None
    inputs: ClassVar[dict[str, type[InputSerializer]]] = {}
    #: Acts that add a record: they answer 201.
    adding: ClassVar[frozenset[str]] = frozenset({"create"})
    #: Acts that a worker carries out afterwards: they answer 202.
    later: ClassVar[frozenset[str]] = frozenset()
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")
    filterset_class: ClassVar[type[Any] | None] = None
    #: The primary key's column, which ends every order.
    primary: ClassVar[str] = "id"
    #: The field that an address names: `id`, or a readable key.
    key_name: ClassVar[str] = "id"
    lookup_value_regex = "[^/]+"

    @property
    def paginator(self) -> KeysetPagination:
        """The one way in which lists are cut into pages."""
        if not hasattr(self, "_pages"):
            self._pages = KeysetPagination()
        return self._pages

    def visible(self) -> QuerySet[Any, Any]:
        """The records that the user may see."""
        raise NotImplementedError

    def expand(self, rows: list[Row]) -> None:
        """Put nested lists into the rows of a page, with one query for all rows each."""

    def expand_detail(self, row: Row) -> None:
        """Put into one row what only its detail shows."""

    def seen(self, shape: type[RowSerializer], rows: builtins.list[Row]) -> builtins.list[Row]:
        """The written rows without the fields that the user does not see."""
        return rows

    def closed_filters(self) -> frozenset[str]:
        """Filters by fields that the user does not see: they do not exist for this user."""
        return frozenset()

    def open_orderings(self) -> tuple[str, ...]:
        """The orderings by fields that the user sees."""
        return self.orderings

    def get_queryset(self) -> QuerySet[Any, Any]:
        """The visible records; none where only the schema is drawn."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.visible()

    def get_serializer_class(self) -> type[Any]:
        """The input of the present action where it takes one, else the output."""
        return self.inputs.get(self.action or "") or self._shape()

    def list(self, request: Request) -> Response:
        """One page."""
        rows = self.paginator.paginate_queryset(self.filter_queryset(self.get_queryset()), request, self)
        self.expand(rows)
        return self.paginator.get_paginated_response(self.seen(self.output, self.output.written(rows)))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One record with all that it shows."""
        refuse_unknown(request, frozenset())
        return Response(self.shown(pk))

    def shown(self, pk: Any) -> Row:
        """One visible record as its detail shows it. Raises Http404 for one that is absent or out of scope alike."""
        shape = self.detail_output or self.output
        columns = dict.fromkeys([self.primary, *shape.columns()])
        rows = list(self.visible().filter(**self.named(pk)).values(*columns)[:1])
        if not rows:
            raise Http404
        self.expand(rows)
        self.expand_detail(rows[0])
        return self.seen(shape, shape.written(rows))[0]

    def named(self, pk: Any) -> dict[str, Any]:
        """The condition for the record that an address names. Raises Http404 for what cannot be one."""
        if "\x00" in str(pk):
            raise Http404
        try:
            return {self.key_name: pk if self.key_name != "id" or isinstance(pk, UUID) else UUID(str(pk))}
        except ValueError as error:
            raise Http404 from error

    def one(self, pk: Any) -> Any:
        """One visible record to act on. Raises Http404."""
        found = self.visible().filter(**self.named(pk)).first()
        if found is None:
            raise Http404
        return found

    def read_input(self) -> Any:
        """What the request sent, checked. Raises ValidationError with every fault."""
        refuse_unknown(self.request, frozenset())
        serializer = self.inputs[self.action or ""](
            data=self.request.data,
            context={
                **self.get_serializer_context(),
                "shown_fields": frozenset(self._shape()._declared_fields),
            },
        )
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def created(self, record: models.Model) -> Response:
        """The answer for a new record: what its detail shows, and where."""
        return self.placed(record, status.HTTP_201_CREATED)

    def placed(self, record: models.Model, code: int) -> Response:
        """What the record's detail shows, and where it is."""
        place = self.reverse_action("detail", args=[record.pk])
        return Response(self.shown(record.pk), status=code, headers={"Location": place})

    def _shape(self) -> type[RowSerializer]:
        is_list = (self.action or "") == "list"
        return self.output if is_list else self.detail_output or self.output
