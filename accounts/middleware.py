"""Who is signed in stays so for a while, and sees people only with a second factor: asked before every view."""

from collections.abc import Callable
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import sessions
from accounts.models import User
from accounts.second_factor import has_second_factor, must_have_second_factor
from core.api.errors import Problem
from core.api.faults import MEDIA_TYPE

API = "/api/"
#: What answers say that do not say for themselves who may keep them. Static files do not come this far.
KEPT_NOWHERE = "no-store, private"
#: For load balancers and for readers of mails, who have no account. They ask for no session, so that they answer without one.
FOR_EVERYBODY = frozenset({"health-live", "health-ready", "unsubscribe", "confirm"})
#: What somebody needs who has no second factor yet: to set one up, or to leave.
ON_THE_WAY = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "admin:logout",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_view_recovery_codes",
    }
)

#: What an open page asks again and again by itself: nobody is there because of that.
BY_ITSELF = frozenset({"admin:intake_batch_progress"})


class SignedIn:
    """Ends sessions that are over, keeps everything closed to those who still need a second factor, and lets no browser and no
    proxy keep an answer: names and recovery codes would lie on the disk of a computer that a whole centre works at.

    An account that a client acts as has no session: one asks neither for the client's networks nor for its end.
    A view that is not listed above is closed to them, whatever it is. One query per request of somebody who signed in by
    password alone, beyond the user's scopes; none where the session knows of a second factor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The questions are asked once it is known which view is meant."""
        answer = self.get_response(request)
        if not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = KEPT_NOWHERE
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None where the view may go on; it does so for nobody where the session has just ended."""
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in FOR_EVERYBODY or not isinstance(user := request.user, User):
            return None
        if any(scope.grants is not None for scope in user.scopes()):
            _sign_out(request, _("A system's client acts as this account. Sign in with your own."))
            return None
        if sessions.is_over(request.session):
            _sign_out(request, _("You were signed out, since nothing was done for a while. Sign in again."))
            return None
        if name not in BY_ITSELF:
            sessions.touch(request.session)
        if sessions.passed_second_factor(request.session):
            return None
        if has_second_factor(user):
            # It was set up since, elsewhere: this session never showed it.
            _sign_out(request, _("Your account has a second factor now. Sign in with it."))
            return None
        if name in ON_THE_WAY or not must_have_second_factor(user):
            return None
        return _closed(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Ask for the password again, and then for the page anew.

        allauth would keep the whole request in the session meanwhile, with codes and cookies in clear, and repeat it past every
        door.
        """
        if not isinstance(exception, ReauthenticationRequired):
            return None
        name = "account_reauthenticate" if request.user.is_authenticated else "account_login"
        return redirect_to_login(request.get_full_path(), reverse(name))


def _sign_out(request: HttpRequest, words: str) -> None:
    logout(request)
    if not request.path.startswith(API):
        messages.info(request, words)


def _closed(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(API):
        return HttpResponseRedirect(reverse("mfa_index"))
    problem = Problem(403, "second_factor_needed")
    return JsonResponse(problem.as_dict(request), status=403, content_type=MEDIA_TYPE)
