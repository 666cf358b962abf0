"""Two records side by side: what is the same, what differs, and what only one of them knows."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.names import folded
from displacement.models import Person
from displacement.models.codes import Sex


class Mark(StrEnum):
    """How two values stand to each other."""

    SAME = "same"
    SPELLED = "spelled"
    DIFFERENT = "different"
    ONE_SIDED = "one-sided"
    UNKNOWN = "unknown"


#: Read beside the values: a sign, which needs no colour, and words.
WORDS: dict[Mark, tuple[str, Promise]] = {
    Mark.SAME: ("=", gettext_lazy("same")),
    Mark.SPELLED: ("≈", gettext_lazy("spelled otherwise")),
    Mark.DIFFERENT: ("≠", gettext_lazy("differs")),
    Mark.ONE_SIDED: ("◐", gettext_lazy("known on one side only")),
    Mark.UNKNOWN: ("", gettext_lazy("not known")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both records say, or do not say. Empty is not known."""

    label: str
    one: str
    other: str
    mark: Mark
    #: Whether it is of the human being, and not of how they were registered.
    is_telling: bool = True

    @property
    def sign(self) -> str:
        """The mark as a sign."""
        return WORDS[self.mark][0]

    @property
    def words(self) -> str:
        """The mark in words."""
        return str(WORDS[self.mark][1])


def side_by_side(one: Person, other: Person) -> list[Line]:
    """What the two records say of the human being. No query where both have their households and regions loaded."""
    lines = [
        _name(_("Family name"), one.family_name, other.family_name, is_surname=True),
        _name(_("Given name"), one.given_name, other.given_name),
        _name(_("Patronymic"), one.patronymic, other.patronymic),
        _line(_("Sex"), _sex(one), _sex(other)),
        _line(_("Birth date"), _birth(one), _birth(other)),
        _line(_("Relationship to head"), one.get_relationship_display(), other.get_relationship_display()),
        _line(_("Home region"), str(one.household.origin or ""), str(other.household.origin or "")),
        _of_record(_("Registered in"), str(one.household.registered_in), str(other.household.registered_in)),
        _line(_("Telephone"), one.household.phone, other.household.phone),
        _of_record(_("Household"), one.household.number, other.household.number),
        _of_record(_("Registered by"), str(one.organisation), str(other.organisation)),
    ]
    return [line for line in lines if line.one or line.other]


def _of_record(label: str, one: str, other: str) -> Line:
    return replace(_line(label, one, other), is_telling=False)


def _line(label: str, one: str, other: str) -> Line:
    if not one and not other:
        return Line(label, one, other, Mark.UNKNOWN)
    if not one or not other:
        return Line(label, one, other, Mark.ONE_SIDED)
    return Line(label, one, other, Mark.SAME if one == other else Mark.DIFFERENT)


def _name(label: str, one: str, other: str, *, is_surname: bool = False) -> Line:
    """Names that sound the same in another alphabet or transliteration are spelled otherwise, and do not differ."""
    line = _line(label, one, other)
    keys = {folded(name, is_surname=is_surname) for name in (one, other)}
    if line.mark is Mark.DIFFERENT and len(keys) == 1 and keys != {""}:
        return Line(label, one, other, Mark.SPELLED)
    return line


def _sex(person: Person) -> str:
    if person.sex in (Sex.NOT_COLLECTED, Sex.NOT_ANSWERED):
        return ""
    return str(Sex(person.sex).label)


def _birth(person: Person) -> str:
    """The date as far as it is known, with what is known of it."""
    if person.birth_date is None:
        return ""
    return f"{person.birth_date:%Y-%m-%d} ({person.get_birth_precision_display()})"
