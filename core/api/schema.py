"""The OpenAPI document: every operation with the refusals that it can meet."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from core.api.faults import MEDIA_TYPE


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
    errors = FaultOutput(many=True, required=False)
    errors_total = serializers.IntegerField(required=False)
    candidates = CandidateOutput(many=True, required=False)


_WORDS = {
    400: "What was sent is not accepted; `errors` says where and why. Nothing was saved.",
    401: "Nobody is signed in.",
    403: "The role does not allow it.",
    404: "Absent, or out of scope: the two are not told apart.",
    409: "The present state does not allow it, such as `shelter_full`, `already_checked_in`, `version_conflict`.",
    413: "More than 1 MB was sent.",
    415: "Something other than JSON was sent.",
    503: "The database does not answer; the header Retry-After says when to try again.",
}


class ProblemSchema(AutoSchema):  # type: ignore[misc]  # the package carries no types
    """Adds to each operation its refusals, so that a client can be generated with all of them."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction=direction)
        for status in self._refusals():
            if str(status) not in bodies:
                bodies[str(status)] = self._refusal(status)
        return bodies

    def _refusals(self) -> list[int]:
        statuses = [400, 401, 403, 503]
        if "{" in self.path:
            statuses.append(404)
        if self.method in ("POST", "PATCH", "PUT"):
            statuses += [409, 413, 415]
        return sorted(statuses)

    def _refusal(self, status: int) -> dict[str, Any]:
        response = OpenApiResponse(ProblemOutput, description=_WORDS[status], examples=[_example(status)])
        body: dict[str, Any] = self._get_response_for_code(response, str(status), media_types=[MEDIA_TYPE])
        return body


def _example(status: int) -> OpenApiExample:
    codes = {400: "invalid", 401: "not_authenticated", 403: "permission_denied", 404: "not_found"}
    codes |= {409: "conflict", 413: "too_large", 415: "unsupported_media_type", 503: "unavailable"}
    code = codes[status]
    value: dict[str, Any] = {
        "type": f"urn:musterpoint:problem:{code}",
        "title": "Not accepted" if status == 400 else _WORDS[status].split(";")[0].rstrip("."),
        "status": status,
        "detail": _WORDS[status],
        "instance": "/api/v1/",
        "code": code,
        "request_id": "6f0d9f0e-8a44-4b0e-9d0e-3d9b8f6a1c55",
    }
    if status == 400:
        fault = {"pointer": "/occurred_at", "code": "no_zone", "detail": "Write the time with its zone."}
        value |= {"errors": [fault], "errors_total": 1}
    return OpenApiExample(str(status), value=value, response_only=True, status_codes=[str(status)])
