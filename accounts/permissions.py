"""The API's door: the policy decides per kind of record and action; `visible_to` decides which records."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from accounts.visibility import may

#: What a request method does to a record, where the view does not say otherwise.
_METHOD_ACTIONS = {
    "GET": "view",
    "HEAD": "view",
    "OPTIONS": "view",
    "POST": "add",
    "PUT": "change",
    "PATCH": "change",
}


class PolicyPermission(BasePermission):
    """Allows what the policy lists for the view's `resource`; a view without one is closed.

    A view may name other actions for its own methods in `policy_actions`, such as {"verify": "verify"}.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the user may do this kind of thing at all."""
        resource = getattr(view, "resource", None)
        if resource is None or not isinstance(request.user, User):
            return False
        named: dict[str, str] = getattr(view, "policy_actions", {})
        action = named.get(getattr(view, "action", "") or "") or _METHOD_ACTIONS.get(
            request.method or "", "delete"
        )
        return may(request.user, resource, action)
