"""The desk's pages of the register, of casualties and of claims."""

from displacement.admin.casualty import CasualtyAdmin, CasualtySourceAdmin
from displacement.admin.claim import ClaimAdmin, ClaimChoiceAdmin, SourceAdmin
from displacement.admin.duplicate import PossibleDuplicateAdmin
from displacement.admin.expected_report import ExpectedReportAdmin
from displacement.admin.honey import HoneyRecordAdmin
from displacement.admin.household import ConsentAdmin, GroupAdmin, HouseholdAdmin
from displacement.admin.incident import IncidentAdmin
from displacement.admin.merge import BulkDecisionAdmin, MergeAdmin
from displacement.admin.movement import MovementAdmin
from displacement.admin.person import NeedAdmin, PersonAdmin, SpecificNeedAdmin

__all__ = [
    "BulkDecisionAdmin",
    "CasualtyAdmin",
    "CasualtySourceAdmin",
    "ClaimAdmin",
    "ClaimChoiceAdmin",
    "ConsentAdmin",
    "ExpectedReportAdmin",
    "GroupAdmin",
    "HoneyRecordAdmin",
    "HouseholdAdmin",
    "IncidentAdmin",
    "MergeAdmin",
    "MovementAdmin",
    "NeedAdmin",
    "PersonAdmin",
    "PossibleDuplicateAdmin",
    "SourceAdmin",
    "SpecificNeedAdmin",
]
