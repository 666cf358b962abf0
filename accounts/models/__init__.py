from accounts.models.organisation import Organisation
from accounts.models.user import Membership, User

__all__ = ["Membership", "Organisation", "User"]
