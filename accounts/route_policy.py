"""The first door of every page: an address that the policy does not name, or does not open to this user, is refused."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.routes import Door, Entry, desk_entry, page_entry
from accounts.visibility import may


class RoutePolicy:
    """Asks the policy about each page before its view runs. The API, which signs in later, asks it in accounts.permissions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise PermissionDenied or Http404 where the address is not for this user. No query beyond the user's scopes."""
        match = request.resolver_match
        if match is None or match.namespace == "api":
            return
        name = match.url_name or ""
        entry = desk_entry(name) if match.namespace == "admin" else page_entry(name)
        if entry is None:
            raise PermissionDenied
        if entry.door is Door.CLOSED:
            raise Http404
        # Whoever is not signed in is led to the sign-in by the view itself.
        if entry.door is None and request.user.is_authenticated and not _is_open(request.user, entry):
            raise PermissionDenied


def _is_open(user: Any, entry: Entry) -> bool:
    return may(user, entry.resource, entry.action)
