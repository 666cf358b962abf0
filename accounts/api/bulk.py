"""Many records in one request: each is taken or refused by itself, in the order in which they were sent."""

from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from psycopg import pq
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.acting import organisation_for, require_reach
from accounts.api.known import Known
from accounts.models import Organisation
from core.api.errors import Problem, problem_of
from core.api.faults import Fault
from core.api.fields import ShortListField
from core.api.schema import ProblemOutput, problem_example
from core.api.serializers import InputSerializer, Row, RowSerializer
from core.api.views import Answer
from regions.models import Region

MOST_ITEMS = 500
#: Faults of one item that are listed: a list of 1 MB can have a hundred thousand of them.
MOST_FAULTS_OF_ITEM = 10


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

    items = ShortListField(child=serializers.JSONField(), min_length=1, max_length=MOST_ITEMS)


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
        outcome = {"results": [_kept(each) for each in results]}
        return Answer({"results": results}, outcome=outcome, status=status.HTTP_207_MULTI_STATUS)

    def _results_again(self: Any, kept: list[Row]) -> list[Row]:
        """What became of each item when the list was sent first, of records that are out of sight by now as of absent ones."""
        seen = set(self.visible().filter(pk__in=_made(kept)).values_list("pk", flat=True))
        results = []
        for each in kept:
            if "id" in each and UUID(each["id"]) in seen:
                results.append(each)
                continue
            problem = Problem(404, "not_found")
            if "problem" in each:
                told = each["problem"]
                faults = [Fault(one["code"], str(_AGAIN), one["pointer"]) for one in told.get("errors", [])]
                problem = Problem(told["status"], told["code"], faults).below("")
            results.append({"status": problem.status, "problem": problem.as_dict(self.request)})
        return results

    def create(self: Any, request: Request) -> Response:
        """Make one record."""
        answer: Answer = self.created(self.add(self.read_input()))
        return answer

    def again(self: Any, outcome: Row, status: int) -> Response:
        """The answer of an earlier request once more. Of a list it tells ids, and which rule refused an item."""
        if "results" in outcome:
            return Answer(
                {"results": self._results_again(outcome["results"])}, outcome=outcome, status=status
            )
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
            return {
                "status": problem.status,
                "problem": problem.below(pointer).as_dict(self.request, MOST_FAULTS_OF_ITEM),
            }
        return {"status": 201, "id": str(record.pk), "location": self.place_of(record.pk)}


def _kept(result: Row) -> Row:
    """What is kept of an item for when it is sent again: its id, or which rule refused it where.

    No sentence: one may say in which shelter somebody sleeps, or under which number a person goes on. No names of fields that
    do not exist, either, which may be anybody's.
    """
    if "problem" not in result:
        return result
    problem = result["problem"]
    errors = [
        {
            "pointer": each["pointer"].rpartition("/")[0]
            if each["code"] == "unknown_field"
            else each["pointer"],
            "code": each["code"],
        }
        for each in problem.get("errors", [])
    ]
    return {
        "status": result["status"],
        "problem": {"status": problem["status"], "code": problem["code"], "errors": errors},
    }


#: What a refusal says when the list is sent again.
_AGAIN = gettext_lazy(
    "It was refused when it was sent first. Send this item under a new key to be told what to do."
)


def _made(kept: list[Row]) -> list[str]:
    return [each["id"] for each in kept if "id" in each]


def _is_lost() -> bool:
    """Whether PostgreSQL takes no more statements in this transaction."""
    status = connection.connection.info.transaction_status
    return connection.needs_rollback or status == pq.TransactionStatus.INERROR
