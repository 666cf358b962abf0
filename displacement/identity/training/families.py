"""Invented families as they are in truth: twins, siblings, fathers and sons of one name, cousins in the same village."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from displacement.identity.training.names import GivenName, Names, Surname

BORN_BEFORE = date(2024, 8, 1)
#: Places of different size: most people come from a few.
PLACES = 60
#: Of younger children, sons and families: more than there are, so that what is hard to tell apart is met often.
TWINS, NAMED_AFTER_FATHER, COUSINS = 0.2, 0.06, 0.2


class Human(NamedTuple):
    """One human being as they are; `kin` is what makes them easily confused with `kin_of`: twin, namesake, or blank."""

    number: int
    family: int
    sex: str
    language: str
    given: GivenName
    father: GivenName
    surname: Surname
    born: date
    phone: str
    place: str
    kin: str = ""
    kin_of: int | None = None


class _Home(NamedTuple):
    surname: Surname
    language: str
    place: str
    grandfather: GivenName


class Families:
    """Draws families one after another; humans and families are numbered from 0."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self.names = rng, Names(rng)
        self._last: _Home | None = None
        self._human = self._family = 0

    def stream(self) -> Iterator[list[Human]]:
        """Families without end."""
        while True:
            yield self._next()
            self._family += 1

    def _next(self) -> list[Human]:
        home = self._home()
        phone = f"+7{self._rng.randrange(9_000_000_000, 9_999_999_999)}"
        shape = self._rng.random()
        if shape < 0.3:
            return [self._adult(home, phone, self._sex(), self._rng.randint(22, 88))]
        age = self._rng.randint(22, 48)
        man = self._adult(home, phone, "male", age, self._rng.random() < COUSINS)
        woman = self._adult(home, phone, "female", max(19, age - self._rng.randint(-2, 5)))
        if shape < 0.5:
            return [man, woman]
        people = [man, woman, *self._children(man, home, phone, age - 20)]
        if shape > 0.88:
            people.append(self._grandparent(home, phone, age))
        return people

    def _home(self) -> _Home:
        """A new one, or that of relatives: brothers live in one village."""
        if self._last and self._rng.random() < COUSINS:
            return self._last
        language = "uk" if self._rng.random() < 0.3 else "ru"
        place = str(int(PLACES * self._rng.random() ** 2))
        self._last = _Home(self.names.surname(language), language, place, self.names.given("male"))
        return self._last

    def _adult(self, home: _Home, phone: str, sex: str, age: int, is_brother: bool = False) -> Human:
        father = home.grandfather if is_brother else self.names.given("male")
        return self._human_of(home, phone, self.names.given(sex), father, self._born(age))

    def _grandparent(self, home: _Home, phone: str, age: int) -> Human:
        sex = "female" if self._rng.random() < 0.7 else "male"
        given = home.grandfather if sex == "male" else self.names.given(sex)
        return self._human_of(
            home, phone, given, self.names.given("male"), self._born(age + self._rng.randint(20, 34))
        )

    def _children(self, father: Human, home: _Home, phone: str, oldest: int) -> list[Human]:
        children: list[Human] = []
        for _ in range(1 + (self._rng.random() < 0.5) + (self._rng.random() < 0.2)):
            taken = {child.given for child in children}
            sex = self._sex()
            given, kin, of = self.names.given(sex), "", None
            if sex == "male" and self._rng.random() < NAMED_AFTER_FATHER:
                given, kin, of = father.given, "namesake", father.number
            if given in taken:
                continue
            born = self._born(self._rng.randint(0, max(1, oldest)))
            if children and self._rng.random() < TWINS:
                born, kin, of = children[-1].born, "twin", children[-1].number
            child = self._human_of(home, phone, given, father.given, born)
            children.append(child._replace(kin=kin, kin_of=of))
        return children

    def _human_of(self, home: _Home, phone: str, given: GivenName, father: GivenName, born: date) -> Human:
        number = self._human
        self._human += 1
        of_home = (home.surname, born, phone, home.place)
        return Human(number, self._family, given.sex, home.language, given, father, *of_home)

    def _born(self, age: int) -> date:
        return BORN_BEFORE - timedelta(days=int((age + self._rng.random()) * 365.2425))

    def _sex(self) -> str:
        return "female" if self._rng.random() < 0.52 else "male"
