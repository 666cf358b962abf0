"""Fields of input that refuse what cannot be meant, in sentences that do not repeat it."""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError as Refusal
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from core.masking import DOT
from core.registration import format_number
from core.sealed import SealedField

#: Control characters, and marks that turn the direction of what follows: a name with one reads as another.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199

ZONE_NEEDED = _(
    "Write the time with its zone, such as 2024-08-12T18:00:00+03:00 (in an address, write + as %2B)."
)
YEAR_NEEDED = _("Give a time between the years 1900 and 2199.")


def is_readable(text: str) -> None:
    """Refuse text with characters that nobody sees."""
    if _UNSEEN.search(text):
        raise Refusal(
            _("The text holds control characters or direction marks. Type it again without them."),
            code="unreadable",
        )


class TextField(serializers.CharField):
    """A line or a few of text. Right-to-left scripts are welcome; marks that reverse the reading order are not."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200)
        if not options.get("required", True):
            options.setdefault("allow_blank", True)
        super().__init__(**options)
        self.validators.append(is_readable)

    def to_internal_value(self, data: Any) -> str:
        """Only text is text: a number for a name is a mistake in the sender."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class LookupField(TextField):
    """A record that is named by text. A subclass looks it up."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=False, **options)

    def run_validation(self, data: Any = empty) -> Any:
        """The record: the text is checked as text first. Among the items of one request each text is looked up once."""
        text = super().run_validation(data)
        known = self.context.get("known")
        return (
            self.look_up(text)
            if known is None
            else known.said((type(self), text), lambda: self.look_up(text))
        )

    def look_up(self, text: str) -> Any:
        """The record of this name. Raises ValidationError with what to do where there is none."""
        raise NotImplementedError


class ShortListField(serializers.ListField):
    """A list whose length is looked at before what is in it: a body of 1 MB holds half a million parts to check or look up."""

    def to_internal_value(self, data: Any) -> list[Any]:
        """The values. Raises ValidationError, of a list that is too long about nothing but its length."""
        assert self.max_length is not None
        if isinstance(data, list) and len(data) > self.max_length:
            words = _("Send at most %(most)d of these.") % {"most": self.max_length}
            raise serializers.ValidationError(words, code="max_length")
        found: list[Any] = super().to_internal_value(data)
        return found


class MomentField(serializers.DateTimeField):
    """A moment with its zone. Without one it would be off by hours, and nobody would see it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = ZONE_NEEDED

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a time without a zone instead of guessing one."""
        refuse_unclear(value)
        return super().enforce_timezone(value)


def refuse_unclear(value: datetime) -> None:
    """Raise a ValidationError for a time without a zone, or in a year in which nobody here lived."""
    if timezone.is_naive(value):
        raise serializers.ValidationError(ZONE_NEEDED, code="no_zone")
    if not _FIRST_YEAR < value.year < _LAST_YEAR:
        raise serializers.ValidationError(YEAR_NEEDED, code="out_of_range")


class CodeField(serializers.ChoiceField):
    """A value of a code list. The refusal names the list and not what was sent."""

    def to_internal_value(self, data: Any) -> Any:
        """The code. Raises ValidationError for anything that is not on the list."""
        if not isinstance(data, str) or data not in self.choices:
            allowed = ", ".join(str(code) for code in self.choices)
            words = _("Use one of: %(allowed)s.") % {"allowed": allowed}
            raise serializers.ValidationError(words, code="not_listed")
        return data


@extend_schema_field(OpenApiTypes.STR)
class RegistrationNumberField(serializers.Field[int, int, str, Any]):
    """The registration number of a serial, such as `7K2M-QX4D`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, source="serial", **options)

    def to_representation(self, value: int) -> str:
        """As it is printed on a card."""
        return format_number(value)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "date"},
            {"type": "string", "pattern": f"^[0-9]{{4}}-{DOT * 2}-{DOT * 2}$"},
            {"type": "null"},
        ]
    }
)
class MaskedDateField(serializers.DateField):
    """A date, whole for a partner's system; for people at the desk its year, such as 1985-••-••."""


def count_field(most: int = 32_767, least: int = 0, **options: Any) -> serializers.IntegerField:
    """A whole number of people, places or things, within what the column holds."""
    return serializers.IntegerField(min_value=least, max_value=most, **options)


class SealedTextField(serializers.CharField):
    """What the record's own row keeps sealed (core.sealed), opened for the answer."""

    def __init__(self, model: type[models.Model], column: str, **options: Any) -> None:
        super().__init__(**options)
        field = model._meta.get_field(column)
        assert isinstance(field, SealedField)
        self.opened = field.opened
