"""Which column of a foreign file is which field: a guess, which a person corrects."""

from collections.abc import Sequence
from typing import Protocol

from intake.sources.source import Column
from intake.values.choices import Reader
from intake.values.words import plain


class Guessable(Protocol):
    """What of a field a guess needs: its own name, the words and the HXL tags that stand above it in files, and its reader."""

    @property
    def name(self) -> str:
        """The field's name in the kind."""

    @property
    def words(self) -> Sequence[str]:
        """Headers that mean it."""

    @property
    def tags(self) -> Sequence[str]:
        """HXL hashtags that mean it."""

    @property
    def read(self) -> Reader:
        """What reads its cells."""


def guess(
    columns: Sequence[Column], fields: Sequence[Guessable], sample: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """For columns of which a guess is sure enough: the name of the field that each becomes. No field is given twice."""
    by_word = {plain(word): field.name for field in fields for word in (field.name, *field.words)}
    found: dict[str, str] = {}
    for column in columns:
        field = by_word.get(plain(column.name))
        if field and field not in found.values():
            found[column.name] = field
    return found
