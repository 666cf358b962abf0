"""The desk's pages of erasures; the pages of people and households offer them."""

from retention.admin.erasure import ErasureAdmin

__all__ = ["ErasureAdmin"]
