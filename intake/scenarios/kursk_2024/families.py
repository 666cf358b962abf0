"""Invented families: who lives together, how old they are, what they are called and what they need."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from intake.rows import NewPerson
from intake.scenarios.kursk_2024.chance import Draw
from intake.scenarios.kursk_2024.names import GivenName, Names, Surname
from intake.scenarios.kursk_2024.needs import Member, Needs
from intake.scenarios.kursk_2024.spelling import SPELLINGS, speller

#: Ages are completed years on this day, before the first of them left.
BORN_BEFORE = date(2024, 8, 1)
LARGEST = 9
FATHERS_BORN, GRANDFATHERS_BORN = 1985, 1950


class FullName(NamedTuple):
    """The parts of a name before it is written in one form and one spelling."""

    given: str
    father: GivenName
    surname: Surname


class Family(NamedTuple):
    """The people of one household, and the language in which they were spoken to."""

    people: list[NewPerson]
    language: str


class Families:
    """Draws families, one after another."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._random = rng.random
        self._names = {language: Names(rng, language) for language in ("ru", "uk")}
        self._language = Draw(rng, [("ru", 0.79), ("uk", 0.21)])
        self._spelling = {language: Draw(rng, weights) for language, weights in SPELLINGS.items()}
        self._precision = Draw(
            rng, [("day", 0.81), ("month", 0.03), ("year", 0.06), ("estimated", 0.07), ("", 0.03)]
        )
        self._needs = Needs(rng)
        self._shape: Draw[Callable[[], list[Member]]] = Draw(
            rng,
            [
                (self._older_person, 0.14),
                (self._single, 0.12),
                (self._older_couple, 0.10),
                (self._couple, 0.10),
                (self._parents, 0.28),
                (self._single_parent, 0.12),
                (self._three_generations, 0.11),
                (self._siblings, 0.03),
            ],
        )

    def next(self, most: int = LARGEST) -> Family:
        """A family of at most `most` people; the last ones of a larger one are left out."""
        members = self._shape()()[: min(most, LARGEST)]
        language = self._language()
        names = self._names[language]
        write = speller(self._spelling[language]())
        surname = names.surname()
        father = names.given("male", FATHERS_BORN)
        people = []
        for member in members:
            given = names.given(member.sex, BORN_BEFORE.year - member.age)
            if member.sex == "male" and member.relationship in ("head", "partner"):
                father = given
            of = father if member.relationship == "child" else names.given("male", GRANDFATHERS_BORN)
            name = FullName(given.name, of, self._surname(member, names, surname))
            people.append(self._person(member, name, write, is_single_parent=_is_single_parent(members)))
        return Family(people, "uk" if language == "uk" and self._random() < 0.25 else "ru")

    def _surname(self, member: Member, names: Names, surname: Surname) -> Surname:
        """The family's, but for those who married into another or are not related."""
        is_other = member.relationship == "not_related" or (
            member.relationship == "parent" and self._random() < 0.4
        )
        return names.surname() if is_other else surname

    def _person(
        self, member: Member, name: FullName, write: Callable[[str], str], *, is_single_parent: bool
    ) -> NewPerson:
        chance = self._random()
        born, precision = self._birth(member.age)
        female = member.sex == "female"
        patronymic = name.father.patronymic_of_daughter if female else name.father.patronymic_of_son
        family = name.surname.feminine if female else name.surname.masculine
        return NewPerson(
            given_name=write(name.given),
            patronymic="" if chance < 0.13 else write(patronymic),
            family_name="" if chance > 0.992 else write(family),
            sex=member.sex if chance < 0.99 else "not_collected" if chance < 0.998 else "not_answered",
            birth_date=born,
            birth_precision=precision,
            relationship=member.relationship,
            needs=self._needs.of(member, is_single_parent=is_single_parent),
        )

    def _birth(self, age: int) -> tuple[date | None, str]:
        precision = self._precision()
        if not precision:
            return None, ""
        born = BORN_BEFORE - timedelta(days=int((age + 0.02 + 0.97 * self._random()) * 365.2425))
        if precision == "day":
            return born, precision
        return date(born.year, born.month if precision == "month" else 1, 1), precision

    def _older_person(self) -> list[Member]:
        return [Member("head", "female" if self._random() < 0.74 else "male", self._age(60, 92))]

    def _single(self) -> list[Member]:
        return [Member("head", "female" if self._random() < 0.45 else "male", self._age(18, 59))]

    def _older_couple(self) -> list[Member]:
        age = self._age(60, 84)
        return [Member("head", "male", age), Member("partner", "female", age - self._age(0, 6))]

    def _couple(self, least: int = 20, most: int = 59) -> list[Member]:
        age = self._age(least, most)
        couple = [Member("head", "male", age), Member("partner", "female", max(18, age - self._age(-2, 6)))]
        if self._random() < 0.35:
            return [
                couple[1]._replace(relationship="head"),
                couple[0]._replace(relationship="partner"),
            ]
        return couple

    def _parents(self) -> list[Member]:
        couple = self._couple(22, 48)
        return couple + self._children(min(member.age for member in couple), 1 + self._few(0.45))

    def _single_parent(self) -> list[Member]:
        parent = Member("head", "female" if self._random() < 0.9 else "male", self._age(20, 48))
        return [parent, *self._children(parent.age, 1 + self._few(0.32))]

    def _three_generations(self) -> list[Member]:
        couple = self._couple(24, 46)
        youngest = min(member.age for member in couple)
        older = max(member.age for member in couple)
        parents = [Member("parent", "female", self._age(older + 18, older + 34))]
        if self._random() < 0.45:
            parents.append(Member("parent", "male", self._age(older + 19, older + 34)))
        siblings = [Member("sibling", self._sex(), self._age(16, 45))] if self._random() < 0.3 else []
        return couple + parents + siblings + self._children(youngest, 1 + self._few(0.5))

    def _siblings(self) -> list[Member]:
        head = Member("head", self._sex(), self._age(18, 70))
        other = "sibling" if self._random() < 0.7 else "not_related"
        return [head, *(Member(other, self._sex(), self._age(16, 70)) for _ in range(1 + self._few(0.3)))]

    def _children(self, parent_age: int, count: int) -> list[Member]:
        oldest = max(0, min(17, parent_age - 18))
        return [Member("child", self._sex(), self._age(0, oldest)) for _ in range(count)]

    def _few(self, again: float) -> int:
        count = 0
        while count < LARGEST and self._random() < again:
            count += 1
        return count

    def _sex(self) -> str:
        return "female" if self._random() < 0.5 else "male"

    def _age(self, least: int, most: int) -> int:
        return least + int(self._random() * (most - least + 1))


def _is_single_parent(members: list[Member]) -> bool:
    """One adult, and the rest their children."""
    return len(members) > 1 and all(member.relationship == "child" for member in members[1:])
