from reports.models.delivery import Delivery, Subscription
from reports.models.edition import Edition, EditionFile
from reports.models.erratum import Erratum
from reports.models.notice import Notice

__all__ = ["Delivery", "Edition", "EditionFile", "Erratum", "Notice", "Subscription"]
