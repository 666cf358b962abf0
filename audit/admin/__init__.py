"""The desk's pages of the trail, and the trail of every other page."""

from audit.admin.event import AuditEventAdmin
from audit.admin.trail import AuditedAdmin, voiding

__all__ = ["AuditEventAdmin", "AuditedAdmin", "voiding"]
