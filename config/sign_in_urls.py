"""Addresses of signing in and of one's own second factors. Of what allauth offers only this is here: nobody signs up."""

from allauth.account.views import logout, reauthenticate
from allauth.mfa.base.views import authenticate
from django.urls import path
from django.views.generic import RedirectView

from accounts.signing_in.views import (
    AddKey,
    NewRecoveryCodes,
    Overview,
    RecoveryCodes,
    RemoveApp,
    RemoveKey,
    SetUpApp,
    SignIn,
)

urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("login/second-factor/", authenticate, name="mfa_authenticate"),
    path("login/cancel/", logout, name="account_logout"),
    path("login/again/", reauthenticate, name="account_reauthenticate"),
    path("second-factor/", Overview.as_view(), name="mfa_index"),
    path("second-factor/app/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/keys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("second-factor/keys/add/", AddKey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/keys/<int:pk>/remove/", RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/codes/", RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
