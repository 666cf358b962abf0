"""Invented names: common given names and surnames, drawn apart from each other."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"
#: People born before 1970 bear names that are seldom given now, those born after 2004 the other way round.
OLDER_UNTIL, YOUNGER_FROM = 1970, 2005


class Surname(NamedTuple):
    """One family's name in its two forms, which may be alike."""

    masculine: str
    feminine: str


class GivenName(NamedTuple):
    """A given name, with the patronymics of a man's children."""

    name: str
    patronymic_of_son: str = ""
    patronymic_of_daughter: str = ""


def read(name: str) -> Iterator[dict[str, str]]:
    """The rows of one data file of the scenario."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class Names:
    """Draws names of one language."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self._rng = rng
        self._surnames = [
            Surname(row["masculine"], row["feminine"])
            for row in read("surnames.csv")
            if row["language"] == language
        ]
        self._given: dict[tuple[str, str], list[GivenName]] = {}
        for row in read("given_names.csv"):
            if row["language"] == language:
                self._keep(row)

    def _keep(self, row: dict[str, str]) -> None:
        name = GivenName(row["name"], row["patronymic_of_son"], row["patronymic_of_daughter"])
        eras = ("older", "middle", "younger") if row["era"] == "any" else (row["era"],)
        for era in eras:
            self._given.setdefault((row["sex"], era), []).append(name)

    def surname(self) -> Surname:
        """A family's name."""
        return self._surnames[int(self._rng.random() * len(self._surnames))]

    def given(self, sex: str, born: int) -> GivenName:
        """A given name fit for the year of birth."""
        era = "older" if born < OLDER_UNTIL else "younger" if born >= YOUNGER_FROM else "middle"
        among = self._given[sex, era]
        return among[int(self._rng.random() * len(among))]
