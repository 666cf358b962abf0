"""Saying no: everything that is wrong with an input, collected before anything is written."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

#: What no name holds and no database keeps: NUL and other control characters, halves of characters, and marks that turn the
#: direction of reading so that a text shows as another. Line breaks and tabs are fine.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: Nothing that is recorded here happened earlier; an earlier year is mistyped.
_FIRST_YEAR = 1900
#: Longest reason that a record and its trace hold.
LONGEST_REASON = 300


def refusal(message: str, *, code: str, field: str = NON_FIELD_ERRORS) -> ValidationError:
    """One refusal: a sentence that says what to do, at the field that it speaks of, with a code for machines."""
    return ValidationError({field: [ValidationError(message, code=code)]})


class Later(ValidationError):
    """A refusal that ends by itself: the same will be taken in `retry_seconds`. `status` is that of its answer."""

    def __init__(self, message: str, *, code: str, retry_seconds: int, status: int = 429) -> None:
        super().__init__(message, code=code)
        self.retry_seconds, self.status = retry_seconds, status


class Refusals:
    """What is wrong with one input, all of it at once, so that a person corrects it once and not five times.

    Fields of rows inside an input are named by their place: `people.2.birth_date`.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._errors: dict[str, list[ValidationError]] = {}

    def add(self, field: str, message: str, code: str) -> None:
        """Refuse a field; an empty field name refuses the input as a whole."""
        key = f"{self._prefix}{field}" if field else NON_FIELD_ERRORS
        self._errors.setdefault(key, []).append(ValidationError(message, code=code))

    def take(self, other: "Refusals") -> None:
        """Add what another part of the same input refused."""
        for field, errors in other._errors.items():
            self._errors.setdefault(field, []).extend(errors)

    def check_fields(self, obj: models.Model, *, names: Iterable[str] | None = None) -> None:
        """Refuse values that the model's fields cannot hold (length, choices, sign). No query.

        Foreign keys are left to the database, which checks them anyway. With `names`, only these fields.
        """
        fields = {f.name for f in obj._meta.concrete_fields if f.editable and not f.is_relation}
        checked = fields if names is None else fields & set(names)
        try:
            obj.clean_fields(exclude={f.name for f in obj._meta.fields} - checked)
        except ValidationError as error:
            for field, errors in error.error_dict.items():
                for one in errors:
                    self.add(field, " ".join(one.messages), one.code or "invalid")
        for field in sorted(checked):
            self._check_visible(field, getattr(obj, field))

    def check_reason(self, reason: str, missing: str = "") -> str:
        """The reason without blanks around it; refused where it is too long, or where there is none and `missing` says so."""
        why = reason.strip()
        self._check_visible("reason", why)
        if missing and not why:
            self.add("reason", missing, "reason_needed")
        if len(why) > LONGEST_REASON:
            message = _("The reason is too long. Say it in at most %(most)s characters.") % {
                "most": LONGEST_REASON
            }
            self.add("reason", message, "max_length")
        return why

    def _check_visible(self, field: str, value: object) -> None:
        if isinstance(value, str) and INVISIBLE.search(value):
            self.add(
                field,
                _("This text holds invisible characters. Type it anew instead of pasting it."),
                "invisible",
            )

    def check_moment(self, field: str, moment: datetime | None, *, now: datetime | None = None) -> bool:
        """Refuse a time without zone, and a time that has not come yet. True where the time is usable."""
        if moment is None:
            self.add(field, _("Say when it was, with date and time."), "required")
        elif timezone.is_naive(moment):
            self.add(field, _("This time has no zone. Add one, such as +03:00 for Moscow."), "no_zone")
        elif moment > (now or timezone.now()):
            self.add(field, _("This time is in the future. Give the time at which it happened."), "in_future")
        elif moment.year < _FIRST_YEAR:
            self.add(field, _("This time is too long ago. Check the year."), "too_long_ago")
        else:
            return True
        return False

    def raise_any(self) -> None:
        """Raise ValidationError with everything refused so far; return where nothing was."""
        if self._errors:
            raise ValidationError({field: list(errors) for field, errors in self._errors.items()})
