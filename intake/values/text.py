"""Words as people write them: kept as they are but for blanks, and refused only where they would deceive a reader."""

import re
import unicodedata
from functools import lru_cache

from core.refusals import INVISIBLE
from core.registration import BadRegistrationNumber, format_number, parse_number
from displacement.identity.documents import is_comparable
from intake.values.reading import BadValue, Reading
from intake.values.words import VOCABULARIES, plain
from intake.workbook.marks import FORMULA, MERGED

LONGEST_TEXT = 2_000
LONGEST_NAME = 200
LONGEST_REFERENCE = 80
LONGEST_PHONE = 30
LONGEST_DOCUMENT = 40
#: How many readings of repeating cells are remembered, each reader its own.
REMEMBERED = 20_000
#: Marks without width that pasting leaves behind.
_WIDTHLESS = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
_DIGITS_LOST = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_FORMULAS = ("=", "+", "-", "@")
#: First letters of what says nothing: the words need no look where the cell begins otherwise.
_NOTHING_BEGINS = frozenset(word[0] for word in VOCABULARIES["nothing"])


def clean(text: str) -> str:
    """The cell in Unicode's composed form, without blanks around it and with single ones inside; "" where it says nothing.

    Nothing else of it changes. Raises BadValue where it is no text: an error of a spreadsheet (then blank serves instead), a
    formula without result, a cell covered by a merged one, or one with marks that nobody can see.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable() or "  " in text:
        if INVISIBLE.search(text):
            raise BadValue("invisible")
        text = " ".join(text.translate(_WIDTHLESS).split())
    text = text.strip()
    if not text or (text[0].lower() in _NOTHING_BEGINS and plain(text) in VOCABULARIES["nothing"]):
        return ""
    if text[0] == "#":
        _check_spreadsheet(text)
    # Our own files of refused rows mark so what a spreadsheet would take for a formula; so does whoever types it there.
    return text[1:] if text[0] == "'" and text[1:2] in _FORMULAS else text


def _check_spreadsheet(text: str) -> None:
    if text == FORMULA:
        raise BadValue("formula_without_result")
    if text == MERGED:
        raise BadValue("merged_cell")
    if plain(text) in VOCABULARIES["spreadsheet_error"]:
        raise BadValue("cell_error", instead="")


@lru_cache(REMEMBERED)
def _text(text: str, longest: int) -> str:
    text = clean(text)
    if len(text) > longest:
        raise BadValue("too_long")
    return text


def read_text(text: str, reading: Reading) -> str:
    """Any text of up to 2,000 characters. What looks like a formula stays text."""
    return _text(text, LONGEST_TEXT)


def read_name(text: str, reading: Reading) -> str:
    """A name in any script, of up to 200 characters, one word or many; not a number."""
    return _name(text)


@lru_cache(REMEMBERED)
def _name(text: str) -> str:
    name = _text.__wrapped__(text, LONGEST_NAME)
    if name and not any(character.isalpha() for character in name):
        raise BadValue("name_without_letters")
    return name


def read_reference(text: str, reading: Reading) -> str:
    """The partner's own number or key of a record: up to 80 characters; a number that a spreadsheet has rounded is refused."""
    reference = _text.__wrapped__(text, LONGEST_REFERENCE)
    if _DIGITS_LOST.fullmatch(reference):
        raise BadValue("digits_lost")
    return reference


def read_registration_number(text: str, reading: Reading) -> str:
    """A registration number of ours as it is printed on cards (`7K2M-QX4D`), however it was typed."""
    number = clean(text)
    if not number:
        return ""
    try:
        return format_number(parse_number(number))
    except BadRegistrationNumber as error:
        raise BadValue("registration_number") from error


def read_phone(text: str, reading: Reading) -> str:
    """A telephone number as it was written; comparing makes one of all its spellings."""
    phone = clean(text)
    if _DIGITS_LOST.fullmatch(phone):
        raise BadValue("digits_lost")
    if len(phone) > LONGEST_PHONE:
        raise BadValue("phone_too_long")
    if phone and not 5 <= sum(character.isdecimal() for character in phone) <= 16:
        raise BadValue("phone_digits")
    return phone


def read_document(text: str, reading: Reading) -> str:
    """Series and number of a document as they were written; comparing makes one of all their spellings."""
    number = clean(text)
    if _DIGITS_LOST.fullmatch(number):
        raise BadValue("digits_lost")
    if len(number) > LONGEST_DOCUMENT or (number and not is_comparable(number)):
        raise BadValue("document_number")
    return number
