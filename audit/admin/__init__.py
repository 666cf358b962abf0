"""The desk's pages of the trail, and the trail of every other page."""

from audit.admin.event import AuditEventAdmin, ReadingAdmin, RowChangeAdmin
from audit.admin.readings import ReadAdmin, shown_on
from audit.admin.trail import AuditedAdmin, voiding

__all__ = [
    "AuditEventAdmin",
    "AuditedAdmin",
    "ReadAdmin",
    "ReadingAdmin",
    "RowChangeAdmin",
    "shown_on",
    "voiding",
]
