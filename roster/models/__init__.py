from roster.models.alarm import Alarm, AlarmNotice, AlarmRule, AlarmState
from roster.models.export import ExportPart, ExportState, PeopleExport

__all__ = [
    "Alarm",
    "AlarmNotice",
    "AlarmRule",
    "AlarmState",
    "ExportPart",
    "ExportState",
    "PeopleExport",
]
