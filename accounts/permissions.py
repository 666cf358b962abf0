"""The API's door: the policy decides per kind of record and action; `visible_to` decides which records."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from accounts.routes import api_entry
from accounts.visibility import may


class PolicyPermission(BasePermission):
    """Allows what the policy opens of the view's act, as accounts/routes.toml names it. What that does not name is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the user may do this kind of thing at all."""
        entry = api_entry(getattr(view, "basename", None) or "", getattr(view, "action", None) or "")
        if entry is None or not isinstance(request.user, User):
            return False
        return may(request.user, entry.resource, entry.action)
