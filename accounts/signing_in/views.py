"""The pages of signing in and of one's own second factors: allauth's flow, with our words and a trace of each act."""

from typing import Any, ClassVar

from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import sessions
from accounts.models import User
from accounts.second_factor import has_second_factor, must_have_second_factor
from accounts.signing_in.adapters import SecondFactorAdapter
from accounts.signing_in.codes import note_step
from accounts.signing_in.trace import trace

_OVERVIEW = reverse_lazy("mfa_index")


class SignIn(LoginView):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Whoever is signed in goes on; an account that may not use the desk is told so, and not sent round in circles."""
        if request.user.is_authenticated and not request.user.is_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **options)


class Overview(IndexView):  # type: ignore[misc]  # allauth has no types
    """Which second factors somebody has, and what there is to do."""

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        """Also whether one must be set up before anything else opens."""
        context: dict[str, Any] = super().get_context_data(**options)
        user = _user(self.request)
        is_set_up = has_second_factor(user)
        context["keys"] = context["authenticators"].get(Authenticator.Type.WEBAUTHN, [])
        context["is_set_up"] = is_set_up
        context["is_needed"] = must_have_second_factor(user) and not is_set_up
        return context


class _Traced:
    """An act on one's own second factors: done and written down in one transaction, and every other session of theirs ends.

    Whoever changes factors may do so since somebody else is in: with the telephone that was lost, or at a screen left open.
    """

    #: Not DELETE, by which Django's own view would take a key away without any of this.
    http_method_names: ClassVar[list[str]] = ["get", "head", "options", "post"]
    act: ClassVar[str]
    factor: ClassVar[str]
    #: The words where it may not be done.
    why_not = SecondFactorAdapter.error_messages["cannot_delete_authenticator"]
    request: HttpRequest

    def form_valid(self, form: Any) -> Any:
        """Do it. One at a time of one user: of two factors, two pages at once would each leave the other's.

        Raises PermissionDenied where the sessions were ended meanwhile: who enrols ends that of whoever else has the password.
        """
        with transaction.atomic():
            user = sessions.check_session_goes_on(_user(self.request))
            if not self.is_allowed():
                return self.refused()
            answer = super().form_valid(form)  # type: ignore[misc]
            self.note(form)
            trace(self.act, user, factor=self.factor)
            user.sign_outs += 1
            user.save(update_fields=["sign_outs"])
        update_session_auth_hash(self.request, user)
        if self.act == "second_factor_added":
            sessions.pass_second_factor(self.request.session)
        return answer

    def is_allowed(self) -> bool:
        """Whether it may be done as things stand now."""
        return True

    def note(self, form: Any) -> None:
        """Write down what belongs to it besides. Nothing, here."""

    def refused(self) -> HttpResponse:
        """Nothing is done, and the page says why."""
        messages.error(self.request, str(self.why_not))
        return HttpResponseRedirect(str(_OVERVIEW))


@method_decorator(never_cache, name="dispatch")
class SetUpApp(_Traced, ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Show a secret to an authenticator app, and take the first code, which opens nothing else."""

    act, factor = "second_factor_added", "totp"
    why_not = _("You have an authenticator app already. Remove it first, then set up another.")

    def is_allowed(self) -> bool:
        """Not where another page has set one up meanwhile."""
        return not self._apps().exists()

    def note(self, form: Any) -> None:
        """The code that it was set up by is used."""
        note_step(self._apps().get(), form.step)

    def _apps(self) -> Any:
        return Authenticator.objects.filter(user=_user(self.request), type=Authenticator.Type.TOTP)


class RemoveApp(_Traced, DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Take the authenticator app away."""

    act, factor = "second_factor_removed", "totp"

    def is_allowed(self) -> bool:
        """Not where it is the last factor of somebody who must have one."""
        return SecondFactorAdapter().can_delete_authenticator(self.authenticator)


class AddKey(_Traced, AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Take a security key in."""

    act, factor = "second_factor_added", "webauthn"


class RemoveKey(_Traced, RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Take a security key away."""

    act, factor = "second_factor_removed", "webauthn"
    success_url = _OVERVIEW

    def is_allowed(self) -> bool:
        """Not where it is the last factor of somebody who must have one."""
        return SecondFactorAdapter().can_delete_authenticator(self.get_object())


class NewRecoveryCodes(_Traced, GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """Make the recovery codes anew; the old ones open nothing any more."""

    act, factor = "recovery_codes_renewed", "recovery_codes"


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """The codes, once. Not to HEAD, which would show them to nobody and be that once."""

    http_method_names: ClassVar[list[str]] = ["get", "options"]

    def get(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Show them, with the row locked: that they were seen is written in it beside which of them were used."""
        with transaction.atomic():
            locked = Authenticator.objects.select_for_update()
            locked.filter(user=_user(request), type=Authenticator.Type.RECOVERY_CODES).first()
            answer: HttpResponse = super().get(request, *args, **options)
        return answer


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
