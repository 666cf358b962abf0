"""Every refusal as `application/problem+json` (RFC 9457): what happened, what to do, and never what was sent."""

import logging
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import PermissionDenied as Denied
from django.core.exceptions import ValidationError as Refusal
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.api.faults import (
    CONFLICTS,
    MEDIA_TYPE,
    BadParameters,
    BodyTooLarge,
    Fault,
    NotInThisWay,
    NotNow,
    faults_of_input,
    faults_of_refusal,
)
from core.api.sentences import SENTENCES
from core.requests import request_id

MOST_FAULTS = 100
RETRY_SECONDS = 5
logger = logging.getLogger(__name__)


@dataclass
class Problem:
    """One refusal before it is written out."""

    status: int
    code: str
    faults: list[Fault] = field(default_factory=list)
    detail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    candidates: list[dict[str, str]] = field(default_factory=list)

    def below(self, pointer: str) -> "Problem":
        """The same, about one item of what was sent."""
        faults = [replace(fault, pointer=pointer + (fault.pointer or "")) for fault in self.faults]
        words = _("This item was not saved. Mend what `errors` lists and send it again.") if faults else ""
        return replace(self, faults=faults, detail=self.detail or words)

    def as_dict(self, request: HttpRequest | Any, most: int = MOST_FAULTS) -> dict[str, Any]:
        """The body of the answer to the request, with so many of the faults at most."""
        title, advice = SENTENCES[self.code]
        body: dict[str, Any] = {
            "type": f"urn:musterpoint:problem:{self.code}",
            "title": _(title),
            "status": self.status,
            "detail": self.detail or _(advice),
            "instance": request.path,
            "code": self.code,
            "request_id": request_id(),
        }
        if self.faults:
            body["errors"] = [fault.as_dict() for fault in self.faults[:most]]
            body["errors_total"] = len(self.faults)
        if self.candidates:
            body["candidates"] = self.candidates
        return body


def problem_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of a view. What nobody foresaw is logged by type and place and answered without its text."""
    set_rollback()
    problem = problem_of(error)
    if problem.status >= 500:
        logger.error("api_failed", exc_info=(type(error), error, error.__traceback__))
    return Response(
        problem.as_dict(context["request"]),
        status=problem.status,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def problem_of(error: BaseException | None) -> Problem:
    """The problem that an exception stands for."""
    if isinstance(error, exceptions.APIException):
        return _of_api(error)
    if isinstance(error, Refusal):
        return _of_faults(list(faults_of_refusal(error)))
    if isinstance(error, (Http404, ObjectDoesNotExist)):
        return Problem(404, "not_found")
    if isinstance(error, Denied):
        return Problem(403, "permission_denied", detail=str(error))
    if isinstance(error, (OperationalError, InterfaceError)):
        return Problem(503, "unavailable", headers={"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large")
    if isinstance(error, SuspiciousOperation):
        return Problem(400, "parse_error")
    if isinstance(error, DataError):
        return _of_faults([Fault("out_of_range", _("A value is too large or too long."), pointer="")])
    if isinstance(error, IntegrityError):
        return _of_faults(
            [Fault("conflict", _("This is in the register already, or breaks one of its rules."))]
        )
    return Problem(500, "error")


def _of_api(error: exceptions.APIException) -> Problem:
    if isinstance(error, BadParameters):
        return Problem(400, "bad_parameters", error.faults, candidates=error.candidates)
    if isinstance(error, exceptions.ValidationError):
        return _of_faults(list(faults_of_input(error.detail)))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, (NotNow, NotInThisWay)) and error.retry_seconds is not None:
        headers["Retry-After"] = str(error.retry_seconds)
    code = str(error.default_code)
    if code not in SENTENCES:
        code = "not_authenticated" if error.status_code == 401 else "invalid"
        code = code if error.status_code < 500 else "error"
    # Only our own parsers know words that say more than the sentence for the code, and repeat nothing.
    detail = str(error.detail) if isinstance(error, (exceptions.ParseError, BodyTooLarge, NotNow)) else ""
    return Problem(error.status_code, code, detail=detail, headers=headers)


def _of_faults(faults: list[Fault]) -> Problem:
    conflict = next((fault.code for fault in faults if fault.code in CONFLICTS), None)
    return Problem(409, "conflict", faults) if conflict else Problem(400, "invalid", faults)
