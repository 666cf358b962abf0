"""What people type to sign in, and what they are told where it is wrong."""

import unicodedata
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.sessions import check_session_goes_on
from accounts.signing_in.codes import step_of, use_code
from accounts.signing_in.keys import AnswerField, not_right, take_in, use_key
from accounts.signing_in.limits import NotPossible, TooOften, limited, of_code
from accounts.signing_in.trace import trace
from core.encryption import Place, UnreadableError, decrypt, encrypt

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["login"]
        field.label = gettext_lazy("User name")
        field.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}

    def clean_login(self) -> str:
        """In the form in which user names are kept."""
        return unicodedata.normalize("NFKC", str(super().clean_login()))


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=20, widget=forms.TextInput(attrs=_CODE))

    def clean_code(self) -> str:
        """The code, which is used up. One try under the user's limit."""
        code = str(self.cleaned_data["code"])
        try:
            with limited(of_code(self.user.pk)):
                self.authenticator = use_code(self.user, code)
                if self.authenticator is None:
                    raise not_right()
        except UnreadableError as error:
            words = _("Your second factor cannot be read any more. Ask your administrator to reset it.")
            raise ValidationError(words, code="unreadable") from error
        except ValidationError as error:
            _trace_failure(error, self.user, "code")
            raise
        return code


class KeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What a security key answered."""

    credential = AnswerField()

    def clean_credential(self) -> Any:
        """The key. One try under the user's limit."""
        try:
            with limited(of_code(self.user.pk)):
                return use_key(self.user, self.cleaned_data["credential"])
        except ValidationError as error:
            _trace_failure(error, self.user, "webauthn")
            raise


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What a new security key answered, and what it is called."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=100)
    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        """With what is kept of the answer in its place."""
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("credential"):
            cleaned["credential"] = take_in(cleaned["credential"])
        return cleaned


class AppForm(forms.Form):
    """The first code of a new authenticator app. Until it is right, the app's secret lies encrypted in the session.

    `step`: the half minute of the code that was right.
    """

    code = forms.CharField(
        label=gettext_lazy("Code that the app shows"), max_length=20, widget=forms.TextInput(attrs=_CODE)
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        self.place = Place("django_session", user.pk, SECRET_SESSION_KEY)
        self.secret = self._kept() or self._new()

    def clean_code(self) -> str:
        """The code, where it is this secret's. One try under the user's limit."""
        code = str(self.cleaned_data["code"])
        with limited(of_code(self.user.pk)):
            self.step = step_of(self.secret, code)
            if self.step is None:
                words = _(
                    "The code is not right. Wait for the next one and type that; look at the clock of your telephone."
                )
                raise ValidationError(words, code="incorrect_code")
        return code

    def _kept(self) -> str:
        """The secret that the page showed; a page that is opened anew shows another."""
        stored = context.request.session.get(SECRET_SESSION_KEY) if self.is_bound else None
        return decrypt(stored, self.place) if stored else ""

    def _new(self) -> str:
        secret = str(generate_totp_secret())
        context.request.session[SECRET_SESSION_KEY] = encrypt(secret, self.place)
        return secret


class OwnPasswordForm(AdminPasswordChangeForm):
    """A new password of one's own. The old one is counted like a code: whoever sits down at an open desk could try many."""

    def clean_old_password(self) -> str:
        """The old password. One try under the user's limit."""
        with limited(of_code(self.user.pk)):
            return str(super().clean_old_password())

    def save(self, commit: bool = True) -> Any:
        """Set it, with a trace in the same transaction. Raises PermissionDenied where somebody ended the session meanwhile.

        To hash passwords takes a while, in which an administrator may have closed the account or set another password: neither
        is undone by whom it was done against.
        """
        with transaction.atomic():
            check_session_goes_on(self.user)
            super().save(commit=False)
            self.user.save(update_fields=["password"])
            trace("password_changed", self.user)
        return self.user


def _trace_failure(error: ValidationError, user: User, way: str) -> None:
    """A wrong factor leaves a trace; what was not even looked at does not, or a flood of tries would be a flood of entries."""
    if not isinstance(error, (TooOften, NotPossible)):
        trace("second_factor_failed", user, way=way)
