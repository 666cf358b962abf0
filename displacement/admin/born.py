"""One box for what people know of a birth: a whole date, a month, a year, or only the age."""

import re
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from displacement.actions.birth import OLDEST_AGE
from displacement.models.person import BirthPrecision

_ABOUT = re.compile(r"^(?:~|ca\.?|about|около|ок\.|близько|бл\.)\s*", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})")
_MONTHS_OLD = re.compile(r"\d{1,2}\s*(?:m|mo|months?|м|мес|міс)\.?[а-яіїє]*", re.IGNORECASE)


class Born(NamedTuple):
    """What is known of a birth: a date with its precision, or an age in completed years."""

    birth_date: date | None = None
    birth_precision: str = ""
    age: int | None = None


class BornField(forms.CharField):
    """Reads 12.05.1990, 1990-05-12, 05.1990, 1990, ~1990, 34 (years) and "8 months"; nothing is None.

    The day stands before the month, as it is written where our people come from. A year of two digits is refused: it may be
    a great-grandmother's or a baby's.
    """

    default_error_messages = {
        "unread": _("Write the birth date as 12.05.1990, 05.1990 or 1990, or the age in years: 34."),
        "no_day": _("There is no such day in the calendar. Check the day and the month."),
        "age_range": _("An age lies between 0 and %(age)s years. Check it."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=30, **options)

    def to_python(self, value: Any) -> Any:
        """What was typed, as `Born`; None where nothing was."""
        text = str(super().to_python(value) or "")
        if not text:
            return None
        try:
            return self._read(text)
        except ValueError:
            raise self._refusal("no_day") from None

    def _read(self, text: str) -> Born:
        plain = _ABOUT.sub("", text)
        if found := _ISO.fullmatch(plain):
            year, month, day = map(int, found.groups())
            return Born(date(year, month, day), BirthPrecision.DAY)
        if found := _DAY.fullmatch(plain):
            day, month, year = map(int, found.groups())
            return Born(date(year, month, day), BirthPrecision.DAY)
        if found := _MONTH.fullmatch(plain):
            month, year = map(int, found.groups())
            return Born(date(year, month, 1), BirthPrecision.MONTH)
        if _MONTHS_OLD.fullmatch(plain):
            return Born(age=0)
        if not plain.isdecimal():
            raise self._refusal("unread")
        if len(plain) == 4:
            is_guess = plain != text
            return Born(date(int(plain), 1, 1), BirthPrecision.ESTIMATED if is_guess else BirthPrecision.YEAR)
        if int(plain) > OLDEST_AGE:
            raise self._refusal("age_range")
        return Born(age=int(plain))

    def _refusal(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"age": OLDEST_AGE})
