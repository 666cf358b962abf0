"""The desk's pages of exports."""

from roster.admin.export import PeopleExportAdmin

__all__ = ["PeopleExportAdmin"]
