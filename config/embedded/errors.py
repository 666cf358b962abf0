"""The one error of this package."""


class EmbeddedServerError(Exception):
    """Something outside the program is in the way; the text is one sentence that says what to do."""
