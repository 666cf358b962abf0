"""What every request gets: an id that its answer and its log lines share."""

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from core.addresses import told_method, told_path


class TracedRequests(RequestMiddleware):
    """Gives a request its id and logs of its path what is ours. No query string is logged: people search for names there."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Method and path: what the log may hold of a request."""
        return f"{told_method(request.method)} {told_path(request.path)}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Send the id along, so that somebody who asks for help can name it."""
        response["X-Request-ID"] = request_id()
        super().handle_response(request, response)


def request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
