"""The API's door: the policy decides per kind of record and action; `visible_to` decides which records."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import User
from accounts.policy import reach_of
from accounts.routes import api_entry
from accounts.scopes import scope_of
from accounts.visibility import may
from core.api.faults import NotInThisWay


class ScopeNeeded(NotInThisWay):
    """The role opens it, and the token of the client does not."""

    def __init__(self, scope: str) -> None:
        super().__init__(403, "scope_needed")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


class PolicyPermission(BasePermission):
    """Allows what the policy opens of the view's act, as accounts/routes.toml names it. What that does not name is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the user may do this kind of thing at all."""
        entry = api_entry(getattr(view, "basename", None) or "", getattr(view, "action", None) or "")
        if entry is None or not isinstance(request.user, User):
            return False
        if may(request.user, entry.resource, entry.action):
            return True
        if any(reach_of(scope.role, entry.resource, entry.action) for scope in request.user.scopes()):
            raise ScopeNeeded(scope_of(entry.resource, entry.action))
        return False
