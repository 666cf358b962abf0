"""Both catalogues say everything that a report says, mean the same numbers, and are compiled."""

import re

import pytest
from django.utils.translation import ngettext, override
from matplotlib.ft2font import FT2Font

from reports.editions.phrases import people
from reports.rendering import fonts, words
from tests.reports.languages.catalogues import LANGUAGES, Entry, compiled, entries, texts_of_code

PLACEHOLDER = re.compile(r"%\(\w+\)s")
NUMBER = re.compile(r"\d+")

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_everything_that_a_report_says_is_translated_and_nothing_else(language: str) -> None:
    written = {entry.key for entry in entries(language)}
    assert texts_of_code() - written == set(), "run `make messages`, then translate"
    assert written - texts_of_code() == set(), "run `make messages`: nobody says this any more"


@each_language
def test_nothing_is_left_empty_or_doubtful(language: str) -> None:
    assert [entry.text for entry in entries(language) if entry.is_fuzzy or not all(entry.said)] == []
    assert [e.text for e in entries(language) if len(e.said) != (3 if e.plural else 1)] == []


@each_language
def test_what_programs_read_is_what_is_written(language: str) -> None:
    read = compiled(language)
    different = []
    for entry in entries(language):
        context, text, plural = entry.key
        key = f"{context}\x04{text}" if context else text
        said = [read._catalog.get((key, n)) for n in range(3)] if plural else [read._catalog.get(key)]  # type: ignore[attr-defined]
        different += [text] * (said != entry.said)
    assert different == [], "run `make messages`"


@each_language
def test_no_translation_loses_or_invents_a_number(language: str) -> None:
    """Disclosure control reads the numbers of sentences: one more would hold a sentence back, one fewer let it pass."""
    wrong = [entry.text for entry in entries(language) for said in entry.said if _numbers(entry, said)]
    assert wrong == []


def _numbers(entry: Entry, said: str) -> bool:
    english = entry.plural or entry.text
    is_same = sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(said))
    return not is_same or sorted(NUMBER.findall(english)) != sorted(NUMBER.findall(said))


@each_language
def test_every_letter_has_its_shape_in_our_own_fonts(language: str) -> None:
    said = "".join(text for entry in entries(language) for text in entry.said).replace("\n", "")
    alphabet = "абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя"
    needed = {*said, *alphabet, *alphabet.upper(), "\u00a0", "\u202f", "’", "«", "»"}
    own = [set(FT2Font(str(file)).get_charmap()) for file in fonts.FILES[:2]]
    signs = {"−", "≤", "≥"}  # from the second family, as in English
    assert {
        letter for letter in needed - signs if not all(ord(letter) in charmap for charmap in own)
    } == set()
    assert fonts.printable("".join(sorted(needed))) == "".join(sorted(needed))
    assert fonts.printable("国") == fonts.NO_GLYPH


@each_language
def test_what_a_source_claimed_begins_with_the_source(language: str) -> None:
    """By this the sentences are known that may stay in a released report."""
    text = "%(source)s claimed, as of %(day)s and not verified by us: %(numbers)s."
    [entry] = [entry for entry in entries(language) if entry.text == text]
    assert entry.said[0].startswith("%(source)s")


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("uk", 1, "1 особа"),
        ("uk", 2, "2 особи"),
        ("uk", 5, "5 осіб"),
        ("uk", 11, "11 осіб"),
        ("uk", 21, "21 особа"),
        ("uk", 121_000, "121\u00a0000 осіб"),
        ("ru", 1, "1 человек"),
        ("ru", 2, "2 человека"),
        ("ru", 5, "5 человек"),
        ("ru", 11, "11 человек"),
        ("ru", 21, "21 человек"),
        ("ru", 121_003, "121\u00a0003 человека"),
    ],
)
def test_people_are_counted_in_three_forms(language: str, number: int, said: str) -> None:
    with override(language):
        assert people(number) == said


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("uk", {1: "день", 2: "дні", 5: "днів", 21: "день"}),
        ("ru", {1: "день", 2: "дня", 5: "дней", 21: "день"}),
    ],
)
def test_days_are_counted_in_three_forms(language: str, forms: dict[int, str]) -> None:
    with override(language):
        assert {days: words.age(days).split()[-1] for days in forms} == forms


@each_language
def test_no_catalogue_speaks_where_its_language_is_not_active(language: str) -> None:
    with override(language):
        assert ngettext("%(number)s person", "%(number)s people", 2) != "%(number)s people"
    assert ngettext("%(number)s person", "%(number)s people", 2) == "%(number)s people"
