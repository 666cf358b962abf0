"""Where clients of partners' systems get a token, end one, and ask about one (RFC 6749, 7009, 7662)."""

import json
from abc import ABC, abstractmethod
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View
from oauth2_provider.oauth2_backends import get_oauthlib_core

from accounts.calls import called_by
from accounts.signing_in.clients import Asking, asking
from accounts.signing_in.credentials import address_of, named_in
from accounts.signing_in.limits import NotPossible, TooOften, begin_try, of_client, was_right
from accounts.signing_in.trace import trace_failed_password


@method_decorator([csrf_exempt, sensitive_post_parameters()], name="dispatch")
class _OfClients(ABC, View):
    """A form, by POST alone, with id and secret of a client. Each try is counted before anything is looked at."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer in the words of the RFC. What stands in an address is in logs, so nothing is taken from there."""
        if request.META.get("QUERY_STRING"):
            return _refused(
                "invalid_request", "Send everything in the form, and nothing in the address.", 400
            )
        address = address_of(request)
        name, _secret = named_in(request.headers.get("Authorization", ""), request.POST)
        limits = of_client(name, address)
        try:
            begin_try(limits)
        except (TooOften, NotPossible) as error:
            return _refused(
                "temporarily_unavailable", str(error.messages[0]), error.status, error.retry_seconds
            )
        here = Asking(address)
        before = asking.set(here)
        try:
            _url, headers, body, status = self.answered(request)
        finally:
            asking.reset(before)
        if status == 401:
            trace_failed_password("client")
        else:
            was_right(limits)
        if here.client is not None:
            called_by(request, str(here.client.pk))
        answer = HttpResponse(
            body or "", status=status, headers={"Content-Type": "application/json", **headers}
        )
        answer["Cache-Control"] = "no-store"
        if here.retry_seconds:
            answer["Retry-After"] = str(here.retry_seconds)
        if status >= HTTPStatus.BAD_REQUEST:
            answer.told = {"code": json.loads(body)["error"]}  # type: ignore[attr-defined]  # read by accounts.calls
        return answer

    @abstractmethod
    def answered(self, request: HttpRequest) -> Any:
        """Address, headers, body and status, from the library."""


def _refused(code: str, words: str, status: int, retry_seconds: int = 0) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if retry_seconds:
        headers["Retry-After"] = str(retry_seconds)
    return JsonResponse({"error": code, "error_description": words}, status=status, headers=headers)


class TokenView(_OfClients):
    """A token for id and secret, for an hour."""

    def answered(self, request: HttpRequest) -> Any:
        """The token, or why there is none."""
        return get_oauthlib_core().create_token_response(request)


class RevokeView(_OfClients):
    """Ends one of the client's own tokens. The answer is the same whether there was one."""

    def answered(self, request: HttpRequest) -> Any:
        """Nothing, or why it was not ended."""
        return get_oauthlib_core().create_revocation_response(request)


class IntrospectView(_OfClients):
    """Tells what one of the client's own tokens opens; of any other, that it is not active."""

    def answered(self, request: HttpRequest) -> Any:
        """Scopes and end."""
        core = get_oauthlib_core()
        headers, body, status = core.server.create_introspect_response(*core._extract_params(request))
        return None, headers, body, status
