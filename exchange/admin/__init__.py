"""Webhooks and sharing agreements on the desk."""

from exchange.admin.agreement import AgreementAdmin
from exchange.admin.endpoint import EndpointAdmin
from exchange.admin.message import MessageAdmin

__all__ = ["AgreementAdmin", "EndpointAdmin", "MessageAdmin"]
