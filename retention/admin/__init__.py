"""The desk's pages of erasures and legal holds; the pages of people and households offer erasures."""

from retention.admin.erasure import ErasureAdmin
from retention.admin.hold import HoldAdmin

__all__ = ["ErasureAdmin", "HoldAdmin"]
