"""What every scenario has in common: how far it is, and that it is there already."""

from collections.abc import Callable

#: Told how many people of how many are in, after each chunk of the register.
OnProgress = Callable[[int, int], None]


class AlreadyLoaded(Exception):
    """The database holds this scenario: loading it again would register everybody twice. The message says what to do."""
