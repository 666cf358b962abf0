"""The desk's pages of editions, who gets them, and what became of each mail."""

from reports.admin.delivery import DeliveryAdmin, SubscriptionAdmin
from reports.admin.edition import EditionAdmin

__all__ = ["DeliveryAdmin", "EditionAdmin", "SubscriptionAdmin"]
