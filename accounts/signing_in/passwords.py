"""What is long enough and yet the first thing that somebody tries."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SERVICE = "musterpoint"
_ROOM = re.compile(r"[\W\d_]+")
_AGAIN = re.compile(r"(.+?)\1*")
#: With more letters than that it is no such word, and looking for its repetitions would take long.
_LONG = 64


class NotPlain:
    """Refuses numbers alone, and one common word, or the name of the service, with numbers around it or said repeatedly."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        letters = _ROOM.sub("", password.lower())
        if len(letters) > _LONG:
            return
        said = _AGAIN.fullmatch(letters)
        once = said[1] if said else ""
        if len(once) < 2 or once == _SERVICE or once in self._common or letters in self._common:
            raise ValidationError(
                _(
                    "This is among the first that somebody tries. Take four words that have nothing to do with each other."
                ),
                code="password_too_plain",
            )

    def get_help_text(self) -> str:
        """As the page says it."""
        return _("Not numbers alone, and not one common word with numbers around it.")
