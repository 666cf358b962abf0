"""What every request of the desk goes through."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from regions.models import Operation


class OperationClock:
    """Shows times of the desk on the clock of the operation that runs, or ran last; the pages name it.

    Only there: the API speaks in offsets. One query per page of the desk.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave no clock behind for the next request of this thread."""
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Choose the clock once it is known which page is asked for."""
        match = request.resolver_match
        if match is None or match.app_name != "admin" or not request.user.is_authenticated:
            return
        operation = Operation.objects.order_by("-starts_on").only("zone").first()
        if operation is not None:
            timezone.activate(operation.tz)


class NoInvisibleAddress:
    """Refuses an address of the desk with a NUL in what it asks (400): no text of ours holds one, and PostgreSQL takes none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before and nothing after the page."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise BadRequest before anything is looked up."""
        match = request.resolver_match
        asked = (text for values in request.GET.lists() for text in (values[0], *values[1]))
        if match is not None and match.app_name == "admin" and any("\x00" in text for text in asked):
            raise BadRequest
