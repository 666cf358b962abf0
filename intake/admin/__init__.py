"""The desk's pages of lists that are sent in."""

from intake.admin.batch import BatchAdmin
from intake.admin.mapping import MappingAdmin

__all__ = ["BatchAdmin", "MappingAdmin"]
