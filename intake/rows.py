"""What a stream into the register consists of: one household after another, each with all that hangs on it.

A person's movements stand inside the person, its people inside the household, and the register gives registration numbers,
keys, and ids where a row brings none. Times are aware; `recorded_at` is when we learned it; `reference` is the partner's own
number.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class Void(NamedTuple):
    """That a fact was taken back, by whom and why."""

    at: datetime
    by: UUID
    reason: str


class NewMovement(NamedTuple):
    """One step of a person or of a counted household; codes as in displacement.models.movement."""

    kind: str
    origin_id: int
    destination_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    place: str = "unknown"
    means: str = "unknown"
    cause: str = "unknown"
    void: Void | None = None


class NewStay(NamedTuple):
    """One stay of a person in a shelter; without an end it goes on."""

    shelter_id: UUID
    room_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    ended_at: datetime | None = None
    ended_recorded_at: datetime | None = None
    override_reason: str = ""
    void: Void | None = None


class NewPerson(NamedTuple):
    """One person; one name is enough, and a blank is not known. `recorded_at` is the household's where it is None."""

    given_name: str
    patronymic: str
    family_name: str
    sex: str
    birth_date: date | None
    birth_precision: str
    relationship: str
    needs: Sequence[str] = ()
    movements: Sequence[NewMovement] = ()
    stays: Sequence[NewStay] = ()
    recorded_at: datetime | None = None
    reference: str = ""
    id: UUID | None = None


class NewGroup(NamedTuple):
    """So many people of one sex and age band in a household that is only counted; `recorded_at` as for a person."""

    sex: str
    age_band: str
    people: int
    recorded_at: datetime | None = None
    void: Void | None = None


class NewHousehold(NamedTuple):
    """A household as registered by `by`: persons, or groups with the household's own movements, or both.

    One that `is_known` stands in the register under its `id` already: only its people here are new, and nothing else of it is
    written.
    """

    organisation_id: UUID
    registered_in_id: int
    origin_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    by: UUID
    people_declared: int | None = None
    method: str = "list"
    phone: str = ""
    language: str = ""
    people: Sequence[NewPerson] = ()
    groups: Sequence[NewGroup] = ()
    movements: Sequence[NewMovement] = ()
    consents: Sequence[tuple[str, bool]] = ()
    consent_text: str = ""
    reference: str = ""
    id: UUID | None = None
    is_known: bool = False

    @property
    def head_count(self) -> int:
        """How many human beings stand here: named people, and those of groups that hold."""
        return len(self.people) + sum(group.people for group in self.groups if group.void is None)
