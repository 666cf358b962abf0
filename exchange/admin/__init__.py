"""Webhooks on the desk."""

from exchange.admin.endpoint import EndpointAdmin
from exchange.admin.message import MessageAdmin

__all__ = ["EndpointAdmin", "MessageAdmin"]
