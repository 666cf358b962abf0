"""Records whose visibility the policy bounds, and taking them back."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.standing import OwnRowsOnly
from accounts.api.writing import Writing
from accounts.field_classes import telling_of_people
from accounts.fields import asks, hidden_names, seen
from accounts.models import User
from accounts.reading import organisation_of
from accounts.visibility import may, within_reach
from audit.actions.reading import record_reading, record_refused, trace_of_page
from audit.actions.voiding import void
from core.api.fields import TextField
from core.api.serializers import InputSerializer, Row, RowSerializer
from core.api.views import RecordViewSet
from core.prepared import Beside


class ScopedViewSet(OwnRowsOnly, Writing, RecordViewSet):
    """Records of organisations in regions. `reach` names the lookups from a record to both, as `within_reach` takes them."""

    reach: ClassVar[dict[str, str]] = {}

    #: The kind of record whose rows are shown, where the policy has a name of its own for seeing them here.
    tells_of: ClassVar[str] = ""
    #: Filters that ask about what is no lookup of the model, each with its column (`app.model.column`).
    filter_reads: ClassVar[Mapping[str, str]] = {}

    @property
    def user(self) -> User:
        """Who asks; the permission has let only users through."""
        assert isinstance(self.request.user, User)
        return self.request.user

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Each write is done once, and each reading of a kind that tells of people leaves a trace, whatever the address."""
        for method in ("post", "patch"):
            if hasattr(self, method):
                setattr(self, method, partial(self._write, getattr(self, method)))
        if (self.tells_of or self.resource) in telling_of_people():
            for method in ("get", "head"):
                if hasattr(self, method):
                    setattr(self, method, partial(self._read, getattr(self, method)))
        return super().dispatch(request, *args, **kwargs)

    def _read(
        self, handler: Callable[..., HttpResponseBase], request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Read and note in one transaction: where the trace cannot be written, nothing is shown.

        The statement of a list's page does so by itself.
        """
        if self.action == "list":
            return handler(request, *args, **kwargs)
        try:
            return self._shown(handler, request, *args, **kwargs)
        except Http404:
            by, asked = self.user, str(kwargs.get("pk", ""))
            record_refused(by=by, resource=self.resource, record=asked, organisation=organisation_of(by))
            raise

    def _shown(
        self, handler: Callable[..., HttpResponseBase], request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        with transaction.atomic():
            answer = handler(request, *args, **kwargs)
            if answer.status_code == HTTPStatus.OK:
                record = str(kwargs["pk"])
                record_reading(record=record, ids=[record], **self._trace())
                self.note_besides(record)
        return answer

    def note_besides(self, record: str) -> None:
        """Traces beside that of whoever read the record, in the transaction of the reading."""

    def beside_page(self) -> Callable[[int], Beside] | None:
        """The trace of a page of records that tell of people."""
        if (self.tells_of or self.resource) not in telling_of_people():
            return None
        return self._trace_of_page

    def _trace_of_page(self, size: int) -> Beside:
        return trace_of_page(primary=self.primary, size=size, **self._trace())

    def _trace(self) -> dict[str, Any]:
        """What every trace of this request says."""
        return {
            "by": self.user,
            "page": f"api {self.basename} {self.action}",
            "resource": self.tells_of or self.resource,
            "organisation": organisation_of(self.user),
        }

    def visible(self) -> QuerySet[Any, Any]:
        """The records that the user's roles open: what `visible_to` says, where the model has it."""
        records: Any = self.model._default_manager
        if hasattr(records, "visible_to"):
            found: QuerySet[Any, Any] = records.visible_to(self.user)
            return found
        return self.model._default_manager.filter(self.within("view"))

    def seen(self, shape: type[RowSerializer], rows: list[Row]) -> list[Row]:
        """The written rows with the fields whose classes the policy opens to the user."""
        return seen(self.user, shape, rows, self.resource)

    def closed_filters(self) -> frozenset[str]:
        """Filters that would tell what the user does not see."""
        filters: dict[str, Any] = self.filterset_class.base_filters if self.filterset_class else {}
        return frozenset(name for name, each in filters.items() if not self._may_ask(name, each.field_name))

    def _may_ask(self, name: str, lookup: str) -> bool:
        read = self.filter_reads.get(name)
        if read is None:
            return asks(self.user, self.resource, lookup)
        other, _dot, column = read.rpartition(".")
        return may(self.user, other, "view") and asks(self.user, other, column)

    def open_fields(self, shape: type[RowSerializer]) -> list[str]:
        """The fields that the user sees."""
        hidden = hidden_names(self.user, shape, self.resource)
        return [name for name in shape._declared_fields if name not in hidden]

    def open_orderings(self) -> tuple[str, ...]:
        """Orders by what the user sees."""
        return tuple(name for name in self.orderings if asks(self.user, self.resource, name.lstrip("-")))

    def reachable(self, pk: Any, action: str) -> Any:
        """One record for an act on it. Raises Http404 where the user may not see it, PermissionDenied where only that."""
        record = self.one(pk)
        self.require(record, action)
        return record

    def require(self, record: models.Model, action: str) -> None:
        """Raise PermissionDenied where the user may see the record and not do this with it. One query."""
        if not self.model._default_manager.filter(self.within(action), pk=record.pk).exists():
            raise PermissionDenied

    def within(self, action: str) -> Q:
        """The condition for records with which the user may do the action."""
        return within_reach(self.user, self.resource, action, **self.reach)


class VoidInput(InputSerializer):
    """Why a record was wrong."""

    example = {"reason": "The same family was registered twice."}

    reason = TextField(max_length=300, help_text="Why the record was wrong; others will read it.")


class Voiding:
    """Adds `POST .../{id}/void/` to facts: a wrong record is taken back and stays readable, it is never deleted."""

    @action(detail=True, methods=["post"], url_path="void")
    def void(self: Any, request: Request, pk: str) -> Response:
        """Take a wrong record back, with a reason. What was reported before stays as it was."""
        record = self.reachable(pk, "void")
        self.take_back(record, self.read_input()["reason"])
        answer: Response = self.told(record.pk)
        return answer

    def take_back(self: Any, record: Any, reason: str) -> None:
        """Void the record; a subclass whose record carries others with it says how."""
        void(record, by=self.user, reason=reason)
