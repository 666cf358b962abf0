"""Pages that refuse for a while say so in their status and in `Retry-After`, as answers of the API do."""

from collections.abc import Callable, Iterator
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.refusals import Later


class RetryAfter:
    """Gives a page whose form was refused by `core.refusals.Later` its status, 429 or 503, and the header."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Nothing of its own."""
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """Look through the forms that the page shows. No query."""
        if request.method == "POST" and (refusals := list(_refusals(response.context_data or {}))):
            longest = max(refusals, key=lambda refusal: refusal.retry_seconds)
            response.status_code = longest.status
            response.headers["Retry-After"] = str(longest.retry_seconds)
        return response


def _refusals(context: dict[str, Any]) -> Iterator[Later]:
    forms = [value for value in context.values() if isinstance(value, BaseForm) and value.is_bound]
    for form in forms:
        for errors in form.errors.as_data().values():
            yield from (error for error in errors if isinstance(error, Later))
