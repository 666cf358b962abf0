from shelters.models.headcount import Headcount
from shelters.models.shelter import ProtectedPlace, Room, Shelter, ShelterState
from shelters.models.stay import Stay

__all__ = ["Headcount", "ProtectedPlace", "Room", "Shelter", "ShelterState", "Stay"]
