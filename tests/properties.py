"""How property tests run here: the same examples each time, no clock on a shared machine, nothing kept on disk."""

from hypothesis import settings

settings.register_profile("musterpoint", deadline=None, derandomize=True, database=None)
settings.load_profile("musterpoint")
