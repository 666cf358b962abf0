from roster.models.alarm import Alarm, AlarmNotice, AlarmRule, AlarmState
from roster.models.export import ASKED, ExportPart, ExportState, PeopleExport, Recipients

__all__ = [
    "ASKED",
    "Alarm",
    "AlarmNotice",
    "AlarmRule",
    "AlarmState",
    "ExportPart",
    "ExportState",
    "PeopleExport",
    "Recipients",
]
