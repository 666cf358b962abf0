"""The desk's pages of the register, of casualties and of claims."""

from displacement.admin.casualty import CasualtyAdmin, CasualtySourceAdmin
from displacement.admin.claim import ClaimAdmin, SourceAdmin
from displacement.admin.household import ConsentAdmin, GroupAdmin, HouseholdAdmin
from displacement.admin.incident import IncidentAdmin
from displacement.admin.movement import MovementAdmin
from displacement.admin.person import NeedAdmin, PersonAdmin, SpecificNeedAdmin

__all__ = [
    "CasualtyAdmin",
    "CasualtySourceAdmin",
    "ClaimAdmin",
    "ConsentAdmin",
    "GroupAdmin",
    "HouseholdAdmin",
    "IncidentAdmin",
    "MovementAdmin",
    "NeedAdmin",
    "PersonAdmin",
    "SourceAdmin",
    "SpecificNeedAdmin",
]
