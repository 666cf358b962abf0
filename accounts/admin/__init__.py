"""The desk's pages of organisations and users, and for which organisation somebody acts."""

from accounts.admin.acting import ActingForm
from accounts.admin.organisation import OrganisationAdmin
from accounts.admin.user import UserAdmin

__all__ = ["ActingForm", "OrganisationAdmin", "UserAdmin"]
