from displacement.models.bulk_decision import BulkDecision
from displacement.models.casualty import Casualty, CasualtySource, CasualtyStep
from displacement.models.claim import Claim, ClaimLink, ClaimWithdrawal, Source
from displacement.models.claim_choice import ClaimChoice
from displacement.models.consent import Consent
from displacement.models.document import IdentityDocument
from displacement.models.duplicate import Merge, PairWord, PossibleDuplicate, Repointing, TakenOver
from displacement.models.expected_report import ExpectedReport
from displacement.models.honey import HoneyRecord
from displacement.models.household import Household, HouseholdGroup
from displacement.models.incident import Incident
from displacement.models.movement import Movement
from displacement.models.need import PersonNeed, SpecificNeed
from displacement.models.person import Person
from displacement.models.regrouping import HouseholdChange, HouseholdJoin
from displacement.models.search import DuplicateSearch, SearchedPerson

__all__ = [
    "BulkDecision",
    "Casualty",
    "CasualtySource",
    "CasualtyStep",
    "Claim",
    "ClaimChoice",
    "ClaimLink",
    "ClaimWithdrawal",
    "Consent",
    "DuplicateSearch",
    "ExpectedReport",
    "HoneyRecord",
    "Household",
    "HouseholdChange",
    "HouseholdGroup",
    "HouseholdJoin",
    "IdentityDocument",
    "Incident",
    "Merge",
    "Movement",
    "PairWord",
    "Person",
    "PersonNeed",
    "PossibleDuplicate",
    "Repointing",
    "SearchedPerson",
    "Source",
    "SpecificNeed",
    "TakenOver",
]
