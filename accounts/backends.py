"""Sign-in by password, permissions by the policy."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from accounts.visibility import may


class PolicyBackend(ModelBackend):
    """Django's `has_perm("displacement.view_person")` answered from the policy table; no rows of permissions."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user may do this with some record; which records, `visible_to` says."""
        app, _, codename = perm.partition(".")
        action, _, model = codename.partition("_")
        return isinstance(user_obj, User) and may(user_obj, f"{app}.{model}", action)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether any kind of record of the app is open to the user."""
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return any(
            resource.startswith(f"{app_label}.")
            for scope in user_obj.scopes()
            for resource in scope.resources()
        )
