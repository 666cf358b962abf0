"""Who asks over the API with a password: partner systems alone, until they sign in by OAuth."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext as _
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled

from accounts.models import User
from accounts.policy import Role
from accounts.signing_in.limits import NotPossible, TooOften, begin_try, of_partner, was_right
from accounts.signing_in.trace import trace_failed_password
from core.api.faults import NotNow


class PartnerSystemAuthentication(BasicAuthentication):
    """HTTP Basic for accounts whose only role is that of a partner system.

    A password alone must not open people to whoever has learned it, so the account of a person is answered as a wrong
    password is: that a password is right is never told here. People use the session of the desk.
    """

    def authenticate_credentials(self, userid: str, password: str, request: Any = None) -> tuple[User, None]:
        """The partner's account. Raises AuthenticationFailed, Throttled where it was tried too often, NotNow without Valkey."""
        limits = of_partner(userid, get_adapter().get_client_ip(request))
        try:
            begin_try(limits)
        except TooOften as error:
            raise Throttled from error
        except NotPossible as error:
            raise NotNow(error.messages[0]) from error
        try:
            user, _auth = super().authenticate_credentials(userid, password, request)
        except AuthenticationFailed:
            trace_failed_password("api")
            raise
        if not isinstance(user, User) or not is_partner_system(user):
            trace_failed_password("api")
            raise AuthenticationFailed(_("Invalid username/password."))
        was_right(limits)
        return user, None


def is_partner_system(user: User) -> bool:
    """Whether the account is a machine's: it has that role and no other. No query beyond the user's scopes."""
    return {scope.role for scope in user.scopes()} == {Role.PARTNER_SYSTEM}
