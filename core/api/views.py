"""Lists and details of one kind of record, read as rows from what the user may see."""

import builtins
from collections.abc import Callable, Hashable
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

from core.api import sparse
from core.api.etags import etag_of
from core.api.filters import refuse_unknown
from core.api.pagination import Found, KeysetPagination
from core.api.rates import count_request, rate_headers
from core.api.retiring import RETIRING
from core.api.serializers import InputSerializer, Row, RowSerializer
from core.prepared import Beside, Remembered

#: Queries of one record.
ONES = Remembered()


class Contract(ViewSetMixin):
    """What holds of every address: its account is counted, a method is taken or is not, and its answers say how it stands."""

    action_map: dict[str, str]

    def check_permissions(self: Any, request: Request) -> None:
        """Count the request, and answer a method that is not taken as such (405) before the policy is asked about it."""
        if request.user.is_authenticated:
            count_request(request)
        if (request.method or "").lower() not in self.action_map:
            if not request.user.is_authenticated:
                self.permission_denied(request)
            raise MethodNotAllowed(request.method or "")
        super().check_permissions(request)  # type: ignore[misc]  # the view's own

    def finalize_response(self: Any, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add what is left of the account's requests, and when the address goes, where it does."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]  # the view's own
        headers = rate_headers(request)
        retiring = RETIRING.get(f"{self.basename}.{self.action}")
        if retiring is not None:
            headers |= retiring.headers()
            links = [link for link in (answer.get("Link"), headers["Link"]) if link]
            headers["Link"] = ", ".join(links)
        for name, value in headers.items():
            answer[name] = value
        if isinstance(answer, Response):
            answer.add_post_render_callback(self._let_go)
        return answer

    def _let_go(self, answer: Any) -> None:
        """Hold nothing of an answer that is written. View and answer hold each other: a page of rows would lie in memory
        until the garbage collector comes by, which looks through all of them then.
        """
        answer.renderer_context = None
        vars(self).clear()


class Answer(Response):
    """An answer that can be given again: `outcome` names the records in it by their ids and holds nothing of them."""

    def __init__(
        self, data: Any, *, outcome: Row, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, status=status, headers=headers)
        self.outcome = outcome


class RecordViewSet(Contract, GenericViewSet[Any]):
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

    def query_hangs_on(self) -> Hashable:
        """All by which `visible` differs from one user to another, so that queries are put together once; None: by more."""
        return None

    def beside_page(self) -> Callable[[int], Beside] | None:
        """What the statement of a page does besides, by the number of its rows at most; None: nothing."""
        return None

    def open_parameters(self) -> frozenset[str]:
        """The parameters of a list's address that there are for the user."""
        declared = frozenset(self.filterset_class.base_filters if self.filterset_class else {})
        return (declared - self.closed_filters()) | self.paginator.parameters() | {sparse.PARAMETER}

    def is_narrowed(self) -> bool:
        """Whether the address names a filter."""
        declared = self.filterset_class.base_filters if self.filterset_class else {}
        return not self.request.query_params.keys().isdisjoint(declared)

    def closed_filters(self) -> frozenset[str]:
        """Filters by fields that the user does not see: they do not exist for this user."""
        return frozenset()

    def open_orderings(self) -> tuple[str, ...]:
        """The orderings by fields that the user sees."""
        return self.orderings

    def open_fields(self, shape: type[RowSerializer]) -> builtins.list[str]:
        """The fields of an answer that the user may ask for."""
        return list(shape._declared_fields)

    def narrowed(self, shape: type[RowSerializer], rows: builtins.list[Row]) -> builtins.list[Row]:
        """The rows with the fields that the address asks for; what names the record is always among them."""
        asked = sparse.asked_fields(self.request, lambda: self.open_fields(shape))
        return sparse.narrowed(rows, asked, self.key_name)

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
        known_as = None if self.is_narrowed() else self.query_hangs_on()
        if known_as is not None:
            if request.query_params:
                refuse_unknown(request, self.open_parameters())
            known_as = (type(self), known_as)
        found = self.paginator.page_of(
            lambda: self.filter_queryset(self.get_queryset()),
            self.model,
            request,
            self,
            known_as,
            self.beside_page(),
        )
        shown = self.seen(self.output, self._written(found))
        return self.paginator.get_paginated_response(self.narrowed(self.output, shown))

    def _written(self, found: Found) -> builtins.list[Row]:
        """The rows of a page as they are shown. A row is made once where nothing is put into it."""
        if type(self).expand is RecordViewSet.expand:
            return self.output.written_of(found.lookups, found.values)
        rows = found.rows()
        self.expand(rows)
        return self.output.written(rows)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One record with all that it shows, or the fields that were asked for. Its tag speaks of all."""
        refuse_unknown(request, frozenset({sparse.PARAMETER}))
        answer = self.told(pk)
        answer.data = self.narrowed(self.detail_output or self.output, [answer.data])[0]
        return answer

    def shown(self, pk: Any) -> Row:
        """One visible record as its detail shows it. Raises Http404 for one that is absent or out of scope alike."""
        shape = self.detail_output or self.output
        columns = dict.fromkeys([self.primary, *shape.columns()])
        named, hangs_on = self.named(pk), self.query_hangs_on()

        def one(**key: Any) -> Any:
            return self.visible().filter(**key).values_list(*columns)[:1]

        if hangs_on is None or self.key_name != "id":
            found = list(one(**named))
        else:
            found = ONES.known((type(self), self.action, hangs_on, shape), one, id=UUID).rows(**named)
        rows = [dict(zip(columns, row, strict=True)) for row in found]
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

    def told(self, pk: Any, status: int = status.HTTP_200_OK) -> Answer:
        """The answer about one record: what its detail shows, with its tag."""
        row = self.shown(pk)
        return Answer(row, outcome={"record": str(pk)}, status=status, headers={"ETag": etag_of(row)})

    def created(self, record: models.Model) -> Answer:
        """The answer for a new record: what its detail shows, and where."""
        return self.placed(record.pk, status.HTTP_201_CREATED)

    def placed(self, pk: Any, status: int) -> Answer:
        """What the record's detail shows, and where it is."""
        answer = self.told(pk, status)
        answer["Location"] = self.place_of(pk)
        answer.outcome["is_placed"] = True
        return answer

    def place_of(self, pk: Any) -> str:
        """The address of a record."""
        return str(self.reverse_action("detail", args=[pk]))

    def again(self, outcome: Row, status: int) -> Response:
        """The answer of an earlier request once more, with what its record shows now and to this user."""
        if outcome.get("is_placed"):
            return self.placed(outcome["record"], status)
        return self.told(outcome["record"], status)

    def _shape(self) -> type[RowSerializer]:
        is_list = (self.action or "") == "list"
        return self.output if is_list else self.detail_output or self.output
