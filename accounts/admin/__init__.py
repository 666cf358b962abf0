"""The desk's pages of organisations, users, emergency access and opened records, and for which organisation somebody acts."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts.admin.acting import ActingForm
from accounts.admin.break_glass import BreakGlassAdmin
from accounts.admin.client import ClientAdmin
from accounts.admin.organisation import OrganisationAdmin
from accounts.admin.reveal_day import RevealDayAdmin
from accounts.admin.reveal_form import RevealForm, revealing
from accounts.admin.user import UserAdmin

# allauth brings pages for its own tables, which are not for the desk: they would show what is kept of second factors.
admin.site.unregister([Authenticator, EmailAddress])
__all__ = [
    "ActingForm",
    "BreakGlassAdmin",
    "ClientAdmin",
    "OrganisationAdmin",
    "RevealDayAdmin",
    "RevealForm",
    "UserAdmin",
    "revealing",
]
