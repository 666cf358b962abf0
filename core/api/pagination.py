"""Pages by key: a page costs the same wherever it lies, and nothing is counted."""

import base64
import binascii
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError as Refusal
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from core.api.faults import BadParameters, bad_parameter
from core.api.serializers import Row
from core.prepared import Beside, Remembered, ask

LONGEST_CURSOR = 500
#: Queries of pages.
PAGES = Remembered()


@dataclass(frozen=True)
class _Key:
    """Where a page starts: the order, the last row's values of its columns, and whether we walk back."""

    ordering: str
    values: list[Any]
    is_reverse: bool


class Found(NamedTuple):
    """The rows of a page as the database gave them: the values of each under these lookups."""

    lookups: list[str]
    values: list[Sequence[Any]]

    def rows(self) -> list[Row]:
        """Each under its lookups."""
        return [dict(zip(self.lookups, row, strict=True)) for row in self.values]


class KeysetPagination(BasePagination):
    """Pages of 100 rows, or of `page_size` up to 500. `next` and `previous` are addresses to follow as they are.

    The order is one of the view's `orderings`; the primary key ends each, so that no row is shown twice or left out while
    others are added. A cursor tells a position and opens nothing: it is applied to what the user may see anyway.
    """

    cursor_parameter = "cursor"
    size_parameter = "page_size"
    ordering_parameter = "ordering"
    default_size = 100
    largest_size = 500

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page that the address asks for: one query, one row more than shown."""
        return self.page_of(lambda: queryset, queryset.model, request, view).rows()

    def page_of(
        self,
        asked: Callable[[], Any],
        model: type[models.Model],
        request: Request,
        view: Any,
        known_as: Hashable = None,
        beside: Callable[[int], Beside] | None = None,
    ) -> Found:
        """As `paginate_queryset`; `asked` puts the query together, and is not called again for one that is `known_as` the same.

        Only the place of the page may then differ. The statement does what `beside` says of a page of so many rows.
        """
        self.request, self.model = request, model
        self.size = self._size(request)
        self.orderings: tuple[str, ...] = view.open_orderings()
        key = self._key(request)
        self.ordering = key.ordering if key else self._ordering(request)
        self.columns = _total(self.ordering, view.primary)
        is_reverse = key is not None and key.is_reverse
        order = [_flipped(column) for column in self.columns] if is_reverse else self.columns
        names = [column.lstrip("-") for column in self.columns]
        shown = list(dict.fromkeys([view.primary, *view.output.columns(), *names]))
        at = self._place(key) if key else {}

        def page(**place: Any) -> Any:
            rows = asked().filter(self._beyond(place, is_reverse=is_reverse)) if place else asked()
            return rows.order_by(*order).values_list(*shown)[: self.size + 1]

        besides = beside(self.size) if beside else None
        if known_as is None or names != [view.primary]:
            found = ask(page(**at), besides)
        else:
            told = (known_as, view.output, self.ordering, self.size, is_reverse, key is None)
            found = PAGES.known(told, page, **dict.fromkeys(at, UUID)).rows(besides, **at)
        has_more = len(found) > self.size
        self.page = Found(shown, found[: self.size])
        if is_reverse:
            self.page.values.reverse()
        self.has_next = is_reverse or has_more
        self.has_previous = has_more if is_reverse else key is not None
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the addresses of its neighbours, in the body and in the header `Link` (RFC 8288)."""
        first = remove_query_param(self.request.build_absolute_uri(), self.cursor_parameter)
        following = self._link(first, self.page.values[-1:], is_reverse=False) if self.has_next else None
        previous = self._link(first, self.page.values[:1], is_reverse=True) if self.has_previous else None
        links = {"next": following, "prev": previous, "first": first}
        header = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items() if url)
        return Response({"next": following, "previous": previous, "results": data}, headers={"Link": header})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same for the OpenAPI document."""
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of a page for the OpenAPI document."""
        return [
            {
                "name": self.cursor_parameter,
                "in": "query",
                "description": "Where the page starts. Take it from `next` or `previous` as it is.",
                "schema": {"type": "string"},
            },
            {
                "name": self.size_parameter,
                "in": "query",
                "description": "Rows on a page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.largest_size,
                    "default": self.default_size,
                },
            },
            {
                "name": self.ordering_parameter,
                "in": "query",
                "description": "The order of rows; a leading `-` turns it round.",
                "schema": {"type": "string", "enum": list(view.orderings), "default": view.orderings[0]},
            },
        ]

    def parameters(self) -> frozenset[str]:
        """The parameters of the address that are ours."""
        return frozenset({self.cursor_parameter, self.size_parameter, self.ordering_parameter})

    def _size(self, request: Request) -> int:
        given = request.query_params.get(self.size_parameter)
        if given is None:
            return self.default_size
        is_number = given.isascii() and given.isdigit() and len(given) <= 6
        if not is_number or not 1 <= int(given) <= self.largest_size:
            words = _("Ask for 1 to %(largest)d rows a page.") % {"largest": self.largest_size}
            raise bad_parameter(self.size_parameter, "out_of_range", words)
        return int(given)

    def _ordering(self, request: Request) -> str:
        given = request.query_params.get(self.ordering_parameter, self.orderings[0])
        if given not in self.orderings:
            words = _("Order by one of: %(allowed)s.") % {"allowed": ", ".join(self.orderings)}
            raise bad_parameter(self.ordering_parameter, "invalid_choice", words)
        return given

    def _key(self, request: Request) -> _Key | None:
        given = request.query_params.get(self.cursor_parameter)
        if given is None:
            return None
        try:
            if len(given) > LONGEST_CURSOR:
                raise ValueError
            ordering, values, is_reverse = json.loads(base64.urlsafe_b64decode(given.encode("ascii")))
            asked = request.query_params.get(self.ordering_parameter, ordering)
            if ordering not in self.orderings or asked != ordering or not isinstance(values, list):
                raise ValueError
            json.dumps(values, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
            return _Key(ordering, values, bool(is_reverse))
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise _bad_cursor() from error

    def _place(self, key: _Key) -> dict[str, Any]:
        """The values of the columns of the order where the page starts."""
        if len(key.values) != len(self.columns):
            raise _bad_cursor()
        names = [column.lstrip("-") for column in self.columns]
        fields: Any = {name: self.model._meta.get_field(name) for name in names}
        try:
            place = {
                name: fields[name].to_python(str(raw)) for name, raw in zip(names, key.values, strict=True)
            }
        except (Refusal, ValueError, OverflowError) as error:
            raise _bad_cursor() from error
        if any(isinstance(value, datetime) and timezone.is_naive(value) for value in place.values()):
            raise _bad_cursor()
        return place

    def _beyond(self, place: dict[str, Any], *, is_reverse: bool) -> Q:
        """The rows after the place in the direction of the walk, by comparing rows of columns from the left."""
        beyond, equal = Q(), Q()
        for column, (name, value) in zip(self.columns, place.items(), strict=True):
            side = "lt" if column.startswith("-") != is_reverse else "gt"
            beyond |= equal & Q(**{f"{name}__{side}": value})
            equal &= Q(**{name: value})
        if len(place) > 1:
            # The leading column alone bounds the scan; PostgreSQL does not see that through the OR.
            first, value = next(iter(place.items()))
            side = "lte" if self.columns[0].startswith("-") != is_reverse else "gte"
            beyond &= Q(**{f"{first}__{side}": value})
        return beyond

    def _link(self, first: str, rows: list[Sequence[Any]], *, is_reverse: bool) -> str | None:
        if not rows:
            return None
        places = [self.page.lookups.index(column.lstrip("-")) for column in self.columns]
        values = [str(rows[0][place]) for place in places]
        text = json.dumps([self.ordering, values, is_reverse], separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(text.encode()).decode("ascii")
        return replace_query_param(first, self.cursor_parameter, cursor)


def _total(ordering: str, primary: str) -> list[str]:
    """The ordering made total by the primary key, in the same direction."""
    if ordering.lstrip("-") == primary:
        return [ordering]
    return [ordering, f"-{primary}" if ordering.startswith("-") else primary]


def _flipped(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _bad_cursor() -> BadParameters:
    return bad_parameter(KeysetPagination.cursor_parameter, "bad_cursor", str(_BAD_CURSOR))


_BAD_CURSOR = gettext_lazy(
    "This is no place in this list. Start again without `cursor`, or take it from `next`."
)
