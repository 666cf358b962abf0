"""The desk's pages of lists that are sent in."""

from intake.admin.batch import BatchAdmin
from intake.admin.forms import KoboFormAdmin
from intake.admin.mapping import MappingAdmin

__all__ = ["BatchAdmin", "KoboFormAdmin", "MappingAdmin"]
