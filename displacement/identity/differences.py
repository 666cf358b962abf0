"""Two records side by side: what is the same, what differs, and what only one of them knows."""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.masking import mask_of
from core.names import folded
from core.veils import unveiled
from displacement.identity.takeable import HOUSEHOLD, PERSON, TAKEABLE, Takeable
from displacement.models import Person
from displacement.models.codes import Sex

#: Names, which are compared by their sound.
NAMES = frozenset({"family_name", "given_name", "patronymic"})


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
    #: As `takeable` calls it, where a merge can take it over.
    name: str = ""

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
        *(_takeable(thing, one, other) for thing in TAKEABLE if thing.model == PERSON),
        _line(_("Relationship to head"), one.get_relationship_display(), other.get_relationship_display()),
        _line(_("Home region"), str(one.household.origin or ""), str(other.household.origin or "")),
        _of_record(_("Registered in"), str(one.household.registered_in), str(other.household.registered_in)),
        *(_takeable(thing, one, other) for thing in TAKEABLE if thing.model == HOUSEHOLD),
        _of_record(_("Household"), one.household.number, other.household.number),
        _of_record(_("Registered by"), str(one.organisation), str(other.organisation)),
    ]
    return [line for line in lines if line.one or line.other]


def _takeable(thing: Takeable, one: Person, other: Person) -> Line:
    """What a merge can take over, in words; a name is compared by its sound, and what is masked by what it is."""
    label, told = str(thing.label), (_told(thing, one), _told(thing, other))
    if thing.name in NAMES:
        return replace(_name(label, *told, is_surname=thing.name == "family_name"), name=thing.name)
    return replace(_line(label, *told), name=thing.name, one=shown(thing, one), other=shown(thing, other))


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


def shown(thing: Takeable, person: Person) -> str:
    """What of the person's record a page shows, in words and masked where the policy says so; empty where it is not known."""
    if thing.is_blank(person) or thing.name == "sex":
        return _told(thing, person)
    words = mask_of(thing.holder(person), thing.columns[0])
    return f"{words} ({person.get_birth_precision_display()})" if thing.name == "birth_date" else words


def _told(thing: Takeable, person: Person) -> str:
    """What the record says of it, to be compared and never shown where it is masked."""
    if thing.is_blank(person):
        return ""
    if thing.name == "sex":
        return str(Sex(person.sex).label)
    if thing.name == "birth_date":
        return f"{unveiled(person.birth_date):%Y-%m-%d} ({person.get_birth_precision_display()})"
    return str(unveiled(getattr(thing.holder(person), thing.columns[0])))
