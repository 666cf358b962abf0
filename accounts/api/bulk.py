"""Many records in one request: each is taken or refused by itself, in the order in which they were sent."""

from functools import cache
from typing import Any

from django.db import connection, transaction
from drf_spectacular.utils import extend_schema
from psycopg import pq
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import organisation_for, require_reach
from accounts.api.known import Known
from accounts.models import Organisation
from core.api.errors import problem_of
from core.api.schema import ProblemOutput, problem_example
from core.api.serializers import InputSerializer, Row, RowSerializer
from core.api.views import Answer
from regions.models import Region

MOST_ITEMS = 500


class BulkResultOutput(RowSerializer):
    """What became of one item: 201 with id and address of the new record, or the status of a refusal with its problem."""

    named_by = "status"

    status = serializers.IntegerField()
    id = serializers.UUIDField(required=False)
    location = serializers.CharField(required=False)
    problem = ProblemOutput(required=False)


class BulkOutput(RowSerializer):
    """What became of each item, in the order in which they were sent."""

    example = {
        "results": [
            {
                "status": 201,
                "id": "01917e2b-5c00-7a3e-9d2f-0242ac120002",
                "location": "https://musterpoint.example/api/v1/people/01917e2b-5c00-7a3e-9d2f-0242ac120002/",
            },
            {"status": 400, "problem": problem_example(400, pointer="/items/1/occurred_at")},
        ]
    }

    results = BulkResultOutput(many=True)


class _Items(InputSerializer):
    """The list as such; each item is read by itself."""

    items = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=MOST_ITEMS)


@cache
def many_of(shape: type[InputSerializer]) -> type[InputSerializer]:
    """The input that carries a list of another input."""
    options: dict[str, Any] = {"many": True, "allow_empty": False, "max_length": MOST_ITEMS}
    body = {
        "__doc__": f"Up to {MOST_ITEMS} records. {shape.__doc__}",
        "__module__": shape.__module__,
        "example": {"items": [shape.example]},
        "items": shape(**options),
    }
    return type(f"Bulk{shape.__name__}", (InputSerializer,), body)


class Bulk:
    """Adds `POST .../bulk/`. A view has `add`, which makes one record of checked input and which `create` calls, too."""

    #: What the items of the present request name; None where there is one record only.
    known: Known | None = None

    @extend_schema(responses={207: BulkOutput})
    @action(detail=False, methods=["post"])
    def bulk(self: Any, request: Request) -> Response:
        """Make up to 500 records. One that is refused takes nothing of the others with it: look at the status of each item."""
        listed = _Items(data=request.data)
        listed.is_valid(raise_exception=True)
        items = listed.validated_data["items"]
        shape = self.inputs["create"]
        with transaction.atomic():
            self.known = Known(self.user, shape(), items)
            context = {**self.get_serializer_context(), "known": self.known}
            results = [
                self._one_of(shape(data=item, context=context), f"/items/{position}")
                for position, item in enumerate(items)
            ]
        answer: Answer = self.again({"results": results}, status.HTTP_207_MULTI_STATUS)
        answer.outcome = {"results": [_kept(each) for each in results]}
        return answer

    def create(self: Any, request: Request) -> Response:
        """Make one record."""
        answer: Answer = self.created(self.add(self.read_input()))
        return answer

    def again(self: Any, outcome: Row, status: int) -> Response:
        """The answer of an earlier request once more. Of a list it tells ids and refusals, which name no one."""
        if "results" in outcome:
            return Answer({"results": outcome["results"]}, outcome=outcome, status=status)
        answer: Response = super().again(outcome, status)  # type: ignore[misc]  # the view's own
        return answer

    def require_target(self: Any, record: Any, **lookups: str) -> None:
        """Raise PermissionDenied for a record that the user may see and not add to."""
        if self.known is None:
            require_reach(self.user, record, self.resource, "add", **lookups)
        else:
            self.known.require_reach(record, self.resource, "add", **lookups)

    def organisation_in(
        self: Any, region: Region, wanted: Organisation | None, *, field: str
    ) -> Organisation:
        """For whom the user adds a record there."""

        def found() -> Organisation:
            return organisation_for(
                self.user, self.resource, "add", region=region, wanted=wanted, field=field
            )

        if self.known is None:
            return found()
        organisation: Organisation = self.known.said((region.pk, wanted and wanted.pk), found)
        return organisation

    def _one_of(self: Any, serializer: Any, pointer: str) -> Row:
        """What became of one item."""
        try:
            serializer.is_valid(raise_exception=True)
            record = self.add(serializer.validated_data)
        except Exception as error:
            problem = problem_of(error)
            # What fails on our side fails the whole request; so does what left the transaction unusable.
            if problem.status >= 500 or _is_lost():
                raise
            return {"status": problem.status, "problem": problem.below(pointer).as_dict(self.request)}
        return {"status": 201, "id": str(record.pk), "location": self.place_of(record.pk)}


def _kept(result: Row) -> Row:
    """What is kept of an item for when it is sent again: without names of fields that do not exist, which may be anybody's."""
    if "problem" not in result:
        return result
    errors = [
        {**each, "pointer": each["pointer"].rpartition("/")[0]} if each["code"] == "unknown_field" else each
        for each in result["problem"].get("errors", [])
    ]
    return {**result, "problem": {**result["problem"], "errors": errors}} if errors else result


def _is_lost() -> bool:
    """Whether PostgreSQL takes no more statements in this transaction."""
    status = connection.connection.info.transaction_status
    return connection.needs_rollback or status == pq.TransactionStatus.INERROR
