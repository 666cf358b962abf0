"""The OpenAPI document: every operation with the refusals that it can meet."""

from collections.abc import Callable
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance, is_list_serializer, is_serializer
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from core.api.examples import example_of
from core.api.faults import MEDIA_TYPE
from core.api.retiring import RETIRING
from core.api.sentences import SENTENCES


class FaultOutput(serializers.Serializer[Any]):
    """One thing to mend."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer into the body (RFC 6901).")
    parameter = serializers.CharField(required=False, help_text="Name of a parameter of the address.")
    code = serializers.CharField()
    detail = serializers.CharField(
        help_text="A sentence that says what to do. It never repeats what was sent."
    )


class CandidateOutput(serializers.Serializer[Any]):
    """One region that an unclear name may mean."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()


@extend_schema_serializer(component_name="Problem")
class ProblemOutput(serializers.Serializer[Any]):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = FaultOutput(many=True, required=False)  # type: ignore[assignment]  # the metaclass takes it away: no attribute is hidden
    errors_total = serializers.IntegerField(required=False)
    candidates = CandidateOutput(many=True, required=False)


_WORDS = {
    400: "What was sent is not accepted; `errors` says where and why. Nothing was saved.",
    401: "Nobody is signed in.",
    403: "The role does not allow it.",
    404: "Absent, or out of scope: the two are not told apart.",
    409: "The present state does not allow it, such as `shelter_full`, `already_checked_in`, `version_conflict`; or the first"
    " request with this `Idempotency-Key` is still at work.",
    410: "The service was restored from a backup since; start anew.",
    413: "More than 1 MB was sent.",
    412: "The record is not as `If-Match` says: somebody changed it since it was read.",
    415: "Something other than JSON was sent.",
    422: "Something else was sent under this `Idempotency-Key` before.",
    428: "A partner system left out `If-Match`.",
    429: "Too many requests; the header Retry-After says when to go on.",
    503: "The database does not answer; the header Retry-After says when to try again.",
}

_CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    409: "conflict",
    410: "restored",
    413: "too_large",
    412: "precondition_failed",
    415: "unsupported_media_type",
    422: "idempotency_key_reused",
    428: "precondition_needed",
    429: "too_many_requests",
    503: "unavailable",
}
_FAULTS = {
    400: {
        "pointer": "/occurred_at",
        "code": "no_zone",
        "detail": "Write the time with its zone, such as 2024-08-12T18:00:00+03:00.",
    },
    409: {
        "pointer": "/shelter",
        "code": "shelter_full",
        "detail": "This shelter is full. Nearest with enough places: School 4 (12 free places).",
    },
}


class LocalTime(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """A time on somebody's own clock. The format `time` would promise an offset, which such a time has not."""

    target_class = "rest_framework.fields.TimeField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """What the document says of it."""
        return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}


class ProblemSchema(AutoSchema):
    """Tells of each operation what it takes and answers, with examples, and every refusal that it can meet."""

    def get_response_serializers(self) -> Any:
        """An act answers with the record as its detail shows it."""
        view: Any = self.view
        if self.method == "GET" or not hasattr(view, "output"):
            return super().get_response_serializers()
        status = "202" if view.action in view.later else "201" if view.action in view.adding else "200"
        return {status: view.detail_output or view.output}

    def is_deprecated(self) -> bool:
        """As the one list of addresses that go says."""
        view: Any = self.view
        return f"{view.basename}.{view.action}" in RETIRING

    def get_override_parameters(self) -> list[Any]:
        """What every address of its kind takes beside its own parameters."""
        view: Any = self.view
        if not hasattr(view, "output"):
            return list(super().get_override_parameters())
        if self.method == "GET":
            return _of_reading(view) if view.action in ("list", "retrieve") else []
        if not self._is_wrapped():
            return []
        return [_KEY, *([_IF_MATCH] if "{" in self.path else []), *_TAGGED]

    def get_description(self) -> str:  # type: ignore[override]  # as the superclass has it, whose stubs are older
        """What the operation does; a list and a detail are told by what kind of record they show."""
        view: Any = self.view
        kind = (type(view).__doc__ or "").split("\n\n")[0]
        if view.action in ("list", "retrieve") and hasattr(view, "output"):
            return f"{kind} {'One page of them.' if view.action == 'list' else 'One of them.'}"
        return super().get_description()

    def _get_examples(
        self,
        serializer: Any,
        direction: str,
        media_type: str,
        status_code: str | None = None,
        extras: list[OpenApiExample] | None = None,
    ) -> Any:
        if not extras and (is_serializer(serializer) or is_list_serializer(serializer)):
            single = serializer.child if is_list_serializer(serializer) else serializer
            codes = [status_code] if status_code else None
            value = example_of(_made(single))
            extras = [OpenApiExample("example", value=value, status_codes=codes)]
        return _untyped(super()._get_examples)(serializer, direction, media_type, status_code, extras)

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction=direction)
        for status in self._refusals():
            bodies.setdefault(str(status), self._refusal(status))
        return bodies

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        """Of a record only what names it is sure to be in an answer: `fields` and the reader's role leave out others."""
        schema = _untyped(super()._map_basic_serializer)(serializer, direction)
        name = getattr(serializer, "named_by", None)
        if direction == "response" and name in serializer.fields:
            schema["required"] = [name]
        return schema

    def _refusals(self) -> list[int]:
        view: Any = self.view
        statuses = [400, 401, 403, 429, 503]
        if "{" in self.path:
            statuses.append(404)
            if view.action != "retrieve":  # what stands below a record may not be there in each of its states
                statuses.append(409)
        if self.method in ("POST", "PATCH"):
            statuses += [413, 415] if 409 in statuses else [409, 413, 415]
            if self._is_wrapped():
                statuses += [412, 422, 428] if "{" in self.path else [422]
        statuses += getattr(self.view, "more_refusals", ())
        return sorted(statuses)

    def _is_wrapped(self) -> bool:
        """Whether the act is done once under a key, and on what was seen."""
        view: Any = self.view
        return view.action not in getattr(view, "by_themselves", ())

    def _refusal(self, status: int) -> dict[str, Any]:
        """A reference to the refusal, which is written out once."""
        component = _component(f"Problem{status}", ResolvedComponent.RESPONSE, object=str(status))
        if component not in self.registry:
            response = OpenApiResponse(ProblemOutput, description=_WORDS[status], examples=[_example(status)])
            component.schema = _untyped(self._get_response_for_code)(
                response, str(status), media_types=[MEDIA_TYPE]
            )
            self.registry.register(component)
        reference: dict[str, Any] = component.ref
        return reference


_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A value of your own for this request, such as a UUID. Sent again with the same body it does nothing twice,"
    " and the answer is that of the first time. Partner systems must send it with what makes a record. Kept for 30 days.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the record as you saw it. Partner systems must send it.",
)
_TAGGED = [
    OpenApiParameter(
        "ETag",
        str,
        OpenApiParameter.HEADER,
        description="Send it as `If-Match` when you change the record.",
        response=[200, 201, 202],
    )
]


_LINKS = OpenApiParameter(
    "Link",
    str,
    OpenApiParameter.HEADER,
    description="Addresses of the pages `next`, `prev` and `first`.",
    response=[200],
)


def _of_reading(view: Any) -> list[OpenApiParameter]:
    """What a list or a record takes and tells beside its rows."""
    return [_fields_of(view), _LINKS] if view.action == "list" else [_fields_of(view), *_TAGGED]


def _fields_of(view: Any) -> OpenApiParameter:
    """The parameter that leaves out what nobody asked for."""
    shape = view.output if view.action == "list" else view.detail_output or view.output
    schema = {"type": "array", "items": {"type": "string", "enum": list(shape._declared_fields)}}
    words = "Only these fields, with commas between them. What names the record is always there."
    return OpenApiParameter("fields", schema, style="form", explode=False, description=words)


def _untyped(function: Any) -> Callable[..., Any]:
    """A function of the package for which it tells no types."""
    return function  # type: ignore[no-any-return]  # that is what it is for


_made = _untyped(force_instance)
_component = _untyped(ResolvedComponent)


def _example(status: int) -> OpenApiExample:
    value = problem_example(status)
    return OpenApiExample("refused", value=value, response_only=True, status_codes=[str(status)])


def problem_example(status: int, **place: str) -> dict[str, Any]:
    """A refusal as it is answered in the invented world; `place` is where its fault lies, where it has one."""
    code = _CODES[status]
    title, advice = SENTENCES[code]
    value: dict[str, Any] = {
        "type": f"urn:musterpoint:problem:{code}",
        "title": title,
        "status": status,
        "detail": advice,
        "instance": "/api/v1/movements/",
        "code": code,
        "request_id": "6f0d9f0e-8a44-4b0e-9d0e-3d9b8f6a1c55",
    }
    if status in (400, 409):
        value |= {"errors": [_FAULTS[status] | place], "errors_total": 1}
    return value
