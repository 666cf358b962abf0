"""The desk's pages of shelters, who sleeps there, and what their managers report."""

from shelters.admin.headcount import HeadcountAdmin
from shelters.admin.shelter import ProtectedPlaceAdmin, ShelterAdmin, ShelterStateAdmin
from shelters.admin.stay import StayAdmin

__all__ = ["HeadcountAdmin", "ProtectedPlaceAdmin", "ShelterAdmin", "ShelterStateAdmin", "StayAdmin"]
