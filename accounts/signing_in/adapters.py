"""Where allauth asks us: how often, in which words, what is written down, and how secrets are kept."""

from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import unstash_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.models import Client, User
from accounts.second_factor import FACTORS, must_have_second_factor, place_of_secrets
from accounts.signing_in.keys import relying_party
from accounts.signing_in.limits import begin_try, of_password, was_right
from accounts.signing_in.trace import trace, trace_failed_password
from core.encryption import decrypt, encrypt

NOT_RIGHT = _(
    "User name or password is not right. Check the keyboard language and Caps Lock, and try again; "
    "your administrator can set a new password."
)
#: For how long after sign-in nobody is asked for the password again.
RECENT_SECONDS = 300
_PENDING = "pending_sign_in"
_NOWHERE = "::"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Passwords. The same words, the same work and the same limits whether the name exists, is closed or neither."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_RIGHT,
        "incorrect_password": _("The password is not right. Check the keyboard language and Caps Lock."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """From where somebody asks, by as many proxies as are trusted; where nobody can say, an address that is nobody's.

        A socket of both families writes IPv4 addresses as IPv6 ones, which all lie in one network: here they are IPv4 again.
        """
        try:
            told = ip_address(super().get_client_ip(request))
        except (ImproperlyConfigured, PermissionDenied):
            return _NOWHERE
        return str(getattr(told, "ipv4_mapped", None) or told)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: to a program allauth answers with the form as it was sent, password and all, and nobody signs in by one."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try in one step, before anything is looked at. In place of allauth's own count."""
        self._limits = of_password(str(credentials.get("username", "")), self.get_client_ip(request))
        begin_try(self._limits)

    def _rollback_login_failed_rl_usage(self) -> None:
        was_right(self._limits)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave a trace without the name."""
        trace_failed_password("password")

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Keep with which password it began: it may be changed before the second factor is shown.

        The session gets a new key already here: whoever put the cookie into this browser, or read it there, could otherwise go
        on from the password with a factor of their own finding.
        """
        if request.session.session_key:
            request.session.cycle_key()
        request.session[_PENDING] = user.get_session_auth_hash()
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, with a trace in the same transaction.

        Refused where password or account changed since it began, and to accounts that a client acts as: a session asks neither
        for networks nor for an end.
        """
        is_changed = request.session.pop(_PENDING, "") != user.get_session_auth_hash()
        if is_changed or not user.is_active or Client.objects.filter(account=user).exists():
            request.session.flush()
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        shown = [
            one.get("type", "") for one in get_authentication_records(request, user) if one["method"] == "mfa"
        ]
        with transaction.atomic():
            super().login(request, user)
            trace("sign_in", user, second_factor=shown[-1] if shown else "none")
        sessions.begin(request.session, second_factor=bool(shown))

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whether the password is asked for again: not of somebody who has only just signed in."""
        return not sessions.began_within(context.request.session, RECENT_SECONDS)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors. Their secrets are encrypted, and open for the user alone to whom they belong."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "The code is not right, or was used already. Wait for the next one and type that; look at the clock of your "
            "telephone."
        ),
        "cannot_delete_authenticator": _(
            "You work with data of people, so one factor has to stay. Set up another one first, then remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        """For the user of this request."""
        return encrypt(text, place_of_secrets(_whose().pk))

    def decrypt(self, encrypted_text: str) -> str:
        """For the user of this request. Raises UnreadableError where it is not theirs."""
        return decrypt(encrypted_text, place_of_secrets(_whose().pk))

    def get_totp_label(self, user: Any) -> str:
        """As an authenticator app names the account: no mail address."""
        return str(user.get_username())

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether another factor is left, for those who must have one. One query."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(
            pk=authenticator.pk
        )
        return not must_have_second_factor(authenticator.user) or others.exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The service, whatever host this request names."""
        return relying_party()

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What a security key keeps of the user: an id that means nothing, and the user name."""
        name = str(user.get_username())
        return {"id": user.pk.bytes, "display_name": name, "name": name}


def _whose() -> User:
    """Whose factor this request is about: of who is signed in, else of who has shown a password and not yet a factor."""
    request = context.request
    if request.user.is_authenticated:
        user = request.user
    else:
        pending = unstash_login(request, peek=True)
        user = pending.user if pending else None
    assert isinstance(user, User)
    return user
