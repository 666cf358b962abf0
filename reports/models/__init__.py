from reports.models.delivery import Delivery, Subscription
from reports.models.edition import Edition, EditionFile

__all__ = ["Delivery", "Edition", "EditionFile", "Subscription"]
