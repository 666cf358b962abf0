from displacement.models.casualty import Casualty, CasualtySource, CasualtyStep
from displacement.models.claim import Claim, ClaimLink, Source
from displacement.models.consent import Consent
from displacement.models.household import Household, HouseholdGroup
from displacement.models.incident import Incident
from displacement.models.movement import Movement
from displacement.models.need import PersonNeed, SpecificNeed
from displacement.models.person import Person

__all__ = [
    "Casualty",
    "CasualtySource",
    "CasualtyStep",
    "Claim",
    "ClaimLink",
    "Consent",
    "Household",
    "HouseholdGroup",
    "Incident",
    "Movement",
    "Person",
    "PersonNeed",
    "Source",
    "SpecificNeed",
]
