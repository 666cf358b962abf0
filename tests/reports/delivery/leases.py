"""Leasing a single mail."""

from uuid import UUID

from reports.delivery.outbox import lease
from reports.models import Delivery


def lease_one(delivery_id: UUID) -> Delivery | None:
    """This mail under a lease, None where there is nothing to do for it now."""
    return next(iter(lease(delivery_id)), None)
