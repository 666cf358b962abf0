"""The desk's pages of organisations, users and emergency access, and for which organisation somebody acts."""

from accounts.admin.acting import ActingForm
from accounts.admin.break_glass import BreakGlassAdmin
from accounts.admin.organisation import OrganisationAdmin
from accounts.admin.user import UserAdmin

__all__ = ["ActingForm", "BreakGlassAdmin", "OrganisationAdmin", "UserAdmin"]
