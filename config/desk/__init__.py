"""The desk: Django's admin as our staff see it."""

from config.desk.site import Desk

__all__ = ["Desk"]
