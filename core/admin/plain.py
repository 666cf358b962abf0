"""Django's own form: of plain entries alone, and for what its page says."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


class OwnForm:
    """For kinds of record: what acts change is sent by no form of Django's own."""

    is_plain: bool

    def changeform_view(
        self: Any,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """By `_saveasnew` Django would take a whole new record from whoever may add one, and ask no act about it.

        Raises PermissionDenied.
        """
        if request.method == "POST" and (not self.is_plain or "_saveasnew" in request.POST):
            raise PermissionDenied
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]  # of the page that this is mixed into
        return answer
