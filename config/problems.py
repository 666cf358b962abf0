"""What is answered outside of the views of the API: unknown addresses and failures before a view is reached."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework.exceptions import ParseError

from core.api.errors import Problem, problem_of
from core.api.faults import MEDIA_TYPE

API = "/api/"
HEALTH = "/health/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is refused before any view sees it."""
    if not _is_for_programs(request):
        return defaults.bad_request(request, exception)
    problem = problem_of(exception)
    return _answer(request, problem if problem.status == 413 else problem_of(ParseError()))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist: in the API the same words as for a record that does not."""
    if not _is_for_programs(request):
        return defaults.page_not_found(request, exception)
    return _answer(request, Problem(404, "not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """A failure outside of a view, such as a session that cannot be read while PostgreSQL is away."""
    problem = problem_of(sys.exc_info()[1])
    if _is_for_programs(request):
        return _answer(request, problem)
    response: Any = defaults.server_error(request)
    response.status_code = problem.status if problem.status == 503 else 500
    for name, value in problem.headers.items():
        response[name] = value
    return response  # type: ignore[no-any-return]  # an HttpResponse whose status was set


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith((API, HEALTH))


def _answer(request: HttpRequest, problem: Problem) -> JsonResponse:
    return JsonResponse(
        problem.as_dict(request),
        status=problem.status,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
