from roster.models.export import ExportPart, ExportState, PeopleExport

__all__ = ["ExportPart", "ExportState", "PeopleExport"]
