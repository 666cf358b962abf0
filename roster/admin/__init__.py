"""The desk's pages of exports and alarms."""

from roster.admin.alarm import AlarmAdmin
from roster.admin.export import PeopleExportAdmin

__all__ = ["AlarmAdmin", "PeopleExportAdmin"]
