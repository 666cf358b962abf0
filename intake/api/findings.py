"""Findings of one list, page by page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.faults import bad_parameter
from core.api.filters import refuse_unknown
from core.api.pagination import KeysetPagination
from intake.api.serializers import FindingOutput
from intake.findings import sentence
from intake.models import Batch, Finding
from intake.models.staging import Severity

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}
_WORDS = {severity: word for word, severity in _SEVERITIES.items()}


class _Order:
    """What the paginator asks of a view."""

    orderings = ("row", "-row")
    primary = "id"
    output = FindingOutput

    @classmethod
    def open_orderings(cls) -> tuple[str, ...]:
        """All of them: a finding tells of no person."""
        return cls.orderings


PAGE_PARAMETERS = [
    *(
        OpenApiParameter(told["name"], type=told["schema"], description=told["description"])
        for told in KeysetPagination().get_schema_operation_parameters(_Order)
    ),
    OpenApiParameter("severity", str, enum=list(_SEVERITIES), description="Only these."),
    OpenApiParameter("code", str, description="Only findings with this code."),
]


def page_of_findings(batch: Batch, request: Request) -> Response:
    """One page, from what the address asks for: one query."""
    pages = KeysetPagination()
    refuse_unknown(request, pages.parameters() | {"severity", "code"})
    findings = Finding.objects.filter(batch=batch)
    if severity := request.query_params.get("severity"):
        if severity not in _SEVERITIES:
            raise bad_parameter("severity", "not_listed", "Use one of: error, warning.")
        findings = findings.filter(severity=_SEVERITIES[severity])
    if code := request.query_params.get("code"):
        findings = findings.filter(code=code.replace("\0", ""))
    rows = pages.paginate_queryset(findings, request, _Order)
    return pages.get_paginated_response([_written(row) for row in rows])


def _written(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "row": row["row"],
        "column": row["column"],
        "code": row["code"],
        "severity": _WORDS[Severity(row["severity"])],
        "detail": sentence(row["code"]),
    }
