"""Invented names in two languages, common ones as common as they are."""

import csv
import random
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"


class GivenName(NamedTuple):
    """A given name in Russian and Ukrainian, the patronymics of a man's sons, and what the family calls its bearer."""

    sex: str
    russian: str
    ukrainian: str
    russian_patronymic: str
    ukrainian_patronymic: str
    short: tuple[str, ...]

    def written(self, language: str) -> str:
        """The full form in the language."""
        return self.ukrainian if language == "uk" else self.russian

    def patronymic(self, language: str, sex: str) -> str:
        """Of a son or a daughter of a man of this name."""
        son = self.ukrainian_patronymic if language == "uk" else self.russian_patronymic
        return son if sex == "male" else _daughter(son, language)


def _daughter(son: str, language: str) -> str:
    if son.endswith(("Ильич", "Ілліч")):
        return son[:-2] + ("инична" if language != "uk" else "івна")
    if son.endswith("итич"):
        return son[:-1] + "чна"
    if language == "uk":
        return son[:-5] + "ївна" if son.endswith("йович") else son[:-4] + "івна"
    return son[:-2] + "на"


class Surname(NamedTuple):
    """A family's name: that of its men, and that of its women."""

    male: str
    female: str

    def of(self, sex: str) -> str:
        """The form for one sex."""
        return self.female if sex == "female" else self.male


_FIRST = (
    "Бело",
    "Верхо",
    "Горо",
    "Добро",
    "Заго",
    "Криво",
    "Мало",
    "Ново",
    "Пере",
    "Подо",
    "При",
    "Старо",
    "Черно",
)
#: Names without such a beginning stand first and so are the common ones; of the later ones, one in so many has none.
_PLAIN_NAMES, _PLAIN = 600, 0.3
_IN_UKRAINIAN = str.maketrans({"Е": "Є", "И": "І", "ё": "е", "ы": "и", "э": "е"})
#: Endings of men and of women, with how many families in a hundred bear them.
_RUSSIAN_ENDINGS = (
    ("ов", "ова", 30), ("ев", "ева", 14), ("ин", "ина", 20), ("кин", "кина", 7), ("ников", "никова", 5),
    ("ский", "ская", 5), ("цев", "цева", 5), ("шин", "шина", 4), ("овых", "овых", 3), ("ихин", "ихина", 3), ("ной", "ная", 2),
)  # fmt: skip
_UKRAINIAN_ENDINGS = (
    ("енко", "енко", 46), ("чук", "чук", 12), ("юк", "юк", 8), ("ський", "ська", 8), ("ець", "ець", 5), ("ак", "ак", 5),
    ("ко", "ко", 5), ("ний", "на", 4), ("ик", "ик", 4), ("ишин", "ишина", 3),
)  # fmt: skip
#: How fast names grow rare, as Zipf's law has it: the n-th is 1 / (n + OFFSET) as common as the first.
_SURNAMES, _OFFSET = 24_000, 40


class Names:
    """Draws names; the same seed gives the same ones."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._given: dict[str, tuple[list[GivenName], list[int]]] = {}
        with (DATA / "given_names.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for sex in ("male", "female"):
            among = [row for row in rows if row["sex"] == sex]
            self._given[sex] = (
                [_given(row) for row in among],
                list(accumulate(int(row["weight"]) for row in among)),
            )
        stems = (DATA / "surname_stems.txt").read_text(encoding="utf-8").split()
        ukrainian = [stem.translate(_IN_UKRAINIAN) for stem in stems]
        self._surnames = {
            "ru": _compose(rng, stems, _RUSSIAN_ENDINGS),
            "uk": _compose(rng, ukrainian, _UKRAINIAN_ENDINGS),
        }
        self._rarity = list(accumulate(1 / (n + _OFFSET) for n in range(_SURNAMES)))

    def surname(self, language: str) -> Surname:
        """A family's name of the language."""
        names = self._surnames[language]
        (drawn,) = self._rng.choices(names, cum_weights=self._rarity[: len(names)])
        return drawn

    def given(self, sex: str) -> GivenName:
        """A given name."""
        names, weights = self._given[sex]
        (drawn,) = self._rng.choices(names, cum_weights=weights)
        return drawn


def _given(row: dict[str, str]) -> GivenName:
    return GivenName(
        row["sex"],
        row["russian"],
        row["ukrainian"],
        row["russian_patronymic"],
        row["ukrainian_patronymic"],
        tuple(row["short"].split()),
    )


def _compose(
    rng: random.Random, stems: Sequence[str], endings: Sequence[tuple[str, str, int]]
) -> list[Surname]:
    """Surnames from stems and endings, the plain ones first and so the most common."""
    weights = [weight for *_, weight in endings]
    found: dict[str, Surname] = {}
    tries = 0
    while len(found) < _SURNAMES and tries < 20 * _SURNAMES:
        first = "" if len(found) < _PLAIN_NAMES or rng.random() < _PLAIN else rng.choice(_FIRST)
        stem = rng.choice(stems)
        male, female, _ = rng.choices(endings, weights)[0]
        stem = first + stem.lower() if first else stem
        found.setdefault(stem + male, Surname(stem + male, stem + female))
        tries += 1
    return list(found.values())
