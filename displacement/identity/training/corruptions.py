"""What happens to a description of a human being on its way through two clerks, three alphabets and a bad line."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from displacement.identity.identity import Identity
from displacement.identity.training.families import BORN_BEFORE, Human
from displacement.identity.training.names import Names
from displacement.identity.training.spellings import RUSSIAN, UKRAINIAN, in_other_cyrillic, spelled

_ROWS = {
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
#: What sounds alike on a bad line, in either alphabet.
_EAR = (
    ("о", "а"), ("а", "о"), ("е", "и"), ("и", "е"), ("б", "п"), ("д", "т"), ("з", "с"), ("г", "к"), ("в", "ф"), ("ё", "е"),
    ("нн", "н"), ("лл", "л"), ("сс", "с"), ("тьев", "тев"), ("цк", "тск"), ("щ", "ш"), ("ье", "е"), ("ий", "ей"),
    ("о", "a"), ("kh", "h"), ("o", "a"), ("e", "i"), ("i", "e"), ("d", "t"), ("b", "p"), ("z", "s"), ("v", "f"), ("shch", "sh"),
    ("nn", "n"), ("ll", "l"), ("y", "i"), ("ts", "s"),
)  # fmt: skip


class Names3(NamedTuple):
    """A name as written: given name, patronymic, family name."""

    given: str
    patronymic: str
    family: str


class Corruptor:
    """Describes humans as a registration would: `lightly` at a first one, `again` at a second elsewhere."""

    def __init__(self, rng: random.Random, names: Names) -> None:
        self._rng, self._names = rng, names
        self.kinds: list[str] = []

    def lightly(self, human: Human) -> Identity:
        """As a careful clerk writes it: own alphabet or a passport's, sometimes without patronymic, phone or day."""
        self.kinds = []
        scheme = self._scheme(human, 0.15)
        names = self._names_of(human, human.language, scheme)
        if self._happens("no_patronymic", 0.13):
            names = names._replace(patronymic="")
        born, precision = self._born(human.born, likely=0.4)
        return Identity(
            *names,
            sex=human.sex if self._rng.random() < 0.99 else "",
            birth_date=born,
            birth_precision=precision,
            phone=human.phone if self._rng.random() < 0.7 else "",
            place=human.place if self._rng.random() < 0.92 else "",
        )

    def again(self, human: Human) -> Identity:
        """As another organisation registers the same human being; `kinds` then tells what went wrong."""
        self.kinds = []
        language = human.language
        if self._happens("other_language", 0.15):
            language = "ru" if language == "uk" else "uk"
        scheme = self._scheme(human, 0.4)
        names = self._slips(self._lacks(self._names_of(human, language, scheme, is_again=True)))
        born, precision = self._born(human.born, likely=1.0)
        sex = human.sex
        if self._happens("wrong_sex", 0.012):
            sex = "male" if sex == "female" else "female"
        return Identity(
            *names,
            sex=sex if self._rng.random() < 0.96 else "",
            birth_date=born,
            birth_precision=precision,
            phone=self._phone(human.phone),
            place=self._place(human.place),
        )

    def _happens(self, kind: str, likely: float) -> bool:
        if self._rng.random() >= likely:
            return False
        self.kinds.append(kind)
        return True

    def _scheme(self, human: Human, likely: float) -> str:
        if not self._happens("latin", likely):
            return ""
        return self._rng.choice(list(UKRAINIAN if human.language == "uk" else RUSSIAN))

    def _names_of(self, human: Human, language: str, scheme: str, *, is_again: bool = False) -> Names3:
        given, surname = human.given.written(language), human.surname.of(human.sex)
        if is_again and self._happens("short", 0.07):
            given = self._rng.choice(human.given.short)
        if (
            is_again
            and human.sex == "female"
            and (BORN_BEFORE - human.born).days > 6600
            and self._happens("married", 0.03)
        ):
            surname = self._names.surname(human.language).of(human.sex)
        if language != human.language:
            surname = in_other_cyrillic(surname, human.language)
        names = Names3(given, human.father.patronymic(language, human.sex), surname)
        if not scheme:
            return names
        schemes = UKRAINIAN if language == "uk" else RUSSIAN
        scheme = scheme if scheme in schemes else self._rng.choice(list(schemes))
        return Names3(*(spelled(name, language, scheme) for name in names))

    def _lacks(self, names: Names3) -> Names3:
        given, patronymic, family = names
        if self._happens("no_patronymic", 0.3):
            patronymic = ""
        elif self._happens("initial_of_patronymic", 0.05):
            patronymic = patronymic[:1] + "."
        if self._happens("initial", 0.03):
            given = given[:1] + "."
        if len(given) > 2 and self._happens("swapped", 0.05):
            given, family = family, given
        elif self._happens("one_name", 0.008):
            given, family = ("", family) if self._rng.random() < 0.5 else (family, "")
        return Names3(given, patronymic, family)

    def _slips(self, names: Names3) -> Names3:
        written = list(names)
        for kind, likely, slip in (("typo", 0.16, self._typo), ("ear", 0.14, self._misheard)):
            which = self._rng.randrange(3)
            if len(written[which]) > 3 and self._happens(kind, likely):
                written[which] = slip(written[which])
        return Names3(*written)

    def _typo(self, word: str) -> str:
        """A neighbouring key, a letter left out, doubled, or two changed round."""
        at = self._rng.randrange(1, len(word) - 1)
        ways: tuple[Callable[[], str], ...] = (
            lambda: word[:at] + self._neighbour(word[at]) + word[at + 1 :],
            lambda: word[:at] + word[at + 1 :],
            lambda: word[:at] + word[at] + word[at:],
            lambda: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
        return self._rng.choice(ways)()

    def _neighbour(self, letter: str) -> str:
        for row in (row for rows in _ROWS.values() for row in rows):
            if letter.lower() in row:
                at = row.index(letter.lower())
                return self._rng.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
        return letter

    def _misheard(self, word: str) -> str:
        ways = [(heard, said) for said, heard in _EAR if said in word[1:]]
        if not ways:
            return self._typo(word)
        heard, said = self._rng.choice(ways)
        return word[0] + word[1:].replace(said, heard, 1)

    def _born(self, born: date, *, likely: float) -> tuple[date | None, str]:
        chance, rng = self._rng.random() / likely, self._rng
        if chance < 0.05:
            return self._note("no_birth_date", None, "")
        if chance < 0.11:
            return self._note(
                "first_of_january", date(born.year, 1, 1), "year" if rng.random() < 0.5 else "day"
            )
        if chance < 0.16:
            return self._note("estimated", date(born.year + rng.randint(-3, 3), 1, 1), "estimated")
        if chance < 0.18 and born.day <= 12 and born.day != born.month:
            return self._note("day_and_month_swapped", date(born.year, born.day, born.month), "day")
        if chance < 0.22:
            years = rng.choice((-10, -1, -1, -1, 1, 1, 1, 10))
            return self._note("wrong_year", _moved(born, born.year + years), "day")
        if chance < 0.25:
            return self._note("wrong_day", born + timedelta(days=rng.choice((-10, -2, -1, 1, 2, 10))), "day")
        return born, "day"

    def _note(self, kind: str, born: date | None, precision: str) -> tuple[date | None, str]:
        self.kinds.append(kind)
        return born, precision

    def _phone(self, phone: str) -> str:
        chance = self._rng.random()
        if chance < 0.35:
            return ""
        if chance < 0.62:
            return f"+7{self._rng.randrange(9_000_000_000, 9_999_999_999)}"
        return "8" + phone[2:] if chance < 0.8 else phone

    def _place(self, place: str) -> str:
        chance = self._rng.random()
        return "" if chance < 0.12 else str(self._rng.randrange(60)) if chance < 0.18 else place


def _moved(born: date, year: int) -> date:
    return date(year, born.month, min(born.day, 28))
